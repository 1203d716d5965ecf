import Model
import Text

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
