import Model
import Review
import Text

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
