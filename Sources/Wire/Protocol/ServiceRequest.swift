import Model
import Text

/// A request of AWS JSON 1.1, as sent or as it arrived: any member may hold what the service would
/// refuse, because refusing is the service's part.
public enum ServiceRequest: Hashable, Sendable {
  // Handshakes
  case answer(Answer, Untrusted)
  case describeHandshake(Untrusted)
  case list(Listing)
  case invite(Inviting)
  case enableAllFeatures

  // Organizations and accounts
  case describeOrganization
  /// The service's own choice of features when nil.
  case createOrganization(FeatureSet?)
  case listAccounts(PageRequest)
  case createAccount(AccountRequest)
  /// By the id of the request, `car-…`.
  case describeCreateAccountStatus(Untrusted)
  case leaveOrganization
  case removeAccount(Untrusted)

  // Responsibility transfers, by their id, `rt-…`
  case inviteToTransfer(InvitingToTransfer)
  case listTransfers(TransferQuery, PageRequest)
  case describeTransfer(Untrusted)
  case updateTransfer(Untrusted, name: Untrusted)
  /// Ends with the month when nil.
  case terminateTransfer(Untrusted, end: Timestamp?)

  public var operation: Operation {
    switch self {
    case .answer(let answer, _): .sending(answer)
    case .describeHandshake: .describeHandshake
    case .list(let listing): listing.direction.operation
    case .invite: .inviteAccountToOrganization
    case .enableAllFeatures: .enableAllFeatures
    case .describeOrganization: .describeOrganization
    case .createOrganization: .createOrganization
    case .listAccounts: .listAccounts
    case .createAccount: .createAccount
    case .describeCreateAccountStatus: .describeCreateAccountStatus
    case .leaveOrganization: .leaveOrganization
    case .removeAccount: .removeAccountFromOrganization
    case .inviteToTransfer: .inviteOrganizationToTransferResponsibility
    case .listTransfers(let query, _):
      query.direction == .inbound
        ? .listInboundResponsibilityTransfers : .listOutboundResponsibilityTransfers
    case .describeTransfer: .describeResponsibilityTransfer
    case .updateTransfer: .updateResponsibilityTransfer
    case .terminateTransfer: .terminateResponsibilityTransfer
    }
  }
}

// Inputs that the domain's own types cannot hold, because they may be impossible.

extension ServiceRequest {
  /// ListHandshakesForAccount and ListHandshakesForOrganization.
  public struct Listing: Hashable, Sendable {
    public var direction: Query.Direction
    /// The service takes one of these two at most.
    public var action: Action?
    public var parent: Untrusted?
    public var token: PageToken?
    /// 1…20.
    public var limit: Int?

    public init(
      _ direction: Query.Direction, action: Action? = nil, parent: Untrusted? = nil,
      token: PageToken? = nil, limit: Int? = nil
    ) {
      self.direction = direction
      self.action = action
      self.parent = parent
      self.token = token
      self.limit = limit
    }

    public init(_ query: Query, page: PageToken?) {
      self.init(query.direction, token: page)
      switch query.filter {
      case .action(let action): self.action = action
      case .parent(let parent): self.parent = Untrusted(parent.text)
      case nil: break
      }
    }
  }

  /// InviteAccountToOrganization.
  public struct Inviting: Hashable, Sendable {
    public var targetID: Untrusted
    public var targetType: PartyType
    public var notes: Untrusted?
    public var tags: [Invitation.Tag]

    public init(
      targetID: Untrusted, targetType: PartyType, notes: Untrusted?, tags: [Invitation.Tag]
    ) {
      self.targetID = targetID
      self.targetType = targetType
      self.notes = notes
      self.tags = tags
    }

    public init(_ invitation: Invitation) {
      (targetID, targetType) = invitation.target.onTheWire
      notes = invitation.notes
      tags = invitation.tags
    }

    /// The invitation; nil when the target is neither an account nor an address.
    public var invitation: Invitation? {
      Invitation.Target(targetID, targetType).map { Invitation(to: $0, notes: notes, tags: tags) }
    }
  }

  /// InviteOrganizationToTransferResponsibility.
  public struct InvitingToTransfer: Hashable, Sendable {
    public var type: ResponsibilityTransfer.Kind
    public var targetID: Untrusted
    public var targetType: PartyType
    public var notes: Untrusted?
    public var start: Timestamp
    public var name: Untrusted
    public var tags: [Invitation.Tag]

    public init(_ request: TransferRequest) {
      type = request.type
      (targetID, targetType) = request.target.onTheWire
      notes = request.notes
      start = request.start
      name = request.name
      tags = request.tags
    }

    public init(
      type: ResponsibilityTransfer.Kind, targetID: Untrusted, targetType: PartyType,
      notes: Untrusted?, start: Timestamp, name: Untrusted, tags: [Invitation.Tag]
    ) {
      self.type = type
      self.targetID = targetID
      self.targetType = targetType
      self.notes = notes
      self.start = start
      self.name = name
      self.tags = tags
    }

    /// The request; nil when the target is neither an account nor an address.
    public var request: TransferRequest? {
      Invitation.Target(targetID, targetType).map {
        TransferRequest(type, to: $0, start: start, name: name, notes: notes, tags: tags)
      }
    }
  }
}

extension Invitation.Target {
  fileprivate var onTheWire: (id: Untrusted, type: PartyType) {
    switch self {
    case .account(let id): (id, .account)
    case .email(let address): (address, .email)
    }
  }

  fileprivate init?(_ id: Untrusted, _ type: PartyType) {
    switch type {
    case .account: self = .account(id)
    case .email: self = .email(id)
    case .organization, .unknown: return nil
    }
  }
}

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
