import Model
import Text

extension Transaction {
  /// The time after which an invitation expires.
  static let invitationTime = Span.days(15)

  func invite(_ invitation: Invitation) throws -> Handshake {
    try authorise()
    let target = try checkedTarget(invitation.target)
    try checkNotes(invitation.notes)
    try checkTags(invitation.tags)
    if !invitation.tags.isEmpty { try require("organizations:TagResource") }
    let organization = try managedOrganization()
    try checkMayInvite(organization)
    let recipient = try account(for: target)
    try checkNotMember(recipient, of: organization.id)
    try checkNotPending(.invitation, target, recipient, from: organization.id)
    try checkQuotas(organization)
    try checkNotChanging(organization.id)
    let row = HandshakeRow(
      id: newHandshakeID(), organization: organization.id, kind: .invitation, action: .invite,
      state: .open, requested: now, expires: now + Self.invitationTime, target: target,
      recipient: recipient, notes: invitation.notes, tags: invitation.tags)
    try row.insert(db)
    try execute(
      "INSERT INTO attempts (handshake, organization, at) VALUES (?, ?, ?)",
      [row.id.text, organization.id.text, now.milliseconds])
    return try reply(row.id)
  }

  private func checkMayInvite(_ organization: OrganizationRow) throws {
    try checkReady(organization)
    guard try AccountRow.fetch(db, caller)?.emailVerified == true else {
      throw Refusal(
        .accountOwnerNotVerified, nil,
        "You can't invite an existing account to your organization until you verify that you own "
          + "the email address associated with the management account.")
    }
    guard try options.reading == .guide || !isMigrating(organization.id) else {
      throw Refusal.handshakeConstraint(
        .inviteDisabledDuringEnableAllFeatures,
        "You can't issue new invitations to join an organization while it's in the process of "
          + "enabling all features.")
    }
  }

  /// Refuses while a new organization is still being initialised.
  func checkReady(_ organization: OrganizationRow) throws {
    if let ready = organization.ready, ready > now {
      throw Refusal(
        .finalizingOrganization, nil,
        "AWS Organizations couldn't perform the operation because your organization hasn't "
          + "finished initializing. This can take up to an hour. Try again later.",
        retryAfter: ready - now)
    }
  }

  /// Returns the account that a target names; nil if the store does not have it.
  func account(for target: HandshakeRow.Target) throws -> AccountID? {
    let (column, text) =
      switch target {
      case .account(let id): ("id", id.text)
      case .email(let address): ("email", address)
      }
    return try db.first("SELECT id FROM accounts WHERE \(column) = ?", [text]) { row in
      try row.account("id")
    }
  }

  private func checkNotMember(_ account: AccountID?, of id: OrganizationID) throws {
    guard let account, try MembershipRow.fetch(db, of: account)?.organization == id else { return }
    throw Refusal.handshakeConstraint(
      .alreadyInAnOrganization,
      "The handshake request is invalid because the account is already a member of the "
        + "organization.")
  }

  func checkNotPending(
    _ kind: HandshakeRow.Kind, _ target: HandshakeRow.Target, _ recipient: AccountID?,
    from id: OrganizationID
  ) throws {
    let text =
      switch target {
      case .account(let id): id.text
      case .email(let address): address
      }
    let pending = try exists(
      """
      SELECT 1 FROM handshakes WHERE organization = ? AND kind = ? AND ended IS NULL
        AND (target = ? OR recipient = ?)
      """, [id.text, kind.rawValue, text, recipient?.text])
    guard !pending else {
      throw Refusal(
        .duplicateHandshake, nil,
        "A handshake with the same action and target already exists.")
    }
  }

  private func checkQuotas(_ organization: OrganizationRow) throws {
    let id = organization.id.text
    let taken = try accountsTaken(id)
    guard taken < organization.accountLimit else {
      throw Refusal.handshakeConstraint(
        .accountNumberLimitExceeded, "You have exceeded the allowed number of AWS accounts.")
    }
    let day = (now - .days(1)).milliseconds
    let attempts = try count(
      "SELECT count(*) FROM attempts WHERE organization = ? AND at > ?", [id, day])
    guard attempts < max(Self.usualAttempts, organization.accountLimit) else {
      throw Refusal.handshakeConstraint(
        .handshakeRateLimitExceeded,
        "You attempted to exceed the number of handshakes that you can send in one day.")
    }
    try execute("DELETE FROM attempts WHERE at <= ?", [day])
  }

  /// The invitations that every organization may send in 24 hours.
  static let usualAttempts = 20

  /// Returns the number of members and pending invitations, which both count towards the quota.
  func accountsTaken(_ organization: String) throws -> Int {
    let members = try count(
      "SELECT count(*) FROM memberships WHERE organization = ?", [organization])
    let pending = try count(
      """
      SELECT count(*) FROM handshakes
      WHERE organization = ? AND kind = 'invitation' AND ended IS NULL
      """, [organization])
    return members + pending
  }
}
