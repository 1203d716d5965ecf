import Model
import ReviewJournal
import Text

/// The key of a listing: what one account received, or what its organization sent.
public struct SourceKey: Hashable, Sendable {
  /// The account that lists.
  public var account: AccountID
  /// Received or sent.
  public var direction: Query.Direction

  /// Creates the key of one account's listing in one direction.
  public init(_ account: AccountID, _ direction: Query.Direction) {
    self.account = account
    self.direction = direction
  }

  /// Returns the listings that can be requested as `identity`.
  ///
  /// An account outside an organization has no organization that could have sent anything. A member
  /// may be a delegated administrator, which only the service knows, so its sent listing is
  /// requested too.
  public static func all(for identity: Identity) -> [SourceKey] {
    switch identity.role {
    case .standalone: [SourceKey(identity.account, .received)]
    case .unknown, .member, .management:
      [SourceKey(identity.account, .received), SourceKey(identity.account, .sent)]
    }
  }
}

/// The progress of reading a source.
///
/// A source that failed is unknown, never empty (UX-10.1).
public enum SourceStatus: Hashable, Sendable {
  case waiting
  /// In progress, with this many pages read in this pass.
  case reading(pages: Int)
  /// All pages were read; the last one at this time of the service.
  case complete(at: Timestamp)
  case failed(BackendError)
  /// Not available: a member that is not allowed to list what its organization sent. This is
  /// expected and not a failure.
  case notOffered

  /// Whether the pass is over: complete, failed or not available.
  public var hasEnded: Bool {
    switch self {
    case .waiting, .reading: false
    case .complete, .failed, .notOffered: true
    }
  }
}

/// A source and the state of its reading.
public struct Source: Hashable, Sendable {
  /// The account and direction.
  public let key: SourceKey
  /// The progress of the current pass.
  public internal(set) var status = SourceStatus.waiting
  /// The time of the last complete pass, by the service's clock and by the monotonic clock.
  ///
  /// It is kept while a later pass is read, and when one fails.
  public internal(set) var fresh: ServiceTime?
  /// The number of the current pass; replies to an earlier one are dropped.
  var pass = 0
  /// The page tokens of this pass, which detect a listing that repeats.
  var trail = PageTrail()
  /// The slots of the rows that this source holds.
  var slots: [Int] = []
  /// The slots that this pass has read, by listing or one by one.
  var seen: Set<Int> = []
  /// The slots in `seen` that were also read one by one during this pass.
  var described: Set<Int> = []
  /// The slots whose id this pass has listed twice, with different contents.
  var shared: Set<Int> = []
  /// The records of the slots in `described` as this pass listed them first.
  var listed: [Int: Handshake] = [:]
  /// The time of the last reply when this pass began, on the monotonic clock; nil when there was
  /// none.
  ///
  /// A row read by then is older than what this pass reads.
  var began: Span?
  /// The number of damaged records in this pass, by the fingerprint of their content.
  var damagedSeen: [Fingerprint: Int] = [:]

  init(key: SourceKey) {
    self.key = key
  }
}

/// One reading of a source from its first page.
///
/// Replies carry it back, so that a late reply to an earlier pass is recognised.
public struct Pass: Hashable, Sendable {
  /// The source that is read.
  public let source: SourceKey
  let number: Int

  init(source: SourceKey, number: Int) {
    self.source = source
    self.number = number
  }

  /// Creates a reading of pages that are no pass of an inbox.
  init(_ source: SourceKey) { self.init(source: source, number: 0) }
}

/// A time of the service's clock, with the time at which it was received.
public struct ServiceTime: Hashable, Sendable {
  /// The time by the service's clock.
  public var time: Timestamp
  /// The time of receipt on our monotonic clock.
  public var heard: Span

  /// Creates a service time that was received at `heard` on the monotonic clock.
  public init(_ time: Timestamp, heard: Span) {
    self.time = time
    self.heard = heard
  }

  /// Returns the service's time at `uptime`, advanced by the monotonic clock.
  ///
  /// An `uptime` before `heard` does not turn the time back.
  public func now(at uptime: Span) -> Timestamp {
    time + Span(milliseconds: max(0, uptime.milliseconds - heard.milliseconds))
  }
}

/// An account that the operator can view, with its names.
public struct Profile: Hashable, Sendable {
  /// The account that the credentials belong to.
  public let account: AccountID
  /// The operator's names for the account, from the store or the configuration.
  ///
  /// They prove nothing about the account. Several profiles of the AWS CLI may lead to one account.
  public private(set) var names: [Untrusted]

  /// Creates a profile with one name.
  public init(account: AccountID, name: Untrusted) {
    self.init(account: account, names: [name])
  }

  /// Creates a profile with several names.
  public init(account: AccountID, names: [Untrusted]) {
    self.account = account
    self.names = names
  }

  /// All names in one text, separated by commas.
  public var name: Untrusted {
    Untrusted(bytes: Array(names.map(\.bytes).joined(separator: ", ".utf8)))
  }

  /// Adds a name unless the profile has it already.
  mutating func add(_ name: Untrusted) {
    if !names.contains(name) { names.append(name) }
  }
}

/// A profile of the AWS CLI whose account is unknown, because STS was not asked yet or the request
/// failed.
///
/// What it would show is unknown, never empty.
public struct UnresolvedProfile: Hashable, Sendable {
  /// The profile's name in the AWS configuration.
  public let name: Untrusted
  /// The progress of asking STS.
  public internal(set) var status = Status.waiting

  /// The progress of asking STS for the account.
  public enum Status: Hashable, Sendable {
    case waiting
    case asking
    case failed(BackendError)
  }

  /// The error with which STS could not be asked; nil unless that failed.
  public var error: BackendError? {
    if case .failed(let error) = status { error } else { nil }
  }
}

/// The key of a line in the list of profiles.
///
/// A line keeps its place when its account becomes known.
public enum ProfileKey: Hashable, Sendable {
  case account(AccountID)
  /// A profile whose account is unknown, by its name.
  case unresolved(Untrusted)
}
