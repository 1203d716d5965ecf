import AWSBackend
import Model

/// The world around one run of the program, so that a test can make another.
struct Surroundings: Sendable {
  /// The command line without the program's name.
  var arguments: [String] = []
  var environment: [String: String]
  var console: any Console
  var time: any TimeSource
  var random: any RandomSource
  /// What standard input held, where it was read before the command began.
  var document: [UInt8]?
  /// To AWS; nothing is loaded before the first request.
  var transport: any HTTPTransport = CurlTransport()
  /// Asks the operator for what a login needs, on the terminal until the screens take it.
  var dialogue = DialogueSwitch()
  /// The AWS CLI's files that others may change.
  var doubtfulFiles = DoubtfulFiles()
}
