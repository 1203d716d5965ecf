import Model
import Text

/// One listing that an inbox is read from: what one account received, or what its organization sent.
public struct SourceKey: Hashable, Sendable {
  public var account: AccountID
  public var direction: Query.Direction

  public init(_ account: AccountID, _ direction: Query.Direction) {
    self.account = account
    self.direction = direction
  }

  /// What can be asked for on behalf of `identity`: an account outside an organization has no
  /// organization that could have sent anything. A member may be a delegated administrator, which
  /// only the service knows, so it is asked.
  public static func all(for identity: Identity) -> [SourceKey] {
    switch identity.role {
    case .standalone: [SourceKey(identity.account, .received)]
    case .unknown, .member, .management:
      [SourceKey(identity.account, .received), SourceKey(identity.account, .sent)]
    }
  }
}

/// How far a source has been read. A source that failed is unknown, never empty (UX-10.1).
public enum SourceStatus: Hashable, Sendable {
  case waiting
  /// Pages read so far in this pass.
  case reading(pages: Int)
  /// Every page was read; at this time of the service's.
  case complete(at: Timestamp)
  case failed(BackendError)
  /// A member that may not list what its organization sent: as it should be, not a failure.
  case notOffered

  /// Whether nothing more comes in this pass.
  public var hasEnded: Bool {
    switch self {
    case .waiting, .reading: false
    case .complete, .failed, .notOffered: true
    }
  }
}

/// A source and its state.
public struct Source: Hashable, Sendable {
  public let key: SourceKey
  public internal(set) var status = SourceStatus.waiting
  /// The service's time of the last pass that came to its end, and when that was on the monotonic
  /// clock; kept while a later pass is read or has failed.
  public internal(set) var fresh: ServiceTime?
  /// Which pass is being read: replies to an earlier one are dropped.
  var pass = 0
  /// The way of this pass.
  var trail = PageTrail()
  /// The rows it has ever told of.
  var slots: [Int] = []
  /// Those that this pass has told of.
  var seen: Set<Int> = []
  /// Among them those that were read one by one meanwhile.
  var described: Set<Int> = []
  /// The records of those as this pass listed them first.
  var listed: [Int: Handshake] = [:]
  /// When this pass began: what was heard by then is older than what it tells.
  var began: Span?
  /// How many damaged records of each content this pass has told of.
  var damagedSeen: [Fingerprint: Int] = [:]

  init(key: SourceKey) {
    self.key = key
  }
}

/// One reading of a source from its first page: replies carry it back, so that a late one of an
/// earlier pass is known.
public struct Pass: Hashable, Sendable {
  public let source: SourceKey
  let number: Int
}

/// What the service's clock said, and when we heard it.
public struct ServiceTime: Hashable, Sendable {
  public var time: Timestamp
  /// On our monotonic clock.
  public var heard: Span

  public init(_ time: Timestamp, heard: Span) {
    self.time = time
    self.heard = heard
  }

  /// The service's time now, aged on the monotonic clock.
  public func now(at uptime: Span) -> Timestamp {
    time + Span(milliseconds: max(0, uptime.milliseconds - heard.milliseconds))
  }
}

/// One account whose eyes the operator can look through.
public struct Profile: Hashable, Sendable {
  public let account: AccountID
  /// What the operator calls it: from the store or the configuration, so it proves nothing. Several
  /// profiles of the AWS CLI may lead to one account.
  public private(set) var names: [Untrusted]

  public init(account: AccountID, name: Untrusted) {
    self.init(account: account, names: [name])
  }

  public init(account: AccountID, names: [Untrusted]) {
    self.account = account
    self.names = names
  }

  /// All its names, in one text.
  public var name: Untrusted {
    Untrusted(bytes: Array(names.map(\.bytes).joined(separator: ", ".utf8)))
  }

  mutating func add(_ name: Untrusted) {
    if !names.contains(name) { names.append(name) }
  }
}

/// A profile of the AWS CLI whose account is not known: STS has not said yet whose it is, or could
/// not be asked. What it would show is unknown, never empty.
public struct UnresolvedProfile: Hashable, Sendable {
  public let name: Untrusted
  public internal(set) var status = Status.waiting

  public enum Status: Hashable, Sendable {
    case waiting
    case asking
    case failed(BackendError)
  }

  /// Why it is not known.
  public var error: BackendError? {
    if case .failed(let error) = status { error } else { nil }
  }
}

/// A line of the list of profiles: it keeps its place when it turns out whose it is.
public enum ProfileKey: Hashable, Sendable {
  case account(AccountID)
  /// By its name.
  case unresolved(Untrusted)
}
