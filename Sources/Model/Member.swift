import Text

/// An account in an organization, as ListAccounts tells it (AWS Organizations API reference,
/// `Account`).
public struct Member: Hashable, Sendable {
  public var account: AccountID
  public var arn: Untrusted
  public var email: Untrusted
  public var name: Untrusted
  public var status: Status
  /// The finer status that is to replace it; nil where the service does not tell it yet.
  public var state: LifecycleState?
  public var joinedMethod: JoinedMethod
  public var joined: Timestamp

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

  /// AWS Organizations API reference, `AccountStatus`.
  public enum Status: Hashable, Sendable {
    case active
    case suspended
    case pendingClosure
    case unknown(Untrusted)
  }

  /// AWS Organizations API reference, `AccountState`.
  public enum LifecycleState: Hashable, Sendable {
    case pendingActivation
    case active
    case suspended
    case pendingClosure
    case closed
    case unknown(Untrusted)
  }

  /// AWS Organizations API reference, `AccountJoinedMethod`.
  public enum JoinedMethod: Hashable, Sendable {
    case invited
    case created
    case unknown(Untrusted)
  }
}

/// One page of ListAccounts. A page without any that still has a `next` is normal.
public struct MemberPage: Hashable, Sendable {
  public var members: [Member]
  /// Nil on the last page.
  public var next: PageToken?

  public init(members: [Member], next: PageToken?) {
    self.members = members
    self.next = next
  }
}

extension Member.Status: WireName {
  public static let named: [(name: StaticString, value: Self)] = [
    ("ACTIVE", .active), ("SUSPENDED", .suspended), ("PENDING_CLOSURE", .pendingClosure),
  ]

  public var unknownText: Untrusted? {
    if case .unknown(let text) = self { text } else { nil }
  }
}

extension Member.LifecycleState: WireName {
  public static let named: [(name: StaticString, value: Self)] = [
    ("PENDING_ACTIVATION", .pendingActivation), ("ACTIVE", .active), ("SUSPENDED", .suspended),
    ("PENDING_CLOSURE", .pendingClosure), ("CLOSED", .closed),
  ]

  public var unknownText: Untrusted? {
    if case .unknown(let text) = self { text } else { nil }
  }
}

extension Member.JoinedMethod: WireName {
  public static let named: [(name: StaticString, value: Self)] = [
    ("INVITED", .invited), ("CREATED", .created),
  ]

  public var unknownText: Untrusted? {
    if case .unknown(let text) = self { text } else { nil }
  }
}
