import GRDB
import Model
import Text

// CreateOrganization, CreateAccount and ListAccounts.

/// A member as ListAccounts tells it.
public struct Member: Hashable, Sendable {
  public var account: AccountID
  public var name: Untrusted
  public var email: Untrusted
  /// Whether it was invited, or created by the organization.
  public var invited: Bool
  public var joined: Timestamp
}

/// One page of ListAccounts.
public struct MemberPage: Hashable, Sendable {
  public var members: [Member]
  public var next: PageToken?
}

extension Call {
  func createOrganization(_ features: FeatureSet) throws -> Organization {
    try authorise()
    guard features.unknownText == nil else {
      throw Refusal.invalidInput(.invalidEnum, "The feature set is none.")
    }
    guard try callersOrganization() == nil else {
      throw Refusal(
        .unknown(Untrusted("AlreadyInOrganizationException")), nil,
        "This account is already a member of an organization. An account can belong to only one "
          + "organization at a time.")
    }
    let row = OrganizationRow(
      id: random.organizationID(), managementAccount: caller, featureSet: features, created: now)
    try row.insert(db)
    try execute("UPDATE accounts SET service_linked_role = 1 WHERE id = ?", [caller.text])
    return try describe(row)
  }

  /// Makes an account in the caller's organization. An invitation to its address becomes its own.
  func createAccount(name: Untrusted, email: Untrusted) throws -> Member {
    try authorise()
    guard !name.isEmpty else {
      throw Refusal.invalidInput(.minLengthExceeded, "The account's name is empty.")
    }
    guard name.characters <= 50 else {
      throw Refusal.invalidInput(
        .maxLengthExceeded, "You provided a string parameter that is longer than allowed.")
    }
    guard let address = Self.address(email) else { throw Refusal.pattern }
    let organization = try managedOrganization()
    guard try accountsTaken(organization.id.text) < organization.accountLimit else {
      throw Refusal.constraint(
        .accountNumberLimitExceeded,
        "You attempted to exceed the limit on the number of accounts in an organization.")
    }
    try checkNotChanging(organization.id)
    guard try !exists("SELECT 1 FROM accounts WHERE email = ?", [address]) else {
      throw Refusal(
        .unknown(Untrusted("EmailAlreadyExistsException")), nil,
        "An account with that email address already exists.")
    }
    var account = AccountRow(
      id: try newAccountID(), name: name, email: address, created: now,
      createdBy: organization.id)
    account.serviceLinkedRole = true
    try account.insert(db)
    try MembershipRow(
      account: account.id, organization: organization.id, method: .created, joined: now
    ).insert(db)
    try resolve(account)
    return Member(
      account: account.id, name: name, email: email, invited: false, joined: now)
  }

  private func newAccountID() throws -> AccountID {
    while true {
      let digits = random.bytes(12).map { Character(UnicodeScalar(0x30 + $0 % 10)) }
      guard let id = AccountID(String(digits)) else { continue }
      if try AccountRow.fetch(db, id) == nil { return id }
    }
  }

  /// Handshakes that were sent to an address before an account had it.
  private func resolve(_ account: AccountRow) throws {
    try execute(
      """
      UPDATE OR IGNORE handshakes SET recipient = ?1
      WHERE recipient IS NULL AND target IN (?1, ?2)
      """, [account.id.text, account.email])
  }

  /// The members of the caller's organization, by account id.
  func listAccounts(page: PageToken?, limit: Int = largestPage) throws -> MemberPage {
    try authorise()
    guard let organization = try callersOrganization() else { throw Refusal.notInUse }
    guard try organization.managementAccount == caller || isDelegatedAdministrator(caller) else {
      throw Refusal.denied(
        "You can call this operation only from the organization's management account or by a "
          + "member account that is a delegated administrator.")
    }
    let after = page?.text.asciiText ?? ""
    guard page == nil || AccountID(after) != nil else {
      throw Refusal.invalidInput(.invalidNextToken, "The token is not one of this listing.")
    }
    var members = try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT accounts.id, accounts.name, accounts.email, memberships.method, memberships.joined
          FROM memberships JOIN accounts ON accounts.id = memberships.account
          WHERE memberships.organization = ? AND memberships.account > ?
          ORDER BY memberships.account LIMIT ?
          """), arguments: [organization.id.text, after, limit + 1]
    ).map { try Member(Fields($0)) }
    guard members.count > limit else { return MemberPage(members: members, next: nil) }
    members.removeLast()
    return MemberPage(
      members: members, next: members.last.map { PageToken(Untrusted($0.account.text)) })
  }
}

extension Member {
  fileprivate init(_ fields: Fields) throws {
    account = try fields.account("id")
    name = try fields.bytes("name")
    email = Untrusted(try fields.text("email"))
    invited = try fields.text("method") == MembershipRow.Method.invited.rawValue
    joined = try fields.time("joined")
  }
}
