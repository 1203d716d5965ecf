import Drawing
import Model
import ReviewAnswering
import ReviewInbox
import ReviewJournal
import ReviewWording
import Text

/// The facts about a handshake in a few lines, for the pane below a list.
struct HandshakeFacts {
  let session: Session
  let row: Row

  private var handshake: Handshake { row.handshake }
  private var format: Formatter { session.format }
  private var labels: Labels { session.labels }
  private var told: HandshakeSections { HandshakeSections(session: session, row: row) }

  /// Returns `h-7d1f… INVITE OPEN sent 09 Nov expires 24 Nov 09:14Z`, or as much as fits.
  ///
  /// The id is always complete, and so is any kind but an invitation. The parts are dropped in this
  /// order: the time sent, the kind of an invitation, the state, the expiry.
  func title(columns: Int) -> Line {
    let id = labels.id(of: row)
    let kind = "  \(row.shape.kindName)"
    let kept = row.shape == .invitation ? "" : kind
    let stateName = handshake.state.map { format.name($0) } ?? "?"
    let sent = handshake.requested.map { "  sent \(format.day($0))" } ?? ""
    let ends = row.isClosed && handshake.state != .expired ? nil : handshake.expires
    let word = ends.map { $0 <= session.now } ?? false ? "expired" : "expires"
    let expires = ends.map { "  \(word) \(format.minute($0))" } ?? ""
    let forms = [
      "\(kind)  \(stateName)\(sent)\(expires)", "\(kind)  \(stateName)\(expires)",
      "\(kept)  \(stateName)\(expires)", "\(kept)\(expires)",
    ]
    let fitting = forms.first { id.width + DisplayWidth.of($0) <= columns }
    return id + Line(fitting ?? (kept.isEmpty ? expires : kept))
  }

  /// The verdict on the sender, shown before everything else.
  var verdict: Line {
    if !handshake.damage.isEmpty {
      return Line(Damage.verdict, .danger, bold: true) + damage
    }
    if row.isGone {
      return Line("!! NO LONGER LISTED: ", .danger, bold: true)
        + Line("this is its last known state", .danger)
    }
    let verdict = session.inbox.verdict(on: row, format)
    let role: Role =
      switch verdict.gravity {
      case .good: .good
      case .warning: .warning
      case .danger: .danger
      }
    return Line(verdict.head, role, bold: verdict.gravity != .good) + Line(verdict.text, role)
      + Line(verdict.name, role)
  }

  private var damage: Line {
    let words = handshake.damageWords(in: session.launch.charset)
    let more = words.count > 1 ? " and \(words.count - 1) more" : ""
    return (words.first.map { labels.line(of: $0) } ?? Line()) + Line(more, .danger)
  }

  /// Returns AWS's facts and the effects of the answer, then the sender's text.
  func lines(columns: Int) -> [Line] {
    let lines = LineSet.of(session.launch.charset)
    // Each damage is listed below.
    let first =
      handshake.damage.isEmpty
      ? verdict : Line(Damage.verdictAlone, .danger, bold: true)
    var shown = [first, asking, asked]
    if let blocked = row.id.flatMap({ session.plan.blocked[$0] }) {
      let why = labels.words(for: blocked, to: .accept)
      shown.append(Line("BLOCKED  ", .danger, bold: true) + Line(why, .danger))
    }
    if !handshake.damage.isEmpty {
      shown += handshake.damageWords(in: session.launch.charset).map {
        label("damage") + labels.line(of: $0)
      }
    }
    if let line = row.id.flatMap({ LastResult.line(of: $0, in: session) }) { shown.append(line) }
    shown += summary
    shown += sendersText.map { $0.cut(to: columns - 2, lines) }
    if row.origin == .journal {
      shown.append(Line("journal  ", .quiet) + Line("the service no longer lists it", .quiet))
    }
    return shown
  }

  private var asking: Line {
    let organization = handshake.senderOrganization?.text ?? "?"
    let account = handshake.senderAccount?.text ?? "?"
    let features = handshake.featureSet.map { "   features \(format.name($0))" } ?? ""
    return label("from") + Line("\(organization)   mgmt \(account) (from the ARN)\(features)")
  }

