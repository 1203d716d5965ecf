import Model
import Text

// The steps that AcceptHandshake, DeclineHandshake and CancelHandshake have in common.

extension Transaction {
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

  /// Refuses an answer that the caller's side may not give.
  ///
  /// The organization's own management account accepts (finalises) the parent, and nobody can
  /// decline it.
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

  /// Refuses while a longer change of the organization, such as the creation of an account, is
  /// running.
  func checkNotChanging(_ id: OrganizationID) throws {
    guard let organization = try OrganizationRow.fetch(db, id),
      let until = organization.changingUntil, until > now
    else { return }
    throw Refusal(
      .concurrentModification, nil,
      "The target of the operation is currently being modified by a different request. "
        + "Try again later.", retryAfter: until - now)
  }

  /// Ends a pending handshake with the final `state`.
  func settle(_ row: HandshakeRow, as state: HandshakeState) throws {
    try execute(
      "UPDATE handshakes SET state = ?, ended = ? WHERE id = ? AND ended IS NULL",
      [state.knownName, now.milliseconds, row.id.text])
  }
}

// The effects of accepting beyond the handshake's state. A membership changes in the transaction
// that ends the handshake.

extension Transaction {
  /// The permission needed to create `AWSServiceRoleForOrganizations`.
  static let createRole = "iam:CreateServiceLinkedRole"

  func accept(_ stored: StoredHandshake) throws {
    switch stored.row.kind {
    case .invitation: try join(stored)
    case .consent, .roleConsent: try consent(stored)
    case .finalisation: try finalise(stored)
    case .transfer: try handOverBill(stored)
    }
  }

  // MARK: An invitation

  private func join(_ stored: StoredHandshake) throws {
    guard let account = try AccountRow.fetch(db, caller) else {
      throw DamagedRow(column: "recipient")
    }
    let present = try callersOrganization()
    if let present {
      try checkMove(account, from: present, to: stored)
    } else {
      guard account.payment == .valid else {
        throw Refusal.handshakeConstraint(
          .paymentInstrumentRequired,
          "You can't complete the operation with an account that doesn't have a payment "
            + "instrument, such as a credit card, associated with it.")
      }
    }
    try checkSeller(account, against: stored.managementAccount)
    try createRoleIfMissing(account)
    if present != nil { try depart(caller) }
    try MembershipRow(
      account: caller, organization: stored.row.organization, method: .invited, joined: now
    ).insert(db)
    try takeTags(from: stored.row.id)
    try settle(stored.row, as: .accepted)
    try execute("DELETE FROM attempts WHERE handshake = ?", [stored.row.id.text])
  }

  /// Refuses a member's move to another organization if either organization's rules forbid it.
  private func checkMove(
    _ account: AccountRow, from present: OrganizationRow, to stored: StoredHandshake
  ) throws {
    guard present.managementAccount != caller else {
      throw Refusal(
        .masterCannotLeaveOrganization, nil,
        "You can't remove a management account from an organization. If you want the management "
          + "account to become a member account in another organization, you must first delete the "
          + "current organization of the management account.")
    }
    guard present.id != stored.row.organization else {
      throw Refusal.handshakeConstraint(
        .alreadyInAnOrganization, "The account is already a member of the organization.")
    }
    if options.reading == .guide { try require("organizations:LeaveOrganization") }
    try checkNotChanging(present.id)
    try checkMayBeRemoved(account)
    guard let destination = try OrganizationRow.fetch(db, stored.row.organization),
      destination.created + Self.settlingTime <= now
    else {
      throw Refusal.constraint(
        .waitPeriodActive,
        "You can't move an account into an organization that is less than seven days old.")
    }
  }

  /// The minimum age of an organization before members of others can move into it.
  static let settlingTime = Span.days(7)

  private func checkSeller(_ account: AccountRow, against management: AccountID) throws {
    guard let other = try AccountRow.fetch(db, management), other.seller == account.seller else {
      throw Refusal.handshakeConstraint(
        .organizationFromDifferentSellerOfRecord,
        "The request failed because the account is from a different marketplace than the accounts "
          + "in the organization.")
    }
  }

  /// Creates the service-linked role in the account, without which no account can join.
  private func createRoleIfMissing(_ account: AccountRow) throws {
    guard !account.serviceLinkedRole else { return }
    if let denier = try denier(of: Self.createRole) {
      throw Refusal(
        .accessDeniedForDependency, .accessDeniedDuringCreateServiceLinkedRole,
        "The operation that you attempted requires you to have the \(Self.createRole) for "
          + "organizations.amazonaws.com permission so that AWS Organizations can create the "
          + "required service-linked role. You don't have that permission: \(denier) denies it.")
    }
    try execute("UPDATE accounts SET service_linked_role = 1 WHERE id = ?", [account.id.text])
  }

  private func takeTags(from id: HandshakeID) throws {
    try execute(
      """
      INSERT OR REPLACE INTO account_tags (account, key, value)
      SELECT ?, key, value FROM handshake_tags WHERE handshake = ? ORDER BY position
      """, [caller.text, id.text])
  }

  // MARK: All features

  private func consent(_ stored: StoredHandshake) throws {
    guard try callersOrganization()?.id == stored.row.organization else { throw Refusal.notInUse }
    if stored.row.kind == .roleConsent, let account = try AccountRow.fetch(db, caller) {
      try createRoleIfMissing(account)
    }
    try settle(stored.row, as: .accepted)
    try openParent(of: stored.row.organization)
  }

  private func finalise(_ stored: StoredHandshake) throws {
    let id = stored.row.organization.text
    try execute("UPDATE organizations SET feature_set = 'ALL' WHERE id = ?", [id])
    // Consenting allowed the service to create the role again.
    try execute(
      """
      UPDATE accounts SET service_linked_role = 1 WHERE service_linked_role = 0
        AND id IN (SELECT account FROM memberships WHERE organization = ?)
      """, [id])
    try settle(stored.row, as: .accepted)
  }
}
