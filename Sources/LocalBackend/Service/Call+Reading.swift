import GRDB
import Model
import Text

// Describing and listing: who sees what. Source: the API reference of AWS Organizations.

extension Call {
  /// GetCallerIdentity and DescribeOrganization in one.
  func identity(callerARN: String) throws -> Identity {
    try authorise()
    let identity = Identity(
      account: caller, caller: Untrusted(callerARN),
      organization: try callersOrganization().map(describe))
    return identity
  }

  func describe(_ organization: OrganizationRow) throws -> Organization {
    guard let management = try AccountRow.fetch(db, organization.managementAccount) else {
      throw DamagedRow(column: "management_account")
    }
    return Organization(
      id: organization.id, managementAccount: management.id,
      managementEmail: Untrusted(management.email), featureSet: organization.featureSet)
  }

  func describeHandshake(_ id: Untrusted) throws -> Handshake {
    try authorise()
    return try reply(try visibleHandshake(id))
  }

  /// A handshake that the caller is a party to: it is asked, or it speaks for the organization that
  /// asks. Anything else is not found, so that nobody learns of other people's handshakes.
  func visibleHandshake(_ text: Untrusted) throws -> StoredHandshake {
    let id = try Self.checkedHandshakeID(text)
    guard let stored = try StoredHandshake.fetch(db, id), !isForgotten(stored.row),
      try isParty(stored)
    else { throw Refusal.handshakeNotFound }
    return stored
  }

  private func isForgotten(_ row: HandshakeRow) -> Bool {
    row.end(at: now).map { $0 + Settlement.memory <= now } ?? false
  }

  private func isParty(_ stored: StoredHandshake) throws -> Bool {
    if stored.row.recipient == caller || stored.managementAccount == caller { return true }
    guard try isDelegatedAdministrator(caller) else { return false }
    return try MembershipRow.fetch(db, of: caller)?.organization == stored.row.organization
  }

  /// As the service tells it. The order of the parties depends on the handshake, the operation and
  /// the store's seed.
  func reply(_ stored: StoredHandshake) throws -> Handshake {
    var mixed = options.seed ^ 0xCBF2_9CE4_8422_2325
    for byte in stored.row.id.text.utf8 { mixed = (mixed ^ UInt64(byte)) &* 0x100_0000_01B3 }
    for byte in operation.rawValue.utf8 { mixed = (mixed ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return try stored.handshake(at: now, organizationFirst: mixed >> 33 & 1 == 0)
  }

  /// The handshake as it now stands in the store.
  func reply(_ id: HandshakeID) throws -> Handshake {
    guard let stored = try StoredHandshake.fetch(db, id) else { throw Refusal.handshakeNotFound }
    return try reply(stored)
  }
}
