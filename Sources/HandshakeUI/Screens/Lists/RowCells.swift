import Drawing
import Model
import Review

/// One handshake in the columns of a list.
struct RowCells {
  let state: State
  let row: Row

  private var handshake: Handshake { row.handshake }
  private var pen: Pen { state.pen }

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
    case .sent: Line(handshake.requested.map { pen.shortDay($0) } ?? "?", .quiet)
    case .left: left
    case .notes: sender(handshake.notes.map { pen.cell($0) })
    case .state: Line(handshake.state.map { pen.name($0) } ?? "?")
    case .recipient: recipient
    case .who: Line(deed.map { pen.cell($0.who.shortName) } ?? "-", .quiet)
    case .when: Line(deed.map { pen.shortDay($0.moment.time) } ?? "-", .quiet)
    case .why: Line(deed?.intent.reason.map { pen.cell($0) } ?? "-", .quiet)
    case .handshakeID: Line(row.id?.text ?? "?")
    case .role, .open, .source, .number, .time, .event: Line()
    }
  }

  private var trust: Line {
    guard handshake.damage.isEmpty else { return damaged }
    return state.inbox.trustMark(of: row).label
  }

  private var damaged: Line { Line("DAMGD", .danger, bold: true) }

  private var deed: JournalNote? { row.id.flatMap { state.inbox.deed($0) } }

  /// `A`, `D`, `X`: staged; `?`: an attempt is unresolved; `F`: the last one failed; `H`: it was held
  /// back; `!`: it could not be staged; `.`: none of these.
  private var planned: Line {
    guard let id = row.id else { return Line("-", .quiet) }
    let result = state.lastResult(of: id)
    if result == .unknown { return Line(result.mark, .danger, bold: true) }
    switch state.plan[id]?.answer {
    case .accept: return Line("A", .marked, bold: true)
    case .decline: return Line("D", .marked, bold: true)
    case .cancel: return Line("X", .marked, bold: true)
    case nil:
      if state.plan.blocked[id] != nil { return Line("!", .danger) }
      return Line(result.mark, result == .none ? .quiet : .danger)
    }
  }

  private var double: Line {
    guard row.shape == .invitation, let account = row.askedAccount else { return Line() }
    let open = state.inbox.openInvitations(for: account)
    return open > 1 ? Line("\(open)x", .warning) : Line()
  }

  /// The operator's own name for a trusted organization; else the sender's, as such.
  private var organization: Line {
    if let id = handshake.senderOrganization, let account = handshake.senderAccount,
      let name = state.inbox.trustList.name(of: id, managedBy: account)
    {
      return Line(pen.cell(name))
    }
    return sender(handshake.senderName.map { pen.cell($0) })
  }

  /// A sender's text cannot start a column: it has its mark in front.
  private func sender(_ text: String?) -> Line {
    guard let text else { return Line("-", .quiet) }
    return Line("~", .sender) + Line(text, .sender)
  }

  private var left: Line {
    guard handshake.isPending else { return over }
    if row.isGone { return Line("gone", .danger) }
    guard let expires = handshake.expires else { return Line("?", .warning) }
    let left = expires - pen.now
    let role: Role = left <= .zero ? .quiet : left < Check.soon ? .warning : .plain
    return Line(pen.left(until: expires), role)
  }

  /// What became of it, where no other column tells.
  private var over: Line {
    guard state.tab == .inbox, let name = handshake.state.map({ pen.name($0) }) else {
      return Line("-", .quiet)
    }
    return Line(name, .quiet)
  }

  /// The account that is asked; for a document's row, which may name none, else the address.
  private var asked: Line {
    if let account = row.askedAccount { return Line(state.name(of: account)) }
    guard row.origin == .document else { return Line("?") }
    return Line(handshake.recipientEmail.map { pen.cell($0) } ?? "?")
  }

  private var recipient: Line {
    if let account = handshake.recipientAccount { return Line(account.text) }
    if row.shape == .finalisation { return Line("all its members") }
    return handshake.recipientEmail.map { Line(pen.cell($0)) } ?? Line("?")
  }
}
