import GRDB
import Model
import Text

// AcceptHandshake, DeclineHandshake and CancelHandshake: what holds for all three. What accepting
// does beyond the state is in Call+Accept….

extension Call {
  func answer(_ answer: Answer, _ id: Untrusted) throws -> Handshake {
    try authorise()
    let stored = try visibleHandshake(id)
    try checkSide(of: answer, stored)
    try checkTransition(answer, stored.row)
    try checkNotChanging(stored.row.organization)
    switch answer {
    case .accept: try accept(stored)
    case .decline:
      try settle(stored.row, as: .declined)
    case .cancel:
      try settle(stored.row, as: .canceled)
      if stored.row.kind == .finalisation { try abandonMigration(stored.row) }
    }
    return try reply(stored.row.id)
  }

  /// Which side may give this answer. The organization's own management account finalises; nobody
  /// can decline that.
  private func checkSide(of answer: Answer, _ stored: StoredHandshake) throws {
    let may =
      switch (answer, stored.row.kind) {
      case (.cancel, _): stored.managementAccount == caller
      case (.accept, .finalisation): stored.managementAccount == caller
      case (.decline, .finalisation): false
      case (.accept, _), (.decline, _): stored.row.recipient == caller
      }
    guard may else {
      throw Refusal.denied(
        answer == .cancel
          ? "Only the account that sent the handshake can cancel it."
          : "Only the recipient of the handshake can \(answer.rawValue) it.")
    }
  }

  private func checkTransition(_ answer: Answer, _ row: HandshakeRow) throws {
    let shape: Shape = row.kind == .finalisation ? .finalisation : .invitation
    switch Transition.of(answer, in: row.state(at: now), shape) {
    case .allowed: return
    case .alreadyInState:
      throw Refusal(
        .handshakeAlreadyInState, nil, "The specified handshake is already in the requested state.")
    case .invalid:
      throw Refusal(
        .invalidHandshakeTransition, nil,
        "You can't perform the operation on the handshake in its current state.")
    case .denied:
      throw Refusal.denied("The handshake can't be \(answer.rawValue)d.")
    }
  }

  /// A longer change of the organization holds everything that would change it too.
  func checkNotChanging(_ id: OrganizationID) throws {
    guard let organization = try OrganizationRow.fetch(db, id),
      let until = organization.changingUntil, until > now
    else { return }
    throw Refusal(
      .concurrentModification, nil,
      "The target of the operation is currently being modified by a different request. "
        + "Try again later.", retryAfter: until - now)
  }

  /// Ends a pending handshake.
  func settle(_ row: HandshakeRow, as state: State) throws {
    try execute(
      "UPDATE handshakes SET state = ?, ended = ? WHERE id = ? AND ended IS NULL",
      [state.knownName, now.milliseconds, row.id.text])
  }
}
