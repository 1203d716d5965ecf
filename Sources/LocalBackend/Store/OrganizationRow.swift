import Model

/// An organization of the store.
struct OrganizationRow {
  var id: OrganizationID
  var managementAccount: AccountID
  var featureSet: FeatureSet
  var created: Timestamp
  /// The most accounts, including pending invitations.
  var accountLimit = Self.usualLimit
  /// The time until which the organization is being initialised, if it is.
  var ready: Timestamp?
  /// The time until which a longer change blocks others, if there is one.
  var changingUntil: Timestamp?

  static let usualLimit = 10

  init(
    id: OrganizationID, managementAccount: AccountID, featureSet: FeatureSet, created: Timestamp
  ) {
    self.id = id
    self.managementAccount = managementAccount
    self.featureSet = featureSet
    self.created = created
  }
}

extension OrganizationRow {
  init(_ row: borrowing ResultRow) throws {
    id = try row.organization("id")
    managementAccount = try row.account("management_account")
    featureSet = try row.named("feature_set")
    created = try row.time("created")
    accountLimit = Int(clamping: try row.number("account_limit"))
    ready = try row.optionalTime("ready")
    changingUntil = try row.optionalTime("changing_until")
  }

  static func fetch(_ db: Database, _ id: OrganizationID) throws -> OrganizationRow? {
    try db.first("SELECT * FROM organizations WHERE id = ?", [id.text]) { row in
      try OrganizationRow(row)
    }
  }

  /// Returns the organization that `account` is in; nil if it is standalone.
  static func fetch(_ db: Database, of account: AccountID) throws -> OrganizationRow? {
    try db.first(
      """
      SELECT organizations.* FROM memberships
      JOIN organizations ON organizations.id = memberships.organization
      WHERE memberships.account = ?
      """, [account.text]
    ) { row in try OrganizationRow(row) }
  }

  /// Inserts the organization with its management account as its first member.
  func insert(_ db: Database) throws {
    try db.execute(
      """
      INSERT INTO organizations (id, management_account, feature_set, created, account_limit,
        ready, changing_until)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      """,
      [
        id.text, managementAccount.text, featureSet.knownName, created.milliseconds, accountLimit,
        ready?.milliseconds, changingUntil?.milliseconds,
      ])
    try MembershipRow(
      account: managementAccount, organization: id, method: .invited, joined: created
    ).insert(db)
  }
}

/// An account's membership in an organization.
///
/// There are no organizational units; every member is in the root.
struct MembershipRow {
  /// The way an account joined: the service's `JoinedMethod`.
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
    try db.first("SELECT * FROM memberships WHERE account = ?", [account.text]) { row in
      MembershipRow(
        account: account, organization: try row.organization("organization"),
        method: try row.choice("method"), joined: try row.time("joined"))
    }
  }

  func insert(_ db: Database) throws {
    try db.execute(
      "INSERT INTO memberships (account, organization, method, joined) VALUES (?, ?, ?, ?)",
      [account.text, organization.text, method.rawValue, joined.milliseconds])
  }
}
