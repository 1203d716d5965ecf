import Drawing
import Model
import Review

/// How the last attempt on a handshake ended, as far as a row must not look untried.
enum LastResult: Hashable, Sendable {
  case none
  /// The service refused it, it was not sent, or it was sent and not applied.
  case failed
  /// A rule of ours held it back.
  case held
  /// Nobody knows: nothing more is sent for it before that is known.
  case unknown

  /// As the first column of a list shows it.
  var mark: String {
    switch self {
    case .none: "."
    case .failed: "F"
    case .held: "H"
    case .unknown: "?"
    }
  }
}

extension State {
  /// Of this session, and of earlier ones what is still unresolved.
  func lastResult(of id: HandshakeID) -> LastResult {
    if inbox.attempts(id).contains(where: { !($0.outcome?.isEnd ?? false) }) { return .unknown }
    return switch results[id]?.result.outcome {
    case nil, .done, .notTried: .none
    case .refused, .notSent, .notApplied: .failed
    // What was unknown is unknown only as long as the journal has no end for it.
    case .unknown(_, let attempt): journal.isResolved(attempt) ? .failed : .unknown
    case .heldBack(.openIntent(let attempt)): journal.isResolved(attempt) ? .held : .unknown
    case .heldBack: .held
    }
  }

  /// The result of the last attempt in words; nil when the row is untried or was answered.
  func lastResultLine(of id: HandshakeID) -> Line? {
    let last = lastResult(of: id)
    guard last != .none else { return nil }
    let attempt = inbox.attempts(id).last { !($0.outcome?.isEnd ?? false) }
    if last == .unknown, let attempt {
      return Line("? UNRESOLVED  ", .danger, bold: true)
        + Line("attempt \(attempt.intent.id.text) has no known outcome: do not send again", .danger)
    }
    guard let entry = results[id] else { return nil }
    let words = Explanation(entry.result.outcome, of: .answer(entry.item), in: launch.charset)
    return Line("\(last.mark) ", .danger, bold: true) + resultLine(entry.result)
      + Line(": \(words.why)", .danger)
  }
}

extension JournalState {
  /// Whether the journal as it was last read has an end for an attempt.
  fileprivate func isResolved(_ id: IntentID) -> Bool {
    records.contains { record in
      if case .outcome(id, let outcome) = record.event { outcome.isEnd } else { false }
    }
  }
}
