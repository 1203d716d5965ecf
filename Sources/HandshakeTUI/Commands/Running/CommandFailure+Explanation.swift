import Model
import Review
import Text

extension CommandFailure {
  init(_ status: Status, _ explanation: Explanation) {
    let request = explanation.requestID.map { " (request \($0))" } ?? ""
    self.init(
      status, explanation.what, why: explanation.why + request,
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
