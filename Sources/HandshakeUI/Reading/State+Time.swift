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
    let known = findings.filter(\.outcome.isEnd)
    let open = findings.count - known.count
    var parts: [String] = []
    if known.count == 1 {
      parts += known.map { "Resolved from an earlier session: \($0.words(in: launch.charset))" }
    } else if !known.isEmpty {
      parts.append("Resolved from an earlier session: \(known.count) attempts (5: audit)")
    }
    if open > 0 { parts.append("\(open) unresolved from an earlier session: do not send again") }
    let text = parts.joined(separator: "; ")
    notice = Notice(text, open > 0 ? .fault : .news)
    return [.readJournal(requests.begin(.journal))]
  }
}
