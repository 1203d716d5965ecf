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
    case .look(.back), .program(.quit): return back() ?? []
    case .move(let move):
      var outcome = outcome
      let last = max(0, outcomeLines(outcome, columns: size.columns).count - 1)
      outcome.scroll = min(
        max(0, outcome.scroll + move.distance(page: max(1, size.rows - 4))), last)
      dialog = .outcome(outcome)
      return []
    default: return []
    }
  }
}
