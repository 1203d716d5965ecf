import Model
import ReviewAnswering
import ReviewInbox
import ReviewJournal
import Text

// The outcomes of requests and recorded attempts in a few words. `Explanation` has the sentences.

extension WriteOutcome {
  /// Returns the word that follows a count of such outcomes, such as `accepted` or `refused`.
  public func countWord(for answer: Answer) -> String {
    switch self {
    case .done: answer.participle
    case .refused: "refused"
    case .notSent, .heldBack, .notTried: "not sent"
    case .notApplied: "not applied"
    case .unknown: "UNKNOWN"
    }
  }

  /// Returns the outcome for a cell of a table on the screen, and a remark that follows it.
  public func cellWords(_ formatter: Formatter) -> (text: String, remark: String) {
    switch self {
    case .done(let handshake, let proof):
      (
        "done \(handshake?.state.map { formatter.name($0) } ?? "")",
        proof == nil ? "" : " (confirmed by reading)"
      )
    case .refused: ("FAIL refused", "")
    case .notSent: ("FAIL not sent", "")
    case .heldBack(let cause): ("Not sent: \(cause.brief)", "")
    case .notApplied(let state, _):
      ("FAIL sent, not applied" + (state.map { ": \(formatter.name($0))" } ?? ""), "")
    case .unknown: ("????  OUTCOME UNKNOWN", "")
    case .notTried: ("--   not sent", "")
    }
  }

  /// Returns the outcome at the end of a line in the scrollback.
  func lineWords(for answer: Answer, _ formatter: Formatter) -> String {
    switch self {
    case .done(_, nil): answer.participle
    case .done: "\(answer.participle), by this or another session"
    case .refused(let error, _): "refused: \(Explanation(error, in: formatter.charset).why)"
    case .notSent, .notTried: "not sent"
    case .heldBack(let cause): "not sent: \(cause.brief)"
    case .notApplied(let state?, _):
      "sent, but not applied: \(state.isTerminal ? "it is" : "still") "
        + formatter.cell(state.wireName)
    case .notApplied(nil, _): "sent, but not applied"
    case .unknown: "UNKNOWN: do not send it again; see handshake journal"
    }
  }
}

extension PreflightFailure {
  /// The cause in a few words, to follow `not sent: `.
  public var brief: String {
    switch self {
    case .changed: "it changed"
    case .damaged: "its record is damaged"
    case .settled: "it is no longer pending"
    case .expiring: "it expires too soon"
    case .callerChanged: "the credentials changed"
    case .membershipChanged: "the account's organization changed"
    case .trustChanged: "its trust changed"
    case .rulesUnreadable: "the trust list cannot be read"
    case .unreadable: "reading it again failed"
    case .openIntent: "an earlier attempt is unresolved"
    case .stale: "the data read before sending was too old"
    case .heldElsewhere: "another session is sending"
    case .noBackend: "this session cannot send"
    case .journal: "the journal cannot be used"
    }
  }
}

extension IntentOutcome {
  /// The outcome for a cell of the Audit view.
  public var cellWords: String {
    switch self {
    case .done: "applied"
    case .doneLater: "confirmed"
    case .refused: "refused"
    case .notSent: "not sent"
    case .unknown: "UNKNOWN"
    case .notApplied: "not applied"
    }
  }

  /// Returns the outcome for a line of a timeline.
  public func lineWords(_ formatter: Formatter) -> String {
    switch self {
    case .done: "done"
    case .doneLater: "confirmed later"
    case .refused(let refusal): "refused: \(formatter.exact(refusal.code))"
    case .notSent: "not sent"
    case .unknown: "unknown"
    case .notApplied(let state):
      "not applied\(state.map { ", \(formatter.name($0))" } ?? "")"
    }
  }

  /// Returns the outcome with everything that is recorded of it, for `handshake journal`.
  public func words(_ formatter: Formatter) -> String {
    switch self {
    case .notSent(let text): return "not sent: " + formatter.full(text)
    case .done(let id): return "done" + (id.map { ", as \($0.text)" } ?? "")
    case .refused(let refusal):
      let names = [refusal.code, refusal.reason].compactMap { $0.map { formatter.full($0) } }
      return "refused: " + names.joined(separator: " ")
    case .unknown(let doubt, let closed):
      return "unknown\(closed ? ", for good" : ""). \(doubt.words)"
    case .doneLater(let proof, _): return "done. \(proof.words)"
    case .notApplied(let state):
      return "not applied" + (state.map { ", it is " + formatter.full($0.wireName) } ?? "")
    }
  }

  /// Returns the result of one reading that looks for the outcome.
  func readingWords(in charset: Charset) -> String {
    switch self {
    case .notApplied(let state?):
      "still \(Sanitiser.render(state.wireName, for: .dialog, in: charset))"
    case .notApplied(nil): "not among those sent"
    case .unknown(.oddState, _): "in a state that is not known here"
    case .unknown(.gone, _): "no such handshake"
    case .unknown: "it failed"
    case .done, .doneLater: "done"
    case .refused, .notSent: "not done"
    }
  }
}

extension IntentOutcome? {
  /// Returns the outcome for a line of a timeline; nil is an attempt without one.
  public func lineWords(_ formatter: Formatter) -> String {
    map { $0.lineWords(formatter) } ?? "unresolved"
  }
}

extension RunNews.Stage {
  /// Returns the stage for a cell of a table, with the time that is left to wait.
  public func cellWords(waiting left: Span) -> String {
    switch self {
    case .waiting(_, .pace): "AWS rate limit: in \(left.wholeSeconds) s"
    case .waiting(_, .retry): "not sent: trying again in \(left.wholeSeconds) s"
    case .waiting(_, .reconcile(let inquiry)): inquiry.shortWords(waiting: left)
    case .reconciling(let inquiry): inquiry.shortWords(waiting: nil)
    case .checking: "reading before sending"
    case .sending: "SENDING"
    }
  }

  /// Returns why a command waits, in a clause; nil for a stage that it does not report.
  public func words(in charset: Charset) -> String? {
    switch self {
    case .waiting(let span, .pace): "waiting \(span.wholeSeconds) s for AWS's rate limit"
    case .waiting(let span, .retry):
      "waiting \(span.wholeSeconds) s to try again: it was not sent"
    case .waiting(let span, .reconcile(let inquiry)): inquiry.words(waiting: span, in: charset)
    case .checking, .sending, .reconciling: nil
    }
  }

  /// The stage in a word or two, for the log.
  public var name: String {
    switch self {
    case .waiting: "waiting"
    case .checking: "checking"
    case .sending: "sending"
    case .reconciling(let inquiry): "reading \(inquiry.reading) of \(inquiry.limit)"
    }
  }
}
