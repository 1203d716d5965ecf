import Model
import Review
import Text

/// One answer that was to be sent, and what became of it: for the scrollback after the screens.
struct Deed: Hashable, Sendable {
  var item: PlanItem
  var result: ErrandResult
}

extension Deed {
  /// One line: what, which, as whom, and the outcome.
  func line(in charset: Charset) -> String {
    "\(item.answer.rawValue) \(item.id.text) as \(item.account.text): \(result.word(in: charset))"
  }
}

extension ErrandResult {
  fileprivate func word(in charset: Charset) -> String {
    let word = outcome.word(in: charset)
    return unwritten == nil ? word : word + " (but not in the journal)"
  }
}

extension ErrandOutcome {
  fileprivate func word(in charset: Charset) -> String {
    switch self {
    case .done(_, nil): "done"
    case .done: "done, by this or another session"
    case .refused(let error, _): "refused: \(Explanation(error, in: charset).why)"
    case .notSent: "not sent"
    case .heldBack: "held back, nothing sent"
    case .notApplied(let state?, _):
      "sent, not applied: \(state.isTerminal ? "it is" : "still") \(state.word(in: charset))"
    case .notApplied(nil, _): "sent, not applied"
    case .unknown: "UNKNOWN: do not send it again; handshake journal tells"
    case .notTried: "not tried"
    }
  }
}

extension Model.State {
  fileprivate func word(in charset: Charset) -> String {
    Sanitiser.render(wireName, for: .cell, in: charset)
  }
}
