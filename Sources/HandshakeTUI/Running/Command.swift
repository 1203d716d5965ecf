import ArgumentParser
import Model
import Review
import Text

/// A command of this program: its options, and what it does with the settings made of them.
protocol Command: ParsableCommand {
  static var signals: SignalManner { get }
  var root: HandshakeCommand { get }
  var everywhere: Everywhere { get }

  /// What is wrong with how it was called, beyond what the parser sees.
  func check() throws(CommandFailure)

  func perform(_ run: Invocation) throws(CommandFailure) -> Status
}

extension Command {
  static var signals: SignalManner { .plain }

  func check() throws(CommandFailure) {}

  /// The shared options, from before and after the command word.
  var shared: Everywhere { everywhere.over(root.everywhere) }
}

extension CommandFailure {
  init(_ status: Status, _ explanation: Explanation) {
    let why = [explanation.why, explanation.requestID.map { "(request \($0))" } ?? ""]
      .filter { !$0.isEmpty }.joined(separator: " ")
    self.init(
      status, explanation.what, why: why.isEmpty ? nil : why,
      remedy: explanation.remedy.isEmpty ? nil : explanation.remedy)
  }

  /// A call that did not succeed, with AWS's own name and reason in it.
  init(_ error: BackendError, _ ink: Ink) {
    self.init(
      error.applied == .unknown ? .unknown : .failed, Explanation(error, in: ink.charset))
  }

  init(_ fault: JournalFault, _ ink: Ink) {
    self.init(.failed, Explanation(fault, in: ink.charset))
  }
}
