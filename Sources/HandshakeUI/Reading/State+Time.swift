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
    guard case .review(let review) = dialog, let until = review.confirmation?.nextTick else {
      return []
    }
    // Who does not see that it counts down does not stop it.
    guard isSeen else { return confirm(review, .other) }
    // The machine slept through the grace: nobody could have stopped it.
    let late = uptime.milliseconds - until.milliseconds
    return late > Self.longestDelay.milliseconds ? stopGrace() : confirm(review, .tick)
  }

  private static var longestDelay: Span { .seconds(5) }

  /// Stops what is armed, when the operator cannot see it any more.
  mutating func stopGrace() -> [Effect] {
    guard case .review(let review) = dialog, review.isInGrace else { return [] }
    return confirm(review, .other)
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
