import Model
import ReviewAnswering
import ReviewInbox
import ReviewJournal
import Text

/// What was sent and what is unresolved, as it is printed when the screens or a command end.
public struct ExitSummary: Hashable, Sendable {
  /// The answers of all runs, in the order of sending, with those that were not tried.
  public var answers: [SentAnswer]

  /// Creates a summary of these answers.
  public init(_ answers: [SentAnswer]) {
    self.answers = answers
  }

  /// Returns one line for each answer: the handshake, the account and the outcome (UX-16.6).
  public func lines(in charset: Charset) -> [String] {
    answers.map { $0.line(in: charset) }
  }

  /// The ids of the answers that were not tried, in a line; nil if there are none.
  public var untried: String? {
    let ids = answers.filter(\.result.outcome.isUntried).map(\.item.id.text)
    return ids.isEmpty ? nil : "not sent: \(ids.joined(separator: " "))"
  }

  /// Returns a sentence about unresolved attempts; nil if there are none.
  public static func words(unresolved attempts: [OpenIntent]) -> String? {
    guard let first = attempts.first else { return nil }
    let more = attempts.count > 1 ? " and \(attempts.count - 1) more" : ""
    return "attempt \(first.intent.id.text) as \(first.intent.account.text)\(more) is unresolved: "
      + "see handshake journal; accept, decline and cancel check its outcome first"
  }
}

extension JournalHead {
  /// The journal's last number and hash, which show later whether its end was cut off.
  public var words: String { "journal \(sequence) \(hash.text)" }
}

extension AnswerFlow.Entry {
  /// The answer and its result; nil if it was not to be sent.
  public var sent: SentAnswer? {
    if case .ended(let line, let result) = self {
      SentAnswer(item: line.item, result: result)
    } else {
      nil
    }
  }
}

extension SentAnswer {
  /// Returns one line: the answer, the handshake, the account and the outcome.
  fileprivate func line(in charset: Charset) -> String {
    let outcome = result.outcome.lineWords(for: item.answer, Formatter(charset: charset))
    return "\(item.answer.rawValue) \(item.id.text) as \(item.account.text): \(outcome)"
      + (result.unwritten == nil ? "" : " (not recorded in the journal)")
  }
}
