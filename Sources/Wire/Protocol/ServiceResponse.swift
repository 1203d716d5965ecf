import Model
import Text

/// The bodies of successful replies, as a server writes them.
public enum ServiceResponse: Hashable, Sendable {
  case handshake(Handshake)
  case page(Page)
  case organization(Organization, partition: Untrusted)
  case callerIdentity(CallerIdentity)

  public var body: [UInt8] { body(.wire) }

  public func body(_ style: JSONStyle) -> [UInt8] {
    var writer = JSONWriter(style)
    switch self {
    case .handshake(let handshake): return handshake.document(style)
    case .page(let page):
      writer.beginObject()
      writer.key("Handshakes")
      writer.beginArray()
      for handshake in page.handshakes {
        writer.element()
        writer.handshake(handshake)
      }
      writer.endArray()
      if let next = page.next {
        writer.key("NextToken")
        writer.string(next.text)
      }
      writer.endObject()
    case .organization(let organization, let partition):
      writer.value(organization.value(partition: partition))
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

extension Organization {
  /// DescribeOrganization's reply, members in the model's order.
  fileprivate func value(partition: Untrusted) -> JSONValue {
    let head = Array("arn:".utf8) + partition.bytes
    func arn(_ kind: String, _ tail: String) -> JSONValue {
      let rest = ":organizations::\(managementAccount.text):\(kind)/\(id.text)\(tail)"
      return .string(Untrusted(bytes: head + Array(rest.utf8)))
    }
    return .members([
      (
        "Organization",
        .members([
          ("Id", .text(id.text)),
          ("Arn", arn("organization", "")),
          ("FeatureSet", .string(featureSet.wireName)),
          ("MasterAccountArn", arn("account", "/" + managementAccount.text)),
          ("MasterAccountId", .text(managementAccount.text)),
          ("MasterAccountEmail", .string(managementEmail)),
        ])
      )
    ])
  }
}
