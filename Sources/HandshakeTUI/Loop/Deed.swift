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
    "\(item.answer.rawValue) \(item.id.text) as \(item.account.text): "
      + result.word(item.answer, in: charset)
  }
}

extension ErrandResult {
  fileprivate func word(_ answer: Answer, in charset: Charset) -> String {
    let word = outcome.word(answer, in: charset)
    return unwritten == nil ? word : word + " (not recorded in the journal)"
  }
}

extension ErrandOutcome {
  fileprivate func word(_ answer: Answer, in charset: Charset) -> String {
    switch self {
    case .done(_, nil): answer.participle
    case .done: "\(answer.participle), by this or another session"
    case .refused(let error, _): "refused: \(Explanation(error, in: charset).why)"
    case .notSent: "not sent"
    case .heldBack(let cause): "not sent: \(cause.brief)"
    case .notApplied(let state?, _):
      "sent, but not applied: \(state.isTerminal ? "it is" : "still") \(state.word(in: charset))"
    case .notApplied(nil, _): "sent, but not applied"
    case .unknown: "UNKNOWN: do not send it again; see handshake journal"
    case .notTried: "not sent"
    }
  }
}

extension Model.State {
  fileprivate func word(in charset: Charset) -> String {
    Sanitiser.render(wireName, for: .cell, in: charset)
  }
}
