import Model
import Text

/// A request of AWS JSON 1.1, as sent or as it arrived: any member may hold what the service would
/// refuse, because refusing is the service's part.
public enum ServiceRequest: Hashable, Sendable {
  case answer(Answer, Untrusted)
  case describeHandshake(Untrusted)
  case list(Listing)
  case invite(Inviting)
  case enableAllFeatures
  case describeOrganization
  case getCallerIdentity

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
      switch invitation.target {
      case .account(let id): (targetID, targetType) = (id, .account)
      case .email(let address): (targetID, targetType) = (address, .email)
      }
      notes = invitation.notes
      tags = invitation.tags
    }

    /// The invitation; nil when the target is neither an account nor an address.
    public var invitation: Invitation? {
      switch targetType {
      case .account: Invitation(to: .account(targetID), notes: notes, tags: tags)
      case .email: Invitation(to: .email(targetID), notes: notes, tags: tags)
      case .organization, .unknown: nil
      }
    }
  }

  public var operation: Operation {
    switch self {
    case .answer(let answer, _): .sending(answer)
    case .describeHandshake: .describeHandshake
    case .list(let listing):
      listing.direction == .received ? .listHandshakesForAccount : .listHandshakesForOrganization
    case .invite: .inviteAccountToOrganization
    case .enableAllFeatures: .enableAllFeatures
    case .describeOrganization: .describeOrganization
    case .getCallerIdentity: .getCallerIdentity
    }
  }
}

/// The constants of AWS JSON 1.1 as AWS Organizations speaks it.
public enum ServiceProtocol {
  public static let contentType = "application/x-amz-json-1.1"
  public static let errorTypeHeader = "x-amzn-errortype"
  public static let requestIDHeader = "x-amzn-requestid"

  /// `X-Amz-Target` of an operation.
  public static func target(of operation: Operation) -> String { prefix + operation.rawValue }

  /// The operation that an `X-Amz-Target` names; nil for another service's or an unknown one.
  public static func operation(target: Untrusted) -> Operation? {
    guard let text = target.asciiText, text.utf8.starts(with: prefix.utf8) else { return nil }
    return Operation(rawValue: String(text.dropFirst(prefix.utf8.count)))
  }

  private static let prefix = "AWSOrganizationsV20161128."
}
