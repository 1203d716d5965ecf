import Drawing
import Model
import ReviewAnswering
import ReviewInbox
import ReviewJournal
import ReviewWording
import Text

/// What is told of a handshake below its tree: effects, checks, outcome, timeline.
struct HandshakeSections {
  /// The parts in their order; a part without lines is left out.
  enum Section: Hashable, CaseIterable, Sendable {
    case damage
    case effects
    case checks
    case refusals
    case timeline
    case legend
  }

  let session: Session
  let row: Row

  private var inbox: Inbox { session.inbox }
  private var charset: Charset { session.launch.charset }
  private var format: Formatter { session.format }
  private var labels: Labels { session.labels }

  /// The answer that is explained: the planned one, or the recipient's accept, or the sender's
  /// cancel.
  var answer: Answer {
    if let id = row.id, let planned = session.plan[id] { return planned.answer }
    let now = session.now
    if case .open = inbox.standing(.accept, of: row, at: now) { return .accept }
    if case .open = inbox.standing(.cancel, of: row, at: now) { return .cancel }
    return .accept
  }

  /// Returns the identity of the account that would answer, if it is known.
  func acting(_ answer: Answer) -> Identity? {
    row.actor(for: answer).flatMap { inbox.identity($0) }
  }

  private func checks(of answer: Answer) -> [Check] {
    Check.all(answer, to: row, in: inbox, with: session.plan, at: session.now)
  }

  func title(of section: Section) -> String {
    let answer = answer
    switch section {
    case .damage: return "DAMAGE"
    case .effects: return "WHAT \(answer.rawValue.uppercased()) DOES"
    case .checks where row.isClosed: return "OUTCOME"
    case .checks:
      let checks = checks(of: answer)
      let passed = checks.count { $0.verdict == .passed }
      return "CHECKS \(passed)/\(checks.count) for \(answer.rawValue)"
    case .refusals: return "AWS MAY REFUSE IF (cannot be checked here)"
    case .timeline: return "TIMELINE"
    case .legend: return "LEGEND"
    }
  }

  func lines(of section: Section) -> [Line] {
    switch section {
    case .damage:
      row.handshake.damageWords(in: charset).map { Line("!!  ", .danger) + labels.line(of: $0) }
    case .effects: effectLines
    case .checks: checkLines
    case .refusals: refusalLines
    case .timeline: timelineLines
    case .legend: Self.legend
    }
  }

  private static let legend = [
    Line("~ ", .sender) + Line("text written by the sender, not verified", .quiet)
  ]

  var effectLines: [Line] {
    if let why = row.handshake.withheldEffects { return [Line(why, .warning)] }
    guard row.handshake.isPending else { return [Line("none: it has ended", .quiet)] }
    let answer = answer
    guard let identity = acting(answer) else {
      let why =
        session.launch.backend == .document
        ? "the document does not contain the account's organization"
        : "the recipient is not one of your accounts"
      return [Line("unknown: \(why)", .quiet)]
    }
    let effects = Consequences(
      answer, to: row.handshake, as: identity, trust: inbox.trustList
    ).effects
    return effects.map { effect in
      Line(effect.label.padded(to: 9), .heading) + Line(effect.words(in: charset))
    }
  }

  /// The checks before the answer, or the outcome of an ended handshake.
  var checkLines: [Line] {
    if row.isClosed { return outcomeLines }
    let answer = answer
    return checks(of: answer).map { check in
      check.verdict.mark + Line(check.words(in: charset))
    }
  }

  private var refusalLines: [Line] {
    let answer = answer
    guard row.handshake.isPending, let identity = acting(answer) else { return [] }
    let consequences = Consequences(
      answer, to: row.handshake, as: identity, trust: inbox.trustList)
    return consequences.mayBeRefused.map { Line("? ", .warning) + Line($0.words) }
  }

  /// How a handshake ended and what the journal knows about it; AWS does not say who ended
  /// it.
  private var outcomeLines: [Line] {
    guard let state = row.handshake.state else { return [] }
    var lines = [Line(format.name(state), .plain, bold: true) + Line(closing, .quiet)]
    guard let id = row.id else { return lines }
    if let attempt = inbox.appliedAttempt(id), attempt.intent.answer?.target == state {
      let time = format.minute((attempt.outcomeMoment ?? attempt.moment).time)
      let reason = attempt.intent.reason.map { ": ~ \(format.cell($0))" } ?? ""
      lines.append(Line("\(time) by \(format.exact(attempt.who.name))\(reason)"))
    } else if state != .expired {
      lines.append(
        Line("AWS does not tell who did it or when; the journal has no such answer", .quiet))
    }
    lines += inbox.attempts(id).filter { !($0.outcome?.isApplied ?? false) }.map { attempt in
      let what = attempt.intent.answer?.rawValue ?? "sending"
      return Line(
        "\(format.minute(attempt.moment.time))  \(what) by \(format.exact(attempt.who.name)): "
          + attempt.outcome.lineWords(format), .quiet)
    }
    return lines
  }

  private var closing: String {
    switch row.handshake.state {
    case .expired?: row.handshake.expires.map { " at \(format.minute($0)): nobody answered" } ?? ""
    case .accepted?: " by the recipient"
    case .declined?: " by the recipient"
    case .canceled?: " by the sender or by AWS"
    default: ""
    }
  }

  /// The events in chronological order, past and future.
  private var timelineLines: [Line] {
    let handshake = row.handshake
    var events: [(time: Timestamp, text: String)] = []
    func add(_ instant: Timestamp?, _ text: String) {
      if let instant { events.append((instant, text)) }
    }
    add(handshake.requested, "requested")
    for attempt in row.id.map({ inbox.attempts($0) }) ?? [] {
      let who = format.exact(attempt.who.name)
      let what = attempt.intent.answer?.rawValue ?? "sending"
      let reason = attempt.intent.reason.map { ": ~ \(format.cell($0))" } ?? ""
      add(attempt.moment.time, "\(what) by \(who)\(reason)  \(attempt.outcome.lineWords(format))")
    }
    if row.origin == .service { add(row.read, "read from the service") }
    if !row.isClosed, let actor = acting(answer),
      let end = actor.credentialsEnd
    {
      add(
        end,
        "the login of \(labels.name(of: actor.account)) \(end <= session.now ? "ended" : "ends")")
    }
    // An answered handshake does not expire.
    if !row.isClosed || handshake.state == .expired {
      add(
        handshake.expires,
        handshake.expires.map { $0 <= session.now } ?? false ? "expired" : "expires")
    }
    let ordered = events.enumerated().sorted {
      ($0.element.time, $0.offset) < ($1.element.time, $1.offset)
    }
    return ordered.map { _, event in
      let local = format.local(event.time).map { " (\($0))" } ?? ""
      return Line("\(format.minute(event.time))\(local)  ", .quiet) + Line(event.text)
    }
  }
}

extension Row {
  /// Whether the handshake is in a final state.
  var isClosed: Bool { handshake.state?.isTerminal ?? false }
}

extension Check.Verdict {
  var mark: Line {
    switch self {
    case .passed: Line("ok  ", .good)
    case .attention: Line("!!  ", .warning, bold: true)
    case .failed: Line("NO  ", .danger, bold: true)
    }
  }
}
