import Drawing
import Model
import ReviewAnswering
import ReviewInbox
import ReviewJournal
import ReviewWording
import Text

/// The cells of one handshake in a list.
struct RowCells {
  let session: Session
  let labels: Labels
  let row: Row
  /// The list that shows the row.
  let tab: Tab

  private var handshake: Handshake { row.handshake }
  private var format: Formatter { labels.format }

  func cell(_ column: ListColumn) -> Line {
    switch column {
    case .plan: planned
    case .trust: trust
    case .double: double
    case .organization: organization
    case .organizationID: Line(handshake.senderOrganization?.text ?? "?")
    case .manager: Line(handshake.senderAccount?.text ?? "?", .quiet)
    case .account: asked
    case .accountID: Line(row.askedAccount?.text ?? "?", .quiet)
    case .kind: row.shape.label
    case .sent: Line(handshake.requested.map { format.shortDay($0) } ?? "?", .quiet)
    case .left: left
    case .notes: sender(handshake.notes.map { format.cell($0) })
    case .state: Line(handshake.state.map { format.name($0) } ?? "?")
    case .recipient: recipient
    case .who: Line(attempt.map { format.cell($0.who.shortName) } ?? "-", .quiet)
    case .when: Line(attempt.map { format.shortDay($0.moment.time) } ?? "-", .quiet)
    case .why: Line(attempt?.intent.reason.map { format.cell($0) } ?? "-", .quiet)
    case .handshakeID: Line(row.id?.text ?? "?")
    case .role, .open, .source, .number, .time, .event: Line()
    }
  }

  private var trust: Line {
    guard handshake.damage.isEmpty else { return damaged }
    return session.inbox.trustMark(of: row).label
  }

  private var damaged: Line { Line(Damage.mark, .danger, bold: true) }

  private var attempt: JournalNote? { row.id.flatMap { session.inbox.appliedAttempt($0) } }

  /// The cell of the plan column.
  ///
  /// `A`, `D`, `X`: planned; `?`: an attempt is unresolved; `F`: the last attempt failed; `H`: it
  /// was held back; `!`: it could not be planned; `.`: none of these.
  private var planned: Line {
    guard let id = row.id else { return Line("-", .quiet) }
    let result = LastResult(of: id, in: session)
    if result == .unknown { return Line(result.mark, .danger, bold: true) }
    switch session.plan[id]?.answer {
    case .accept: return Line("A", .marked, bold: true)
    case .decline: return Line("D", .marked, bold: true)
    case .cancel: return Line("X", .marked, bold: true)
    case nil:
      if session.plan.blocked[id] != nil { return Line("!", .danger) }
      return Line(result.mark, result == .none ? .quiet : .danger)
    }
  }

  private var double: Line {
    guard row.shape == .invitation, let account = row.askedAccount else { return Line() }
    let open = session.inbox.openInvitations(for: account)
    return open > 1 ? Line("\(open)x", .warning) : Line()
  }

  /// The operator's own name of a trusted organization, otherwise the sender's name, marked as
  /// such.
  private var organization: Line {
    if let id = handshake.senderOrganization, let account = handshake.senderAccount,
      let name = session.inbox.trustList.name(of: id, managedBy: account)
    {
      return Line(format.cell(name))
    }
    return sender(handshake.senderName.map { format.cell($0) })
  }

  /// Returns text of the sender, which always has its mark in front.
  private func sender(_ text: String?) -> Line {
    guard let text else { return Line("-", .quiet) }
    return Line("~", .sender) + Line(text, .sender)
  }

  private var left: Line {
    guard handshake.isPending else { return over }
    if row.isGone { return Line("gone", .danger) }
    guard let expires = handshake.expires else { return Line("?", .warning) }
    let left = expires - session.now
    let role: Role = left <= .zero ? .quiet : left < Check.soon ? .warning : .plain
    return Line(format.left(until: expires), role)
  }

  /// The final state, in the inbox, where no other column shows it.
  private var over: Line {
    guard tab == .inbox, let name = handshake.state.map({ format.name($0) }) else {
      return Line("-", .quiet)
    }
    return Line(name, .quiet)
  }

  /// The recipient; the address for a document's row, which may name no account.
  private var asked: Line {
    if let account = row.askedAccount { return Line(labels.name(of: account)) }
    guard row.origin == .document else { return Line("?") }
    return Line(handshake.recipientEmail.map { format.cell($0) } ?? "?")
  }

  private var recipient: Line {
    if let account = handshake.recipientAccount { return Line(account.text) }
    if row.shape == .finalisation { return Line("all its members") }
    return handshake.recipientEmail.map { Line(format.cell($0)) } ?? Line("?")
  }
}

/// The cells of one profile in the list of profiles; nil means all profiles.
struct ProfileCells {
  let session: Session
  let key: ProfileKey?

  private var labels: Labels { session.labels }

  func cell(_ column: ListColumn) -> Line {
    switch key {
    case nil: cellOfAll(column)
    case .account(let account): cell(column, of: account)
    case .unresolved(let name): cell(column, ofUnresolved: name)
    }
  }

