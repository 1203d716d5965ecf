import Model
import Text

/// The bodies of successful replies, as a server writes them.
public enum ServiceResponse: Hashable, Sendable {
  case handshake(Handshake)
  case page(Page)
  case organization(Organization, partition: Untrusted)
  case members(MemberPage)
  /// CreateAccount and DescribeCreateAccountStatus.
  case accountCreation(AccountCreation)
  case transfer(ResponsibilityTransfer)
  case transfers(TransferPage)
  /// Of an operation without output.
  case nothing
  case callerIdentity(CallerIdentity)

  public var body: [UInt8] { body(.wire) }

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

/// What STS says of the caller.
public struct CallerIdentity: Hashable, Sendable {
  public var userID: Untrusted
  public var account: AccountID
  public var arn: Untrusted

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

  /// Absent on the last page.
  mutating func nextToken(_ token: PageToken?) {
    guard let token else { return }
    key("NextToken")
    string(token.text)
  }
}
