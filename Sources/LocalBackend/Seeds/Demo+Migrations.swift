import GRDB
import Model

extension Planter {
  private static let migrationLife = Span.days(90)

  /// Two organizations on their way to all features: one waits for its members, one can be finalised.
  mutating func plantMigrations(_ reading: Store.Reading) throws {
    try account("555566667777", "legacy-billing", "billing@acme-retail.example")
    try account("262626262626", "retail-old", "old@acme-retail.example") {
      $0.createdBy = OrganizationID(Demo.retail)
    }
    try account("292929292929", "retail-till", "till@acme-retail.example")
    try account("303030303030", "labs-core", "core@acme-labs.example") {
      $0.serviceLinkedRole = true
    }
    for retailer in ["555566667777", "292929292929"] {
      try member(retailer, of: Demo.retail)
    }
    try member("262626262626", of: Demo.retail, .created)
    try member("303030303030", of: Demo.labs)

    let waiting = try parent(of: Demo.retail, .requested, since: .days(20), reading)
    try consent("555566667777", to: waiting, .open, reading)
    try consent("292929292929", to: waiting, .accepted, reading)
    // It was made by the organization and has lost the service's role.
    try consent("262626262626", to: waiting, .open, reading, kind: .roleConsent)

    let ready = try parent(of: Demo.labs, .open, since: .days(30), reading)
    try consent("303030303030", to: ready, .accepted, reading)
  }

  private mutating func parent(
    of organization: String, _ state: State, since age: Span, _ reading: Store.Reading
  ) throws -> HandshakeRow {
    let row = HandshakeRow(
      id: try handshakeID(), organization: try Self.organization(organization),
      kind: .finalisation, action: reading.parentAction, state: state, requested: now - age,
      expires: now - age + Self.migrationLife)
    try row.insert(db)
    return row
  }

  private mutating func consent(
    _ account: String, to parent: HandshakeRow, _ state: State, _ reading: Store.Reading,
    kind: HandshakeRow.Kind = .consent
  ) throws {
    let member = try Self.account(account)
    let action =
      kind == .roleConsent ? .addOrganizationsServiceLinkedRole : reading.childAction
    try HandshakeRow(
      id: try handshakeID(), organization: parent.organization, kind: kind, action: action,
      state: state, requested: parent.requested + .seconds(1), expires: parent.expires,
      ended: state.isTerminal ? now - .days(3) : nil, target: .account(member),
      recipient: member, parent: parent.id
    ).insert(db)
  }
}
