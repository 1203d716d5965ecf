import Drawing
import Model
import ReviewAnswering
import ReviewInbox
import ReviewJournal
import ReviewWording
import Text

/// One answer that was sent or tried, with its result.
struct AnswerResult: Equatable, Sendable {
  var item: PlanItem
  var result: WriteResult
  /// The account's identity before the run.
  var before: Identity?
}

/// The answers beside the plan: those of earlier sessions, and those that this session has sent.
struct AnswerHistory: Equatable, Sendable {
  /// The answers planned in an earlier session, until the rows are known.
  var kept: [StagedAnswer] = []
  /// The reason typed so far, kept when a review is closed before anything was sent.
  var reason: [UInt8] = []
  /// The answers sent in this session.
  var sent: [AnswerResult] = []
  /// The last answer sent for each handshake.
  var last: [HandshakeID: AnswerResult] = [:]
}

/// A plan on its way through its confirmations, one after the other (UX-4.1).
struct ReviewProgress: Equatable, Sendable {
  let sheet: ReviewSheet
  /// The index of the sheet's step that is being confirmed, sent, or was sent.
  let step: Int
  /// The results of the answers sent so far.
  var earlier: [AnswerResult] = []
  /// The answers of skipped steps; they stay in the plan.
  var skipped: [PlanItem] = []
  /// The reason, given once and offered again in the next step.
  var reason: [UInt8] = []

  var current: ReviewSheet.Step { sheet.steps[step] }

  var isAlone: Bool {
    if case .alone = current { true } else { false }
  }

  /// The answer that is confirmed alone; nil if the step confirms several together.
  var line: ReviewSheet.Line? {
    guard case .alone(let item, _) = current else { return nil }
    return sheet.alone.first { $0.item.id == item.id }
  }

  /// The next step of the same plan; nil after the last.
  var following: ReviewProgress? {
    guard sheet.steps.indices.contains(step + 1) else { return nil }
    return ReviewProgress(
      sheet: sheet, step: step + 1, earlier: earlier, skipped: skipped, reason: reason)
  }

  /// The number of steps from this one to the last.
  var stepsLeft: Int { sheet.steps.count - step }

  /// Whether this step can be skipped without ending the others.
  var canSkip: Bool { isAlone && following != nil }
}

/// The result of the last attempt on a handshake, for rows that must not look untried.
enum LastResult: Hashable, Sendable {
  case none
  /// The service refused it, it was not sent, or it was sent and not applied.
  case failed
  /// A rule of this program held it back.
  case held
  /// The outcome is unknown; nothing more is sent for the handshake until it is known.
  case unknown

  /// Returns the last result of this session, or an unresolved attempt of any session.
  init(of id: HandshakeID, in session: Session) {
    if session.inbox.attempts(id).contains(where: { !($0.outcome?.isEnd ?? false) }) {
      self = .unknown
      return
    }
    self =
      switch session.answers.last[id]?.result.outcome {
      case nil, .done, .notTried: .none
      case .refused, .notSent, .notApplied: .failed
      // An unknown outcome stays unknown only until the journal has a final outcome for the
      // attempt.
      case .unknown(_, let attempt): session.journal.isResolved(attempt) ? .failed : .unknown
      case .heldBack(.openIntent(let attempt)):
        session.journal.isResolved(attempt) ? .held : .unknown
      case .heldBack: .held
      }
  }

  /// The mark in the first column of a list.
  var mark: String {
    switch self {
    case .none: "."
    case .failed: "F"
    case .held: "H"
    case .unknown: "?"
    }
  }

  /// Returns the last result in words; nil if the handshake is untried or was answered.
  static func line(of id: HandshakeID, in session: Session) -> Line? {
    let last = LastResult(of: id, in: session)
    guard last != .none else { return nil }
    let attempt = session.inbox.attempts(id).last { !($0.outcome?.isEnd ?? false) }
    if last == .unknown, let attempt {
      return Line("? UNRESOLVED  ", .danger, bold: true)
        + Line("attempt \(attempt.intent.id.text) has no known outcome: do not send again", .danger)
    }
    guard let sent = session.answers.last[id] else { return nil }
    let charset = session.launch.charset
    let words = Explanation(sent.result.outcome, of: .answer(sent.item), in: charset)
    return Line("\(last.mark) ", .danger, bold: true) + sent.result.line(session.format)
      + Line(": \(words.why)", .danger)
  }
}

extension WriteResult {
  /// Returns the result in a few words.
  func line(_ format: Formatter) -> Line {
    let words = outcome.cellWords(format)
    let role: Role =
      switch outcome {
      case .done: .good
      case .notTried: .warning
      case .refused, .notSent, .heldBack, .notApplied, .unknown: .danger
      }
    if case .unknown = outcome { return Line(words.text, role, bold: true) }
    return Line(words.text, role) + Line(words.remark)
  }

  /// Returns what happened to an answer, why, and the remedy.
  func explained(_ item: PlanItem, in charset: Charset, width: Int) -> [Line] {
    let words = Explanation(outcome, of: .answer(item), in: charset)
    var lines = Line(words.what, outcome.isDone ? .good : .danger).wrapped(to: width)
    if !words.why.isEmpty { lines += Line(words.why).wrapped(to: width) }
    if !words.remedy.isEmpty {
      lines += (Line("remedy: ", .heading) + Line(words.remedy)).wrapped(to: width, indent: 2)
    }
    if let id = words.requestID { lines.append(Line("request id \(id)", .quiet)) }
    if let fault = unwritten {
      lines += Line(Explanation(fault, in: charset).why, .danger).wrapped(to: width)
    }
    return lines
  }
}