  private var asked: Line {
    guard let account = row.askedAccount else {
      let email = handshake.recipientEmail.map { format.exact($0) } ?? "unknown"
      return label("to") + Line(email)
    }
    let name = session.inbox.profile(account).map { "   \(format.cell($0.name))" } ?? ""
    guard let identity = session.inbox.identity(account) else {
      return label("to") + Line("\(account.text)\(name)   not confirmed", .plain)
    }
    let known = "\(account.text)\(name) (STS ok)   "
    switch identity.membership {
    case .untold:
      return label("to") + Line("\(account.text)   organization unknown (not in the document)")
    case .standalone: return label("to") + Line(known + "in no organization")
    case .member(let organization):
      let listed = session.inbox.trustList.name(
        of: organization.id, managedBy: organization.managementAccount)
      let name = listed.map { " \(format.cell($0))" } ?? ""
      return label("to") + Line(known + "now in \(organization.id.text)\(name)")
    }
  }

  private var sendersText: [Line] {
    func piece(_ label: String, _ text: String?, behind mark: Line = Line()) -> Line {
      guard let text else { return Line() }
      return self.label(label) + mark + Line("~ ", .sender) + Line(text, .sender)
    }
    let hidden = handshake.hiddenCharacters
    let marks = session.inbox.trustList.marks(of: handshake)
      .map { $0.words(in: session.launch.charset) }.joined(separator: ", ")
    // Before the name, whose length the sender chooses.
    let mark = marks.isEmpty ? Line() : Line("!! \(marks)   ", .danger)
    let name = piece("name", handshake.senderName.map { format.cell($0) }, behind: mark)
    let email = piece("email", handshake.senderEmail.map { format.cell($0) })
    let notes = piece("notes", handshake.notes.map { format.cell($0) })
    let note =
      hidden == 0
      ? Line()
      : Line("; \(hidden) hidden \(hidden == 1 ? "character" : "characters") shown", .warning)
    let lines = [name, email, notes].filter { !$0.pieces.isEmpty }
    return lines.isEmpty
      ? [] : lines + [label("") + Line("~ = text written by the sender", .quiet) + note]
  }

  /// The effects of the answer in two lines: what is left and joined, and what undoing it costs.
  private var summary: [Line] {
    if row.isClosed {
      return told.checkLines.prefix(2).enumerated().map { index, line in
        label(index == 0 ? "outcome" : "") + line
      }
    }
    let answer = told.answer
    if let why = handshake.withheldEffects { return [label("effects") + Line(why, .warning)] }
    guard handshake.isPending, let identity = told.acting(answer) else {
      return [label(answer.rawValue) + Line("not possible (\(key(of: answer)): why)", .quiet)]
    }
    let effects = Consequences(
      answer, to: handshake, as: identity, trust: session.inbox.trustList
    ).effects
    guard let first = effects.first else { return [] }
    func words(_ effect: Consequence) -> String {
      "\(effect.label) \(effect.words(in: session.launch.charset))"
    }
    let last = effects.count > 1 ? effects.last.map { [label("") + Line(words($0))] } ?? [] : []
    return [label(answer.rawValue) + Line(words(first))] + last
  }

  /// Returns the key that plans an answer, or that says why it cannot be planned.
  private func key(of answer: Answer) -> String {
    let command: Command.Stage =
      switch answer {
      case .accept: .accept
      case .decline: .decline
      case .cancel: .cancel
      }
    return Command.stage(command).chords.first?.text ?? ""
  }

  /// The sender and the recipient, each on a line.
  var who: [Line] { [asking, asked] }

  private func label(_ text: String) -> Line { Line(text.padded(to: 9), .quiet) }
}

/// The facts about one profile or all profiles in a few lines.
struct ProfileFacts {
  let session: Session
  let key: ProfileKey?

  private var format: Formatter { session.format }
  private var labels: Labels { session.labels }

  var lines: [Line] {
    switch key {
    case nil: linesOfAll
    case .account(let account): lines(of: account)
    case .unresolved(let name): lines(ofUnresolved: name)
    }
  }

  private func lines(ofUnresolved name: Untrusted) -> [Line] {
    var lines = [label("profile") + Line(format.exact(name))]
    if let error = session.inbox.unresolvedProfile(name)?.error {
      lines += failure(error)
    } else {
      lines.append(label("account") + Line("waiting for STS", .warning))
    }
    return lines + [Line("Enter: what failed", .quiet)]
  }