  private func cell(_ column: ListColumn, of account: AccountID) -> Line {
    let identity = session.inbox.identity(account)
    return switch column {
    case .account: Line(labels.name(of: account))
    // The account of a document that names none has no number.
    case .accountID: Line(labels.isUnnamed(account) ? "-" : account.text)
    case .role: Line(identity?.role.rawValue ?? "?")
    case .organizationID: Line(identity.map { $0.organization?.id.text ?? "-" } ?? "?")
    case .open: open(account)
    case .source: source(account)
    default: Line()
    }
  }

  private func cell(_ column: ListColumn, ofUnresolved name: Untrusted) -> Line {
    switch column {
    case .account: Line(labels.format.cell(name))
    case .accountID, .role, .organizationID, .open: Line("?", .warning)
    case .source:
      if let error = session.inbox.unresolvedProfile(name)?.error {
        Line("UNKNOWN: \(labels.words(for: error))", .danger)
      } else {
        Line("waiting for STS ...", .warning)
      }
    default: Line()
    }
  }

  private func cellOfAll(_ column: ListColumn) -> Line {
    let summary = session.sourceSummary
    return switch column {
    case .account: Line("all accounts", .heading)
    case .accountID: Line("\(session.inbox.roster.count)")
    case .open: Line(OpenCounts(inbox: session.inbox).ofAll(session.currentOverview))
    case .source:
      Line(
        "\(summary.complete) read, \(summary.waiting) waiting, \(summary.failed.count) failed",
        summary.failed.isEmpty ? .quiet : .danger)
    default: Line()
    }
  }

  /// Returns the number of open handshakes, never zero for a listing that was not read.
  private func open(_ account: AccountID) -> Line {
    let count = OpenCounts(inbox: session.inbox).of(account)
    return Int(count) == nil ? Line(count == "!" ? "?" : count, .warning) : Line(count)
  }

  private func source(_ account: AccountID) -> Line {
    if let error = session.inbox.unidentified[account] {
      return Line("UNKNOWN: \(labels.words(for: error))", .danger)
    }
    let received = session.inbox.sources[SourceKey(account, .received)]?.status
    let sent = session.inbox.sources[SourceKey(account, .sent)]?.status
    // One word if both listings were read; the pane below shows each listing.
    let statuses = [received, sent].compactMap(\.self)
    if let failed = statuses.first(where: \.isFailure) {
      return labels.words(for: failed, "listing")
    }
    if let waiting = statuses.first(where: { !$0.hasEnded }) {
      return labels.words(for: waiting, "listing")
    }
    let words = received.map { labels.words(for: $0, "received") } ?? Line("?", .warning)
    return words + labels.credentialsEnd(account, before: "; login ends ")
  }
}

/// The cells of one line of the journal.
struct RecordCells {
  let session: Session
  let record: JournalRecord

  private var format: Formatter { session.format }

  func cell(_ column: ListColumn) -> Line {
    switch column {
    case .number: Line("\(record.sequence)", .quiet)
    case .time: Line(format.minute(record.moment.time))
    case .who: Line(format.cell(record.who.shortName))
    case .event: event
    case .handshakeID: Line(session.journal.handshake(of: record)?.text ?? "-")
    case .why: Line(told)
    default: Line()
    }
  }

  private var event: Line {
    switch record.event {
    case .genesis: Line("created", .quiet)
    case .torn: Line("torn", .warning)
    case .segment: Line("new segment", .warning)
    case .intent(let intent): Line(intent.answer.map { "\($0.rawValue): sent" } ?? "request: sent")
    case .outcome(_, let outcome): self.outcome(outcome)
    case .stopped: Line("stopped", .warning)
    case .mismatch: Line("MISMATCH", .danger)
    case .trustAdded: Line("trust +", .good)
    case .trustRemoved: Line("trust -", .warning)
    case .other: Line("other", .quiet)
    }
  }

  private func outcome(_ outcome: IntentOutcome) -> Line {
    let role: Role =
      switch outcome {
      case .done, .doneLater: .good
      case .refused, .unknown: .danger
      case .notSent, .notApplied: .warning
      }
    if case .unknown = outcome { return Line(outcome.cellWords, role, bold: true) }
    return Line(outcome.cellWords, role)
  }

  /// The further contents of the line, as a sentence.
  var told: String {
    switch record.event {
    case .genesis(let host, _): "journal created on host \(format.cell(host))"
    case .torn(let bytes, _): "\(bytes) bytes of an incomplete write"
    case .segment(let kept): "continues \(format.cell(kept.keptAs)), \(kept.bytes) bytes"
    case .intent(let intent):
      "as \(intent.account.text)" + (intent.reason.map { ": ~ \(format.cell($0))" } ?? "")
    case .outcome(_, .refused(let refusal)):
      format.cell(refusal.code) + (refusal.reason.map { " \(format.cell($0))" } ?? "")
    case .outcome(_, .notSent(let why)): format.cell(why)
    case .outcome(_, .unknown(let doubt, _)): doubt.words
    case .outcome: ""
    case .stopped(let cause, let left): "\(cause.words) \(left.count) not sent"
    case .mismatch(_, let account, let typed): "as \(account.text), entered ~ \(format.cell(typed))"
    case .trustAdded(let id, let account, _): "\(id.text) managed by \(account.text)"
    case .trustRemoved(let id): id.text
    case .other(let kind): format.cell(kind)
    }
  }
}
