import Drawing
import Model
import Review

/// What became of what was sent, and what is left to do.
struct OutcomeScreen: Equatable, Sendable {
  struct Entry: Equatable, Sendable {
    var item: PlanItem
    var result: ErrandResult
    /// Who the account was before.
    var before: Identity?
  }

  var entries: [Entry]
  var stopped: StopCause?
  var scroll = 0
}

extension State {
  mutating func press(_ key: Key, in outcome: OutcomeScreen) -> [Effect] {
    let command = Command.bound(to: [key], in: .outcome)
    if let effects = pressAnywhere(command) { return effects }
    switch command {
    case .look(.back), .look(.outward), .program(.quit): return back() ?? []
    case .move(let move):
      var outcome = outcome
      let count = outcomeLines(outcome, columns: size.columns).count
      // Without the two title lines and the keys.
      let rows = max(1, size.rows - 3)
      outcome.scroll = outcome.scroll.scrolled(move.distance(page: rows), of: count, in: rows)
      dialog = .outcome(outcome)
      return []
    default:
      notice = Notice(Command.reasonNotBound([key], in: .outcome), .refusal)
      return []
    }
  }
}
