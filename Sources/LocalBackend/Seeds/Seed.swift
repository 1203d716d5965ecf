import GRDB
import Model
import Text

/// What a new store holds.
enum Seed {
  /// Fills an empty store. Rows are made by the row types (`AccountRow`, `OrganizationRow`,
  /// `MembershipRow`, `HandshakeRow`), with whatever dates and states are wanted, all in the
  /// transaction that `db` is in.
  static func plant(
    _ options: Store.Options, now: Timestamp, random: any RandomSource, in db: Database
  ) throws {
    guard let acme = AccountID("111122223333"), let standalone = AccountID("222233334444"),
      let organization = OrganizationID("o-a1b2c3d4e5")
    else { return }
    try AccountRow(
      id: acme, name: Untrusted("Acme Holdings"), email: "aws@acme.example",
      created: now - .days(900)
    ).insert(db)
    try AccountRow(
      id: standalone, name: Untrusted("payments-prod"), email: "payments@northwind.example",
      created: now - .days(400)
    ).insert(db)
    try OrganizationRow(
      id: organization, managementAccount: acme, featureSet: .all, created: now - .days(800)
    ).insert(db)
    guard !options.empty else { return }
    let second = try secondOrganization(now, in: db)
    for (index, sender) in [organization, second].enumerated() {
      try HandshakeRow(
        id: random.handshakeID(), organization: sender, kind: .invitation, action: .invite,
        state: .open, requested: now - .days(Int64(index) + 2),
        expires: now + .days(13 - Int64(index)), target: .account(standalone),
        recipient: standalone, notes: Untrusted("Please join before the end of the month.")
      ).insert(db)
    }
  }

  private static func secondOrganization(_ now: Timestamp, in db: Database) throws
    -> OrganizationID
  {
    guard let account = AccountID("333344445555"), let id = OrganizationID("o-zz9y8x7w6v")
    else { throw DamagedRow(column: "seed") }
    try AccountRow(
      id: account, name: Untrusted("Globex"), email: "cloud@globex.example",
      created: now - .days(700)
    ).insert(db)
    try OrganizationRow(
      id: id, managementAccount: account, featureSet: .consolidatedBilling,
      created: now - .days(600)
    ).insert(db)
    return id
  }
}
