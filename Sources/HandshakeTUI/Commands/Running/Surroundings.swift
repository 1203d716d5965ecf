import Model

/// The world around one run of the program, so that a test can make another.
struct Surroundings: Sendable {
  var environment: [String: String]
  var console: any Console
  var time: any TimeSource
  var random: any RandomSource
}
