import GRDB
import Model

extension Planter {
  /// Who would pay whose bill: an organization that is asked for it, and an account that has none to
  /// give.
  mutating func plantTransfers() throws {
    try transfer("Wayne bills 2027", from: Demo.globex, to: "242424242424")
    try transfer("Solo shop bills", from: Demo.globex, to: "252525252525")
  }

  private mutating func transfer(
    _ name: String, from payer: String, to recipient: String
  ) throws {
    let id = "rt-" + uuid()
    let organization = try Self.organization(payer)
    let account = try Self.account(recipient)
    let starts = monthAfterNext
    try db.execute(
      sql: "INSERT INTO responsibility_transfers (id, name, starts, payer) VALUES (?, ?, ?, ?)",
      arguments: [id, name, starts.milliseconds, organization.text])
    try HandshakeRow(
      id: try handshakeID(), organization: organization, kind: .transfer,
      action: .transferResponsibility, state: .requested, requested: now - .days(2),
      expires: starts - .days(1), target: .account(account), recipient: account, transfer: id,
      notes: nil
    ).insert(db)
  }

  /// A transfer starts on the first of the next month or the one after; the later is never too soon.
  private var monthAfterNext: Timestamp {
    let today = CivilDate(now)
    let month = today.month + 2
    return CivilDate(
      year: today.year + (month - 1) / 12, month: (month - 1) % 12 + 1, day: 1
    ).instant
  }
}
