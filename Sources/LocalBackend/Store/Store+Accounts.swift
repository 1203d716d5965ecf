import GRDB
import Model
import Text

extension Store {
  /// An account of the store and its place.
  public struct Account: Hashable, Sendable {
    public var id: AccountID
    public var name: Untrusted
    public var email: Untrusted
    /// Nil when it stands alone.
    public var organization: OrganizationID?
    public var role: Identity.Role
  }

  /// Every account, by id.
  public func accounts() async throws(StoreError) -> [Account] {
    try await reading { db in try Account.fetchAll(db, where: "1") }
  }

  /// The accounts that are a party to a handshake that the service still shows, by id: those that
  /// were asked, and those whose organization asks. The cost is that of the accounts, not of the
  /// handshakes.
  public func parties() async throws(StoreError) -> [Account] {
    let time = time
    return try await reading { db in
      let now = try Settings.fetch(db).clock(time).now
      let forgotten = (now - Settlement.memory).milliseconds
      return try Account.fetchAll(
        db,
        where: """
          EXISTS (SELECT 1 FROM handshakes WHERE recipient = accounts.id
            AND coalesce(ended, expires) > ?1)
          OR EXISTS (SELECT 1 FROM organizations JOIN handshakes
            ON handshakes.organization = organizations.id
            WHERE organizations.management_account = accounts.id
            AND coalesce(handshakes.ended, handshakes.expires) > ?1)
          """, [forgotten])
    }
  }
}

extension Store.Account {
  fileprivate static func fetchAll(
    _ db: Database, where condition: String, _ arguments: StatementArguments = []
  ) throws -> [Store.Account] {
    try Row.fetchAll(
      db,
      sql: """
        SELECT accounts.id, accounts.name, accounts.email, memberships.organization,
          (SELECT management_account FROM organizations
           WHERE organizations.id = memberships.organization) AS manager
        FROM accounts LEFT JOIN memberships ON memberships.account = accounts.id
        WHERE \(condition) ORDER BY accounts.id
        """, arguments: arguments
    ).map { try Store.Account(Fields($0)) }
  }

  private init(_ fields: Fields) throws {
    id = try fields.account("id")
    name = try fields.bytes("name")
    email = Untrusted(try fields.text("email"))
    organization = try fields.optionalOrganization("organization")
    let manager = try fields.optionalAccount("manager")
    role = organization == nil ? .standalone : manager == id ? .management : .member
  }
}