  private func lines(of account: AccountID) -> [Line] {
    var lines = [label("account") + Line("\(account.text)   \(labels.name(of: account))")]
    if let identity = session.inbox.identity(account), identity.membership == .untold {
      lines.append(label("caller") + Line("unknown (not in the document)"))
    } else if let identity = session.inbox.identity(account) {
      lines.append(label("caller") + Line("\(format.exact(identity.caller)) (from STS)"))
      lines.append(label("role") + Line(identity.role.rawValue) + membership(identity))
      let end = labels.credentialsEnd(account, before: "")
      if !end.text.isEmpty { lines.append(label("login") + Line("ends ") + end) }
    } else if let error = session.inbox.unidentified[account] {
      lines += failure(error)
    } else {
      lines.append(label("caller") + Line("waiting for STS", .warning))
    }
    for direction in [Query.Direction.received, .sent] {
      guard let source = session.inbox.sources[SourceKey(account, direction)] else { continue }
      let what = direction == .received ? "received" : "sent"
      lines.append(label(what) + labels.words(for: source.status, "listing"))
      if case .failed(let error) = source.status, session.inbox.unidentified[account] == nil {
        lines += failure(error)
      }
    }
    return lines + [Line("Enter: show only this account", .quiet)]
  }

  private var linesOfAll: [Line] {
    let summary = session.sourceSummary
    let failed = summary.failed.map { key in
      let number = key.account.map { "\($0.text) " } ?? ""
      return Line("UNKNOWN  ", .danger, bold: true)
        + Line("\(number)\(labels.name(of: key)) could not be read", .danger)
    }
    return [
      label("accounts")
        + Line("\(summary.total), \(summary.complete) read completely")
    ] + failed + [Line("Enter: show all accounts", .quiet)]
  }

  private func membership(_ identity: Identity) -> Line {
    guard let organization = identity.organization else { return Line("   in no organization") }
    let features = format.name(organization.featureSet)
    return Line(
      "   in \(organization.id.text), mgmt \(organization.managementAccount.text), \(features)")
  }

  private func failure(_ error: BackendError) -> [Line] {
    let words = Explanation(error, in: session.launch.charset)
    return [
      Line("what     ", .quiet) + Line(words.what, .danger),
      Line("why      ", .quiet) + Line(words.why),
      Line("so       ", .quiet) + Line("invitations for this account are UNKNOWN, not zero"),
      Line("next     ", .quiet) + Line(words.remedy),
    ]
      + (offersLogin(error)
        ? [Line("or       ", .quiet) + Line("L", .key) + Line(" logs in here")] : [])
      + (words.requestID.map { [Line("request  ", .quiet) + Line($0)] } ?? [])
  }

  private func offersLogin(_ error: BackendError) -> Bool {
    session.launch.backend.hasLogins && error.wantsLogin
  }

  private func label(_ text: String) -> Line { Line(text.padded(to: 9), .quiet) }
}

/// The facts about one line of the journal.
struct RecordFacts {
  let session: Session
  let number: Int

  var lines: [Line] {
    guard let record = session.journal.record(number) else {
      return []
    }
    let format = session.format
    var lines = [
      Line("when     ", .quiet) + Line(record.moment.time.journalText),
      Line("who      ", .quiet) + Line(format.exact(record.who.name)),
    ]
    if let id = session.journal.handshake(of: record) {
      lines.append(Line("about    ", .quiet) + Line(id.text))
    }
    // The column beside the ids may be cut or missing.
    let told = RecordCells(session: session, record: record).told
    if !told.isEmpty { lines.append(Line("what     ", .quiet) + Line(told)) }
    if case .intent(let intent) = record.event {
      lines.append(Line("as       ", .quiet) + Line(format.exact(intent.caller)))
      if let reason = intent.reason {
        let whole = Sanitiser.render(reason, for: .full, in: format.charset)
        let text = Line("~ ", .sender) + Line(whole, .sender)
        lines.append(Line("reason   ", .quiet) + text)
      }
      lines.append(Line("attempt  ", .quiet) + Line(intent.id.text))
    }
    if case .outcome(let id, let outcome) = record.event {
      lines.append(Line("attempt  ", .quiet) + Line(id.text))
      lines.append(Line("outcome  ", .quiet) + Line(outcome.lineWords(session.format)))
    }
    lines.append(Line("hash     ", .quiet) + Line(record.hash.text, .quiet))
    if let bad = session.journal.firstBad {
      lines.append(
        Line("!! THE CHAIN IS BROKEN ", .danger, bold: true) + Line("from line \(bad.line)"))
    }
    return lines
  }
}
