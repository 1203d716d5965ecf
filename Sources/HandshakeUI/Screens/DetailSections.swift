import Drawing
import Model
import ReviewAnswering
import ReviewInbox
import ReviewJournal
import ReviewWording
import Text

// The sections of the detail below the tree.

extension State {
  /// Returns the answer that the detail explains: the planned one, or the recipient's accept, or
  /// the sender's cancel.
  func answerInQuestion(_ row: Row) -> Answer {
    if let id = row.id, let planned = plan[id] { return planned.answer }
    if case .open = inbox.standing(.accept, of: row, at: now) { return .accept }
    if case .open = inbox.standing(.cancel, of: row, at: now) { return .cancel }
    return .accept
  }

  /// Returns the identity of the account that would answer, if it is known.
  func acting(_ answer: Answer, on row: Row) -> Identity? {
    row.actor(for: answer).flatMap { inbox.identity($0) }
  }

  func title(of section: EntryID.Section, _ row: Row) -> String {
    let answer = answerInQuestion(row)
    switch section {
    case .damage: return "DAMAGE"
    case .effects: return "WHAT \(answer.rawValue.uppercased()) DOES"
    case .checks where row.isClosed: return "OUTCOME"
    case .checks:
      let checks = Check.all(answer, to: row, in: inbox, with: plan, at: now)
      let passed = checks.count { $0.verdict == .passed }
      return "CHECKS \(passed)/\(checks.count) for \(answer.rawValue)"
    case .refusals: return "AWS MAY REFUSE IF (cannot be checked here)"
    case .timeline: return "TIMELINE"
    case .legend: return "LEGEND"
    }
  }

  func lines(of section: EntryID.Section, _ row: Row) -> [Line] {
    switch section {
    case .damage:
      row.handshake.damageWords(in: launch.charset).map { Line("!!  ", .danger) + line(of: $0) }
    case .effects: effectLines(row)
    case .checks: checkLines(row)
    case .refusals: refusalLines(row)
    case .timeline: timelineLines(row)
    case .legend: Self.legend
    }
  }

  /// Returns a line about damage in which the value is marked as text of others.
  func line(of damage: DamageWords) -> Line {
    let value = damage.value.map { Line(": ") + Line("~ \($0)", .sender) }
    return Line(damage.fact) + (value ?? Line())
  }

  private static let legend = [
    Line("~ ", .sender) + Line("text written by the sender, not verified", .quiet)
  ]

  func effectLines(_ row: Row) -> [Line] {
    if let why = row.handshake.withheldEffects { return [Line(why, .warning)] }
    guard row.handshake.isPending else { return [Line("none: it has ended", .quiet)] }
    let answer = answerInQuestion(row)
    guard let identity = acting(answer, on: row) else {
      let why =
        launch.backend == .document
        ? "the document does not contain the account's organization"
        : "the recipient is not one of your accounts"
      return [Line("unknown: \(why)", .quiet)]
    }
    let effects = Consequences(
      answer, to: row.handshake, as: identity, trust: inbox.trustList
    ).effects
    return effects.map { effect in
      Line(effect.label.padded(to: 9), .heading) + Line(effect.words(in: launch.charset))
    }
  }

  /// Returns the checks before the answer, or the outcome of an ended handshake.
  func checkLines(_ row: Row) -> [Line] {
    if row.isClosed { return outcomeLines(of: row) }
    let answer = answerInQuestion(row)
    return Check.all(answer, to: row, in: inbox, with: plan, at: now).map { check in
      check.verdict.mark + Line(check.words(in: launch.charset))
    }
  }

  private func refusalLines(_ row: Row) -> [Line] {
    let answer = answerInQuestion(row)
    guard row.handshake.isPending, let identity = acting(answer, on: row) else { return [] }
    let consequences = Consequences(
      answer, to: row.handshake, as: identity, trust: inbox.trustList)
    return consequences.mayBeRefused.map { Line("? ", .warning) + Line($0.words) }
  }

  /// Returns how a handshake ended and what the journal knows about it; AWS does not say who ended
  /// it.
  private func outcomeLines(of row: Row) -> [Line] {
    guard let state = row.handshake.state else { return [] }
    var lines = [Line(pen.name(state), .plain, bold: true) + Line(closing(of: row), .quiet)]
    guard let id = row.id else { return lines }
    if let deed = inbox.deed(id), deed.intent.answer?.target == state {
      let time = pen.minute((deed.outcomeMoment ?? deed.moment).time)
      let reason = deed.intent.reason.map { ": ~ \(pen.cell($0))" } ?? ""
      lines.append(Line("\(time) by \(pen.exact(deed.who.name))\(reason)"))
    } else if state != .expired {
      lines.append(
        Line("AWS does not tell who did it or when; the journal has no such answer", .quiet))
    }
    lines += inbox.attempts(id).filter { !($0.outcome?.isDeed ?? false) }.map { attempt in
      let what = attempt.intent.answer?.rawValue ?? "sending"
      return Line(
        "\(pen.minute(attempt.moment.time))  \(what) by \(pen.exact(attempt.who.name)): "
          + attempt.outcome.lineWords(pen), .quiet)
    }
    return lines
  }

  private func closing(of row: Row) -> String {
    switch row.handshake.state {
    case .expired?: row.handshake.expires.map { " at \(pen.minute($0)): nobody answered" } ?? ""
    case .accepted?: " by the recipient"
    case .declined?: " by the recipient"
    case .canceled?: " by the sender or by AWS"
    default: ""
    }
  }

  /// Returns the events in chronological order, past and future.
  private func timelineLines(_ row: Row) -> [Line] {
    let handshake = row.handshake
    var events: [(time: Timestamp, text: String)] = []
    func add(_ instant: Timestamp?, _ text: String) {
      if let instant { events.append((instant, text)) }
    }
    add(handshake.requested, "requested")
    for attempt in row.id.map({ inbox.attempts($0) }) ?? [] {
      let who = pen.exact(attempt.who.name)
      let what = attempt.intent.answer?.rawValue ?? "sending"
      let reason = attempt.intent.reason.map { ": ~ \(pen.cell($0))" } ?? ""
      add(attempt.moment.time, "\(what) by \(who)\(reason)  \(attempt.outcome.lineWords(pen))")
    }
    if row.origin == .service { add(row.read, "read from the service") }
    if !row.isClosed, let actor = acting(answerInQuestion(row), on: row),
      let end = actor.credentialsEnd
    {
      add(end, "the login of \(name(of: actor.account)) \(end <= now ? "ended" : "ends")")
    }
    // An answered handshake does not expire.
    if !row.isClosed || handshake.state == .expired {
      add(handshake.expires, handshake.expires.map { $0 <= now } ?? false ? "expired" : "expires")
    }
    let ordered = events.enumerated().sorted {
      ($0.element.time, $0.offset) < ($1.element.time, $1.offset)
    }
    return ordered.map { _, event in
      let local = pen.local(event.time).map { " (\($0))" } ?? ""
      return Line("\(pen.minute(event.time))\(local)  ", .quiet) + Line(event.text)
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

extension String {
  /// Returns the text padded with spaces; for ASCII texts of this program only.
  func padded(to columns: Int) -> String {
    self + String(repeating: " ", count: Swift.max(0, columns - utf8.count))
  }
}
