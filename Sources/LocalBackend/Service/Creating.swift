import Model
import Text

// CreateAccount and DescribeCreateAccountStatus. As with AWS, the reply to the first only says that
// the request was accepted; here the account exists by the time its status can be asked for.

extension Transaction {
  /// Creates an account in the caller's organization.
  ///
  /// Pending handshakes sent to its address get the new account as their recipient.
  func createAccount(_ request: AccountRequest) throws -> AccountCreation {
    try authorise()
    let address = try checkedAddress(request.email)
    try checkAccount(request)
    if !request.tags.isEmpty { try require("organizations:TagResource") }
    let organization = try managedOrganization()
    try checkReady(organization)
    try checkNotChanging(organization.id)
    let (account, failure) = try made(address, request, in: organization)
    let id = random.creationID()
    try execute(
      """
      INSERT INTO account_creations (id, organization, name, requested, completed, account, failure)
      VALUES (?1, ?2, ?3, ?4, ?4, ?5, ?6)
      """,
      [
        id, organization.id.text, request.name, now.milliseconds, account?.text,
        failure?.knownName,
      ])
    return AccountCreation(
      id: Untrusted(id), name: request.name, state: .inProgress, requested: now)
  }

  /// Returns the result of a request to create an account.
  func describeCreation(_ text: Untrusted) throws -> AccountCreation {
    try authorise()
    let id = try Self.checkedCreationID(text)
    guard let organization = try callersOrganization() else { throw Refusal.notInUse }
    try requireManagementOrDelegate(organization)
    let creation = try db.first(
      "SELECT * FROM account_creations WHERE id = ? AND organization = ?",
      [id, organization.id.text]
    ) { row in try AccountCreation(row) }
    guard let creation else {
      throw Refusal(
        .createAccountStatusNotFound, nil,
        "We can't find an create account request with the CreateAccountRequestId that you "
          + "specified.")
    }
    return creation
  }

  // MARK: Input

  private func checkedAddress(_ email: Untrusted) throws -> String {
    try email.checkLength(6...64)
    guard let address = Self.address(email) else { throw Refusal.pattern }
    return address
  }

  private func checkAccount(_ request: AccountRequest) throws {
    try request.name.checkLength(1...50)
    guard request.name.asciiText != nil else { throw Refusal.pattern }
    if let role = request.roleName {
      try role.checkLength(0...64)
      guard !role.isEmpty, role.isRoleName else { throw Refusal.pattern }
      guard !role.bytes.starts(with: "AWSServiceRoleFor".utf8) else {
        throw Refusal.invalidInput(
          .invalidRoleName,
          "You provided a role name that isn't valid. A role name can't begin with the reserved "
            + "prefix AWSServiceRoleFor.")
      }
    }
    if let access = request.billingAccess,
      ![Untrusted("ALLOW"), Untrusted("DENY")].contains(access)
    {
      throw Refusal.invalidInput(.invalidEnum, "IamUserAccessToBilling is ALLOW or DENY.")
    }
    try checkTags(request.tags)
  }

  // MARK: Making

  private func made(
    _ address: String, _ request: AccountRequest, in organization: OrganizationRow
  ) throws -> (AccountID?, AccountCreation.Failure?) {
    guard Self.isDeliverable(address) else { return (nil, .invalidEmail) }
    guard try accountsTaken(organization.id.text) < organization.accountLimit else {
      return (nil, .accountLimitExceeded)
    }
    guard try !exists("SELECT 1 FROM accounts WHERE email = ?", [address]) else {
      return (nil, .emailAlreadyExists)
    }
    var account = AccountRow(
      id: try newAccountID(), name: request.name, email: address, created: now,
      createdBy: organization.id)
    account.serviceLinkedRole = true
    try account.insert(db)
    try MembershipRow(
      account: account.id, organization: organization.id, method: .created, joined: now
    ).insert(db)
    for tag in request.tags {
      try execute(
        "INSERT INTO account_tags (account, key, value) VALUES (?, ?, ?)",
        [account.id.text, tag.key, tag.value])
    }
    try resolve(account)
    return (account.id, nil)
  }

  /// Returns whether an address meets the API reference's rules beyond the pattern.
  static func isDeliverable(_ address: String) -> Bool {
    let scalars = Array(address.unicodeScalars)
    guard scalars.allSatisfy(\.isASCII), let at = scalars.firstIndex(of: "@") else { return false }
    let (local, domain) = (scalars[..<at], scalars[(at + 1)...])
    let forbidden = "\"'()<>[]:;,\\|%&".unicodeScalars
    guard local.first != ".", !local.contains(where: { forbidden.contains($0) }) else {
      return false
    }
    let edges: Set<Unicode.Scalar?> = ["-", "."]
    return !edges.contains(domain.first) && !edges.contains(domain.last)
      && domain.allSatisfy { $0 == "-" || $0 == "." || $0.properties.isAlphabetic || isDigit($0) }
  }

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

  private func newAccountID() throws -> AccountID {
    while true {
      let digits = random.bytes(12).map { Character(UnicodeScalar(0x30 + $0 % 10)) }
      guard let id = AccountID(String(digits)) else { continue }
      if try AccountRow.fetch(db, id) == nil { return id }
    }
  }

  /// Sets the recipient of handshakes that were sent to an address before an account had it.
  private func resolve(_ account: AccountRow) throws {
    try execute(
      """
      UPDATE OR IGNORE handshakes SET recipient = ?1
      WHERE recipient IS NULL AND target IN (?1, ?2)
      """, [account.id.text, account.email])
  }
}

extension AccountCreation {
  fileprivate init(_ row: borrowing ResultRow) throws {
    let account = try row.optionalAccount("account")
    self.init(
      id: Untrusted(try row.text("id")), name: try row.bytes("name"),
      state: account == nil ? .failed : .succeeded, requested: try row.time("requested"),
      completed: try row.time("completed"), account: account,
      failure: account == nil ? try row.named("failure") : nil)
  }
}

extension Transaction {
  func createOrganization(_ features: FeatureSet) throws -> Organization {
    try authorise()
    guard features.unknownText == nil else {
      throw Refusal.invalidInput(.invalidEnum, "The feature set is not valid.")
    }
    guard try callersOrganization() == nil else {
      throw Refusal(
        .alreadyInOrganization, nil,
        "This account is already a member of an organization. An account can belong to only one "
          + "organization at a time.")
    }
    let row = OrganizationRow(
      id: random.organizationID(), managementAccount: caller, featureSet: features, created: now)
    try row.insert(db)
    try execute("UPDATE accounts SET service_linked_role = 1 WHERE id = ?", [caller.text])
    return try describe(row)
  }
}
