import Model
import Text

/// The bodies of successful replies, as a server writes them.
public enum ServiceResponse: Hashable, Sendable {
  case handshake(Handshake)
  case page(Page)
  case organization(Organization, partition: Untrusted)
  case members(MemberPage)
  /// The reply of CreateAccount and DescribeCreateAccountStatus.
  case accountCreation(AccountCreation)
  case transfer(ResponsibilityTransfer)
  case transfers(TransferPage)
  /// The reply of an operation without output, `{}`.
  case nothing
  case callerIdentity(CallerIdentity)

  /// The body as the service sends it, compact and with times in seconds since 1970.
  public var body: [UInt8] { body(.wire) }

  /// Returns the body in the given style, without a newline at its end.
  public func body(_ style: JSONStyle) -> [UInt8] {
    var writer = JSONWriter(style)
    switch self {
    case .handshake(let handshake): return handshake.document(style)
    case .page(let page): writer.page(page)
    case .organization(let organization, let partition):
      writer.organization(organization, partition: partition)
    case .members(let page): writer.members(page)
    case .accountCreation(let creation): writer.accountCreation(creation)
    case .transfer(let transfer):
      writer.beginObject()
      writer.key("ResponsibilityTransfer")
      writer.transfer(transfer)
      writer.endObject()
    case .transfers(let page): writer.transfers(page)
    case .nothing:
      writer.beginObject()
      writer.endObject()
    case .callerIdentity(let identity): writer.value(identity.value)
    }
    return writer.bytes
  }
}

/// The identity that STS reports for the credentials of a request.
public struct CallerIdentity: Hashable, Sendable {
  /// The unique id of the user or role; for a role with the session name, `AROA…:session`.
  public var userID: Untrusted
  /// The account that the credentials belong to.
  public var account: AccountID
  /// The ARN of the caller.
  public var arn: Untrusted

  /// Combines the three members of GetCallerIdentity's reply.
  public init(userID: Untrusted, account: AccountID, arn: Untrusted) {
    self.userID = userID
    self.account = account
    self.arn = arn
  }

  fileprivate var value: JSONValue {
    .members([
      ("UserId", .string(userID)), ("Account", .text(account.text)), ("Arn", .string(arn)),
    ])
  }
}

extension JSONWriter {
  fileprivate mutating func page(_ page: Page) {
    beginObject()
    key("Handshakes")
    beginArray()
    for handshake in page.handshakes {
      element()
      self.handshake(handshake)
    }
    endArray()
    nextToken(page.next)
    endObject()
  }

  /// Writes the member `NextToken`, which is absent on the last page.
  mutating func nextToken(_ token: PageToken?) {
    guard let token else { return }
    key("NextToken")
    string(token.text)
  }
}

// Replies about organizations and accounts: members in the order of the service model, and absent
// rather than null.

extension JSONWriter {
  /// Writes the reply of DescribeOrganization; `partition` is the one of its ARNs.
  mutating func organization(_ organization: Organization, partition: Untrusted) {
    let head = Array("arn:".utf8) + partition.bytes
    let account = organization.managementAccount.text
    func arn(_ kind: String, _ tail: String) -> Untrusted {
      let rest = ":organizations::\(account):\(kind)/\(organization.id.text)\(tail)"
      return Untrusted(bytes: head + Array(rest.utf8))
    }
    beginObject()
    key("Organization")
    beginObject()
    member("Id", text: organization.id.text)
    member("Arn", arn("organization", ""))
    member("FeatureSet", organization.featureSet)
    member("MasterAccountArn", arn("account", "/" + account))
    member("MasterAccountId", text: account)
    member("MasterAccountEmail", organization.managementEmail)
    policyTypes(organization.featureSet)
    endObject()
    endObject()
  }

  /// Writes the deprecated member `AvailablePolicyTypes`, which AWS still sends.
  ///
  /// Service control policies are available with all features.
  private mutating func policyTypes(_ features: FeatureSet) {
    key("AvailablePolicyTypes")
    beginArray()
    if features == .all {
      element()
      beginObject()
      member("Type", text: "SERVICE_CONTROL_POLICY")
      member("Status", text: "ENABLED")
      endObject()
    }
    endArray()
  }

  /// Writes the reply of ListAccounts.
  mutating func members(_ page: MemberPage) {
    beginObject()
    key("Accounts")
    beginArray()
    for member in page.members {
      element()
      account(member)
    }
    endArray()
    nextToken(page.next)
    endObject()
  }

  private mutating func account(_ account: Member) {
    beginObject()
    member("Id", text: account.account.text)
    member("Arn", account.arn)
    member("Email", account.email)
    member("Name", account.name)
    member("Status", account.status)
    if let state = account.state { member("State", state) }
    member("JoinedMethod", account.joinedMethod)
    member("JoinedTimestamp", account.joined)
    endObject()
  }

  /// Writes the reply of CreateAccount and DescribeCreateAccountStatus.
  mutating func accountCreation(_ creation: AccountCreation) {
    beginObject()
    key("CreateAccountStatus")
    beginObject()
    member("Id", creation.id)
    member("AccountName", creation.name)
    member("State", creation.state)
    member("RequestedTimestamp", creation.requested)
    if let completed = creation.completed { member("CompletedTimestamp", completed) }
    if let account = creation.account { member("AccountId", text: account.text) }
    if let failure = creation.failure { member("FailureReason", failure) }
    endObject()
    endObject()
  }
}

// MARK: Members

extension JSONWriter {
  /// Writes a member whose text somebody else wrote, with the escapes it needs.
  mutating func member(_ name: StaticString, _ text: Untrusted) {
    key(name)
    string(text)
  }

  /// Writes a member whose text is this program's own and needs no escapes.
  mutating func member(_ name: StaticString, text: String) {
    key(name)
    plain(text)
  }

  /// Writes a member with the service's name of a value.
  mutating func member(_ name: StaticString, _ value: some WireName) {
    key(name)
    self.name(value)
  }

  /// Writes a member with a time in the writer's style.
  mutating func member(_ name: StaticString, _ instant: Timestamp) {
    key(name)
    time(instant)
  }
}

// Replies about responsibility transfers: members in the order of the service model, and absent
// rather than null.

extension JSONWriter {
  /// Writes a page of transfers.
  mutating func transfers(_ page: TransferPage) {
    beginObject()
    key("ResponsibilityTransfers")
    beginArray()
    for transfer in page.transfers {
      element()
      self.transfer(transfer)
    }
    endArray()
    nextToken(page.next)
    endObject()
  }

  /// Writes one transfer.
  mutating func transfer(_ transfer: ResponsibilityTransfer) {
    beginObject()
    member("Arn", transfer.arn)
    member("Name", transfer.name)
    member("Id", transfer.id)
    member("Type", transfer.type)
    member("Status", transfer.status)
    participant("Source", transfer.source)
    participant("Target", transfer.target)
    member("StartTimestamp", transfer.start)
    if let end = transfer.end { member("EndTimestamp", end) }
    if let handshake = transfer.handshake { member("ActiveHandshakeId", text: handshake.text) }
    endObject()
  }

  private mutating func participant(
    _ name: StaticString, _ participant: ResponsibilityTransfer.Participant
  ) {
    key(name)
    beginObject()
    if let account = participant.managementAccount {
      member("ManagementAccountId", text: account.text)
    }
    if let email = participant.managementEmail { member("ManagementAccountEmail", email) }
    endObject()
  }
}
