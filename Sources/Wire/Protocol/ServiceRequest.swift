import Model
import Text

/// A request of AWS JSON 1.1, as it is sent or was received.
///
/// Any member may hold what the service would refuse, because refusing is the service's task.
public enum ServiceRequest: Hashable, Sendable {
  // Handshakes
  case answer(Answer, Untrusted)
  case describeHandshake(Untrusted)
  case list(Listing)
  case invite(Inviting)
  case enableAllFeatures

  // Organizations and accounts
  case describeOrganization
  /// Creates an organization; with nil the service chooses the feature set.
  case createOrganization(FeatureSet?)
  case listAccounts(PageRequest)
  case createAccount(AccountRequest)
  /// Takes the id of the request, `car-…`.
  case describeCreateAccountStatus(Untrusted)
  case leaveOrganization
  case removeAccount(Untrusted)

  // Responsibility transfers, by their id, `rt-…`
  case inviteToTransfer(InvitingToTransfer)
  case listTransfers(TransferQuery, PageRequest)
  case describeTransfer(Untrusted)
  case updateTransfer(Untrusted, name: Untrusted)
  /// Ends a transfer at `end`; at the end of the month when nil.
  case terminateTransfer(Untrusted, end: Timestamp?)

  /// The operation that is called; an answer or a listing maps to one of several.
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

// Inputs that the domain's own types cannot hold, because they may be invalid.

extension ServiceRequest {
  /// The input of ListHandshakesForAccount and ListHandshakesForOrganization.
  public struct Listing: Hashable, Sendable {
    /// The listing: received by the account, or sent by the organization.
    public var direction: Query.Direction
    /// The kind to list; the service accepts at most one of `action` and `parent`.
    public var action: Action?
    /// The id of the parent handshake whose children to list.
    public var parent: Untrusted?
    /// The token of the page before; nil for the first page.
    public var token: PageToken?
    /// The number of handshakes on a page, 1 to 20; the service's choice when nil.
    public var limit: Int?

    /// Combines the members of a listing without checking them.
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

    /// Asks for a page of `query`, with the number of handshakes left to the service.
    public init(_ query: Query, page: PageToken?) {
      self.init(query.direction, token: page)
      switch query.filter {
      case .action(let action): self.action = action
      case .parent(let parent): self.parent = Untrusted(parent.text)
      case nil: break
      }
    }
  }

  /// The input of InviteAccountToOrganization.
  public struct Inviting: Hashable, Sendable {
    /// The id or e-mail address of the account to invite.
    public var targetID: Untrusted
    /// The type of `targetID`; the service accepts ACCOUNT and EMAIL.
    public var targetType: PartyType
    /// The sender's text for the recipient.
    public var notes: Untrusted?
    /// The tags for the account when it joins.
    public var tags: [Invitation.Tag]

    /// Combines the members of an invitation without checking them.
    public init(
      targetID: Untrusted, targetType: PartyType, notes: Untrusted?, tags: [Invitation.Tag]
    ) {
      self.targetID = targetID
      self.targetType = targetType
      self.notes = notes
      self.tags = tags
    }

    /// Takes the members of an invitation.
    public init(_ invitation: Invitation) {
      (targetID, targetType) = invitation.target.onTheWire
      notes = invitation.notes
      tags = invitation.tags
    }

    /// The invitation; nil when the target is neither an account nor an e-mail address.
    public var invitation: Invitation? {
      Invitation.Target(targetID, targetType).map { Invitation(to: $0, notes: notes, tags: tags) }
    }
  }

  /// The input of InviteOrganizationToTransferResponsibility.
  public struct InvitingToTransfer: Hashable, Sendable {
    /// The responsibility to transfer; BILLING is the only one known.
    public var type: ResponsibilityTransfer.Kind
    /// The id or e-mail address of the management account to ask.
    public var targetID: Untrusted
    /// The type of `targetID`; the service accepts ACCOUNT and EMAIL.
    public var targetType: PartyType
    /// The sender's text for the recipient.
    public var notes: Untrusted?
    /// The time from which the transfer is to take effect.
    public var start: Timestamp
    /// The sender's name for the transfer.
    public var name: Untrusted
    /// The tags of the transfer.
    public var tags: [Invitation.Tag]

    /// Takes the members of a transfer request.
    public init(_ request: TransferRequest) {
      type = request.type
      (targetID, targetType) = request.target.onTheWire
      notes = request.notes
      start = request.start
      name = request.name
      tags = request.tags
    }

    /// Combines the members of a transfer request without checking them.
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

    /// The transfer request; nil when the target is neither an account nor an e-mail address.
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
  /// The JSON of the request, its members in the order of the service model.
  ///
  /// Absent members are left out; an operation without input sends `{}`.
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
