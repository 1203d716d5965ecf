import Model
import Text

extension ServiceRequest {
  /// The request's body, members in the model's order. Absent members are left out; an operation
  /// without input sends `{}`.
  public var body: [UInt8] { bodyValue.json(.wire) }

  private var bodyValue: JSONValue {
    switch self {
    case .answer(_, let id), .describeHandshake(let id):
      .members([("HandshakeId", .string(id))])
    case .list(let listing): listing.value
    case .invite(let inviting): inviting.value
    case .listAccounts(let page): .members(page.members)
    case .createOrganization(let features):
      .members([("FeatureSet", features.map { .string($0.wireName) })])
    case .createAccount(let request): request.value
    case .describeCreateAccountStatus(let id):
      .members([("CreateAccountRequestId", .string(id))])
    case .removeAccount(let account): .members([("AccountId", .string(account))])
    case .inviteToTransfer(let inviting): inviting.value
    case .listTransfers(let query, let page):
      .members(
        [("Type", .string(query.type.wireName)), ("Id", query.id.map { .string($0) })]
          + page.members)
    case .describeTransfer(let id): .members([("Id", .string(id))])
    case .updateTransfer(let id, let name):
      .members([("Id", .string(id)), ("Name", .string(name))])
    case .terminateTransfer(let id, let end):
      .members([("Id", .string(id)), ("EndTimestamp", end.map { .epochSeconds($0) })])
    case .enableAllFeatures, .describeOrganization, .leaveOrganization: .object([])
    }
  }
}

extension PageRequest {
  fileprivate var members: [(String, JSONValue?)] {
    [("NextToken", token.map { .string($0.text) }), ("MaxResults", limit.map { .int($0) })]
  }
}

extension ServiceRequest.Listing {
  fileprivate var value: JSONValue {
    let filter: [(String, JSONValue?)] = [
      ("ActionType", action.map { .string($0.wireName) }),
      ("ParentHandshakeId", parent.map { .string($0) }),
    ]
    let isFiltered = filter.contains { $0.1 != nil }
    return .members(
      [("Filter", isFiltered ? .members(filter) : nil)]
        + PageRequest(token, limit: limit).members)
  }
}

extension ServiceRequest.Inviting {
  fileprivate var value: JSONValue {
    .members([
      ("Target", party(targetID, targetType)),
      ("Notes", notes.map { .string($0) }),
      ("Tags", list(tags)),
    ])
  }
}

extension ServiceRequest.InvitingToTransfer {
  fileprivate var value: JSONValue {
    .members([
      ("Type", .string(type.wireName)),
      ("Target", party(targetID, targetType)),
      ("Notes", notes.map { .string($0) }),
      ("StartTimestamp", .epochSeconds(start)),
      ("SourceName", .string(name)),
      ("Tags", list(tags)),
    ])
  }
}

extension AccountRequest {
  fileprivate var value: JSONValue {
    .members([
      ("Email", .string(email)),
      ("AccountName", .string(name)),
      ("RoleName", roleName.map { .string($0) }),
      ("IamUserAccessToBilling", billingAccess.map { .string($0) }),
      ("Tags", list(tags)),
    ])
  }
}

private func party(_ id: Untrusted, _ type: PartyType) -> JSONValue {
  .members([("Id", .string(id)), ("Type", .string(type.wireName))])
}

private func list(_ tags: [Invitation.Tag]) -> JSONValue? {
  guard !tags.isEmpty else { return nil }
  return .array(
    tags.map { .members([("Key", .string($0.key)), ("Value", .string($0.value))]) })
}
