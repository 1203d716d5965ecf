import ArgumentParser
import Model
import Review
import Text

/// A command of this program: its options, and its work with the resulting settings.
protocol Subcommand: ParsableCommand {
  static var signals: SignalPolicy { get }
  var root: HandshakeCommand { get }
  var global: GlobalOptions { get }

  /// Checks the options beyond what the parser checks.
  ///
  /// - Throws: `CommandFailure` with status `usage` for an invalid command line, or another one
  ///   when a file that an option names cannot be used.
  func check() throws(CommandFailure)

  /// Runs the command, and returns the status with which the program exits.
  ///
  /// - Throws: `CommandFailure` with the status and the message when the command fails.
  func perform(_ run: CommandContext) throws(CommandFailure) -> Status
}

extension Subcommand {
  static var signals: SignalPolicy { .plain }

  func check() throws(CommandFailure) {}

  /// The shared options, from before and after the command word.
  var shared: GlobalOptions { global.over(root.global) }
}

extension CommandFailure {
  init(_ status: Status, _ explanation: Explanation) {
    let why = [explanation.why, explanation.requestID.map { "(request \($0))" } ?? ""]
      .filter { !$0.isEmpty }.joined(separator: " ")
    self.init(
      status, explanation.what, why: why.isEmpty ? nil : why,
      remedy: explanation.remedy.isEmpty ? nil : explanation.remedy)
  }

  /// Describes a failed request, with AWS's own error name and reason.
  init(_ error: BackendError, _ ink: Ink) {
    self.init(
      error.applied == .unknown ? .unknown : .failed, Explanation(error, in: ink.charset))
  }

  init(_ fault: JournalFault, _ ink: Ink) {
    self.init(.failed, Explanation(fault, in: ink.charset))
  }
}

extension Status {
  init(_ status: AnswerStatus) {
    self =
      switch status {
      case .done: .done
      case .failed: .failed
      case .partly: .partly
      case .refused: .refused
      case .unknown: .unknown
      }
  }
}
