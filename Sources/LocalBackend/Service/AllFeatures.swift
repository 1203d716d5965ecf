import Model

// Enabling all features: one parent handshake, the members' consents, and the finalisation.

extension Transaction {
  /// The time for members to consent.
  static let migrationTime = Span.days(90)
  /// The most accounts for this migration; larger organizations need the assisted one.
  static let largestMigration = 5_000

  func enableAllFeatures() throws -> Handshake {
    try authorise()
    let organization = try managedOrganization()
    guard organization.featureSet != .all else {
      throw Refusal.handshakeConstraint(
        .organizationAlreadyHasAllFeatures,
        "The handshake request is invalid because the organization has already enabled all "
          + "features.")
    }
    guard try !isMigrating(organization.id) else {
      throw Refusal.handshakeConstraint(
        .organizationIsAlreadyPendingAllFeaturesMigration,
        "The handshake request is invalid because the organization has already started the process "
          + "to enable all features.")
    }
    try checkMigrationSize(organization.id)
    try checkNotChanging(organization.id)
    try cancelInvitations(of: organization.id, since: nil)
    let parent = migrationParent(organization.id)
    try parent.insert(db)
    for child in try consents(for: parent) { try child.insert(db) }
    try openParent(of: organization.id)
    return try reply(parent.id)
  }

  func isMigrating(_ id: OrganizationID) throws -> Bool {
    try exists(
      """
      SELECT 1 FROM handshakes
      WHERE organization = ? AND kind = 'finalisation' AND ended IS NULL AND expires > ?
      """, [id.text, now.milliseconds])
  }

  private func checkMigrationSize(_ id: OrganizationID) throws {
    let members = try count(
      "SELECT count(*) FROM memberships WHERE organization = ?", [id.text])
    guard members <= Self.largestMigration else {
      throw Refusal.constraint(
        .allFeaturesMigrationOrganizationSizeLimitExceeded,
        "Your organization has more than 5000 accounts, and you can only use the standard migration "
          + "process for organizations with less than 5000 accounts.")
    }
  }

  private func migrationParent(_ id: OrganizationID) -> HandshakeRow {
    HandshakeRow(
      id: newHandshakeID(), organization: id, kind: .finalisation,
      action: options.reading.parentAction, state: .requested, requested: now,
      expires: now + Self.migrationTime)
  }

  /// Returns the consents to ask for.
  ///
  /// Invited members are asked; members that the organization created itself only if they have
  /// deleted the service-linked role.
  private func consents(for parent: HandshakeRow) throws -> [HandshakeRow] {
    try db.all(
      """
      SELECT memberships.account, memberships.method FROM memberships
      JOIN accounts ON accounts.id = memberships.account
      JOIN organizations ON organizations.id = memberships.organization
      WHERE memberships.organization = ? AND accounts.id <> organizations.management_account
        AND (memberships.method = 'INVITED' OR accounts.service_linked_role = 0)
      ORDER BY memberships.account
      """, [parent.organization.text]
    ) { row in
      let account = try row.account("account")
      let invited = try row.text("method") == MembershipRow.Method.invited.rawValue
      return HandshakeRow(
        id: newHandshakeID(), organization: parent.organization,
        kind: invited ? .consent : .roleConsent,
        action: invited ? options.reading.childAction : .addOrganizationsServiceLinkedRole,
        state: .open, requested: now, expires: parent.expires, target: .account(account),
        recipient: account, parent: parent.id)
    }
  }

  /// Marks the parent as ready to be finalised if every member asked has consented.
  ///
  /// Accounts that joined after the parent was sent are not asked, even if they were members
  /// before.
  func openParent(of organization: OrganizationID) throws {
    try execute(
      """
      UPDATE handshakes SET state = 'OPEN'
      WHERE organization = ? AND kind = 'finalisation' AND state = 'REQUESTED'
        AND NOT EXISTS (
          SELECT 1 FROM handshakes AS child
          JOIN memberships ON memberships.account = child.recipient
            AND memberships.organization = child.organization
            AND memberships.joined <= child.requested
          WHERE child.parent = handshakes.id AND child.state <> 'ACCEPTED')
      """, [organization.text])
  }

  /// Cancels the consents of a cancelled migration and the invitations sent during it.
  ///
  /// Those invitations promised all features.
  func abandonMigration(_ parent: HandshakeRow) throws {
    try execute(
      "UPDATE handshakes SET state = 'CANCELED', ended = ? WHERE parent = ? AND ended IS NULL",
      [now.milliseconds, parent.id.text])
    try cancelInvitations(of: parent.organization, since: parent.requested)
  }

  private func cancelInvitations(of id: OrganizationID, since start: Timestamp?) throws {
    try execute(
      """
      UPDATE handshakes SET state = 'CANCELED', ended = ?
      WHERE organization = ? AND kind = 'invitation' AND ended IS NULL AND requested >= ?
      """, [now.milliseconds, id.text, start?.milliseconds ?? .min])
  }
}

extension Store.Reading {
  /// The action of the requests to members.
  var childAction: Action { self == .guide ? .approveAllFeatures : .enableAllFeatures }
  /// The action of the parent, which the management account finalises.
  var parentAction: Action { self == .guide ? .enableAllFeatures : .approveAllFeatures }
}
