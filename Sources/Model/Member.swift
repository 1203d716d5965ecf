import Text

/// An account in an organization, as ListAccounts describes it (AWS Organizations API reference,
/// `Account`).
public struct Member: Hashable, Sendable {
  /// The account's id.
  public var account: AccountID
  /// The account's ARN, which names the management account and the organization.
  public var arn: Untrusted
  /// The address of the account's root user.
  public var email: Untrusted
  /// The friendly name of the account.
  public var name: Untrusted
  /// The coarse status of the account.
  public var status: Status
  /// The finer status that is to replace `status`; nil if the service does not send it yet.
  public var state: LifecycleState?
  /// Whether the account was invited into the organization or created in it.
  public var joinedMethod: JoinedMethod
  /// The time at which the account joined the organization.
  public var joined: Timestamp

  /// Creates a member from the members of a reply.
  public init(
    account: AccountID, arn: Untrusted, email: Untrusted, name: Untrusted, status: Status,
    state: LifecycleState?, joinedMethod: JoinedMethod, joined: Timestamp
  ) {
    self.account = account
    self.arn = arn
    self.email = email
    self.name = name
    self.status = status
    self.state = state
    self.joinedMethod = joinedMethod
    self.joined = joined
  }

  /// The status of an account (AWS Organizations API reference, `AccountStatus`).
  public enum Status: Hashable, Sendable {
    case active
    case suspended
    case pendingClosure
    case unknown(Untrusted)
  }

  /// The finer status of an account (AWS Organizations API reference, `AccountState`).
  public enum LifecycleState: Hashable, Sendable {
    case pendingActivation
    case active
    case suspended
    case pendingClosure
    case closed
    case unknown(Untrusted)
  }

  /// The way into an organization (AWS Organizations API reference, `AccountJoinedMethod`).
  public enum JoinedMethod: Hashable, Sendable {
    case invited
    case created
    case unknown(Untrusted)
  }
}

/// One page of ListAccounts.
///
/// An empty page that still has a `next` is normal.
public struct MemberPage: Hashable, Sendable {
  /// The accounts of this page, in the service's order.
  public var members: [Member]
  /// The token of the next page; nil on the last page.
  public var next: PageToken?

  /// Creates a page.
  public init(members: [Member], next: PageToken?) {
    self.members = members
    self.next = next
  }
}

extension Member.Status: WireName {
  /// The names in AWS's `AccountStatus`, each with its case.
  public static let named: [(name: StaticString, value: Self)] = [
    ("ACTIVE", .active), ("SUSPENDED", .suspended), ("PENDING_CLOSURE", .pendingClosure),
  ]

  /// The name as the service wrote it, if it has no case here.
  public var unknownText: Untrusted? {
    if case .unknown(let text) = self { text } else { nil }
  }
}

extension Member.LifecycleState: WireName {
  /// The names in AWS's `AccountState`, each with its case.
  public static let named: [(name: StaticString, value: Self)] = [
    ("PENDING_ACTIVATION", .pendingActivation), ("ACTIVE", .active), ("SUSPENDED", .suspended),
    ("PENDING_CLOSURE", .pendingClosure), ("CLOSED", .closed),
  ]

  /// The name as the service wrote it, if it has no case here.
  public var unknownText: Untrusted? {
    if case .unknown(let text) = self { text } else { nil }
  }
}

extension Member.JoinedMethod: WireName {
  /// The names in AWS's `AccountJoinedMethod`, each with its case.
  public static let named: [(name: StaticString, value: Self)] = [
    ("INVITED", .invited), ("CREATED", .created),
  ]

  /// The name as the service wrote it, if it has no case here.
  public var unknownText: Untrusted? {
    if case .unknown(let text) = self { text } else { nil }
  }
}
