import Model
import Review

extension State {
  /// Time has passed: a grace may be over.
  mutating func tick(isSeen: Bool) -> [Effect] {
    if inbox.isTimed {
      holdFocus()
      inbox.refilter(at: now, onlyTimed: true)
      settleFocus()
    }
    // Who does not see that it counts down does not stop it.
    return isSeen ? confirmOpenReview(.tick) : stopGrace()
  }

  /// Stops what is armed, when the operator cannot see it any more.
  mutating func stopGrace() -> [Effect] {
    guard case .review(let review) = dialog, review.isInGrace else { return [] }
    return confirm(review, .other)
  }

  /// Hands an event that is no key to the review, if one is open.
  mutating func confirmOpenReview(_ event: Challenge.Event) -> [Effect] {
    guard case .review(let review) = dialog else { return [] }
    return confirm(review, event)
  }

  /// Closes an open review for a reason that is not the operator's. The plan is kept.
  mutating func closeReview(_ reason: String) -> [Effect] {
    guard case .review(let review) = dialog else { return [] }
    return endConfirmation(review, Notice("\(reason); the plan is kept", .refusal))
  }

  mutating func reconciled(_ token: Token, _ findings: [Reconciler.Finding]) -> [Effect] {
    guard requests.end(token) == .reconciliation, !findings.isEmpty else { return [] }
    let known = findings.count(where: \.outcome.isEnd)
    let open = findings.count - known
    var text = "earlier session: found out what became of \(known) "
    text += known == 1 ? "request" : "requests"
    if open > 0 { text += "; \(open) still unknown, do not send again" }
    notice = Notice(text, open > 0 ? .fault : .news)
    return [.readJournal(requests.begin(.journal))]
  }
}
