import Drawing
import Model
import Review

/// The result of each answer that was sent, and what is left to do.
struct OutcomeScreen: Equatable, Sendable {
  struct Entry: Equatable, Sendable {
    var item: PlanItem
    var result: ErrandResult
    /// Who the account was before.
    var before: Identity?
  }

  var entries: [Entry]
  /// Answers that were passed over while they were confirmed; they stay in the plan.
  var skipped: [PlanItem] = []
  var stopped: StopCause?
  /// The confirmation that follows, when the plan is not through.
  var next: ReviewDialog?
  var scroll = 0

  /// The number of answers with each result, in the order of the entries: `3 accepted, 4 refused`.
  var counts: String {
    var order: [String] = []
    var numbers: [String: Int] = [:]
    let words = entries.map { $0.result.outcome.countWord(for: $0.item.answer) }
    for word in words + skipped.map({ _ in "skipped" }) {
      if numbers[word] == nil { order.append(word) }
      numbers[word, default: 0] += 1
    }
    return order.map { "\(numbers[$0] ?? 0) \($0)" }.joined(separator: ", ")
  }
}

extension State {
  /// After a run: the results so far. What is still to be confirmed is asked for when they were seen.
  mutating func showResults(of review: ReviewDialog) -> [Effect] {
    open(
      .outcome(
        OutcomeScreen(
          entries: review.earlier, skipped: review.skipped, next: review.following)))
  }

  mutating func press(_ key: Key, in outcome: OutcomeScreen) -> [Effect] {
    let command = Command.bound(to: [key], in: .outcome)
    if let effects = pressAnywhere(command) { return effects }
    switch command {
    case .look(.back), .look(.outward), .program(.quit):
      let effects = back() ?? []
      if let next = outcome.next {
        let left = next.sheet.steps.count - next.step
        notice = Notice("\(left) not confirmed and not sent: still in the plan")
      }
      return effects
    case .send(.review):
      return outcome.next.map { openStep($0) } ?? []
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
