import GRDB
import Model

/// An account's place in an organization. (There are no organizational units: a member is in the
/// root.)
struct MembershipRow {
  /// How it came in; the service's `JoinedMethod`.
  enum Method: String {
    case invited = "INVITED"
    case created = "CREATED"
  }

  var account: AccountID
  var organization: OrganizationID
  var method: Method
  var joined: Timestamp
}

extension MembershipRow {
  static func fetch(_ db: Database, of account: AccountID) throws -> MembershipRow? {
    try Row.fetchOne(
      db.cachedStatement(sql: "SELECT * FROM memberships WHERE account = ?"),
      arguments: [account.text]
    ).map { row in
      let fields = Fields(row)
      return MembershipRow(
        account: account, organization: try fields.organization("organization"),
        method: try fields.choice("method"), joined: try fields.time("joined"))
    }
  }

  func insert(_ db: Database) throws {
    try db.cachedStatement(
      sql: "INSERT INTO memberships (account, organization, method, joined) VALUES (?, ?, ?, ?)"
    ).execute(arguments: [account.text, organization.text, method.rawValue, joined.milliseconds])
  }
}
