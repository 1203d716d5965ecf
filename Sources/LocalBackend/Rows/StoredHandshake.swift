import Foundation
import GRDB
import Model
import Text

/// A handshake with what it tells about its sender, read in one query.
struct StoredHandshake {
  var seq: Int64
  var row: HandshakeRow
  var managementAccount: AccountID
  var managementEmail: String
  var managementName: Untrusted
  var featureSet: FeatureSet
  var transferStart: Timestamp?
}

extension StoredHandshake {
  /// Everything a handshake's reply is made of; conditions and order follow it.
  static let selection = """
    SELECT handshakes.*, organizations.management_account, organizations.feature_set,
      accounts.email AS management_email, accounts.name AS management_name,
      responsibility_transfers.starts
    FROM handshakes
    JOIN organizations ON organizations.id = handshakes.organization
    JOIN accounts ON accounts.id = organizations.management_account
    LEFT JOIN responsibility_transfers ON responsibility_transfers.id = handshakes.transfer
    """

  init(_ row: Row) throws {
    let fields = Fields(row)
    seq = try fields.number("seq")
    self.row = try HandshakeRow(fields)
    managementAccount = try fields.account("management_account")
    managementEmail = try fields.text("management_email")
    managementName = try fields.bytes("management_name")
    featureSet = try fields.named("feature_set")
    transferStart = try fields.optionalTime("starts")
  }

  static func fetch(_ db: Database, _ id: HandshakeID) throws -> StoredHandshake? {
    try Row.fetchOne(
      db.cachedStatement(sql: selection + " WHERE handshakes.id = ?"), arguments: [id.text]
    ).map { try StoredHandshake($0) }
  }
}

extension HandshakeRow {
  fileprivate init(_ fields: Fields) throws {
    id = try fields.handshake("id")
    organization = try fields.organization("organization")
    kind = try fields.choice("kind")
    action = try fields.named("action")
    state = try fields.named("state")
    requested = try fields.time("requested")
    expires = try fields.time("expires")
    ended = try fields.optionalTime("ended")
    switch try fields.optionalText("target_type") {
    case nil: target = nil
    case "ACCOUNT": target = .account(try fields.account("target"))
    default: target = .email(try fields.text("target"))
    }
    recipient = try fields.optionalAccount("recipient")
    parent = try fields.optionalHandshake("parent")
    transfer = try fields.optionalText("transfer")
    notes = try fields.optionalBytes("notes")
  }
}
