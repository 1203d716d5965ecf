/// The service's token buckets, as far as one client can keep them.
///
/// They limit the calls a second and the calls at once, for each account and each organization (AWS
/// Organizations User Guide, quotas). They run on uptime, so that setting the clock changes nothing
/// (DOM-11.1).
public struct Pace: Hashable, Sendable {
  private var isLimited: Bool
  private var organizations: [AccountID: OrganizationID] = [:]
  private var buckets: [Key: Bucket] = [:]

  private struct Key: Hashable {
    var operation: Operation
    /// An account's or an organization's id.
    var owner: String
  }

  private init(isLimited: Bool) { self.isLimited = isLimited }

  /// The pace for a service without buckets.
  public static let unlimited = Pace(isLimited: false)
  /// The pace for AWS, with the published rates.
  public static let organizations = Pace(isLimited: true)

  /// Records the organization that an account is in, because its members share buckets.
  public mutating func learn(_ identity: Identity) {
    organizations[identity.account] = identity.organization?.id
  }

  /// Takes a token for each of these calls, or none and returns the time to wait.
  ///
  /// It returns nil if all tokens were there, or nothing limits the calls.
  public mutating func take(
    _ operations: [Operation], as account: AccountID, at uptime: Span
  ) -> Span? {
    guard isLimited else { return nil }
    let taken = operations.flatMap { keys($0, account) }
    let waits = taken.map {
      buckets[$0.key, default: Bucket($0.limit, at: uptime)].wait(at: uptime)
    }
    if let longest = waits.max(), longest > .zero { return longest }
    for (key, limit) in taken {
      buckets[key, default: Bucket(limit, at: uptime)].spend(at: uptime)
    }
    return nil
  }

  /// Takes a token, even from an empty bucket, for a call that is made without waiting.
  public mutating func charge(_ operation: Operation, as account: AccountID, at uptime: Span) {
    guard isLimited else { return }
    for (key, limit) in keys(operation, account) {
      buckets[key, default: Bucket(limit, at: uptime)].spend(at: uptime)
    }
  }

  /// Empties the buckets of an operation that the service throttled.
  ///
  /// The next token is there after `pause`, which is taken as 1 s if shorter or nil and as 60 s if
  /// longer (DOM-11.2). From then on a service without buckets of its own is limited too.
  public mutating func drain(
    _ operation: Operation, as account: AccountID, for pause: Span?, at uptime: Span
  ) {
    isLimited = true
    for (key, limit) in keys(operation, account) {
      buckets[key, default: Bucket(limit, at: uptime)].drain(for: pause, at: uptime)
    }
  }

  /// The rate for operations that the service's quotas do not name.
  private static let unnamed = Operation.Rate(perSecond: 1, burst: 1)

  private func keys(_ operation: Operation, _ account: AccountID) -> [(
    key: Key, limit: Operation.Rate
  )] {
    let rates = operation.rates
    var keys = [
      (key: Key(operation: operation, owner: account.text), limit: rates?.account ?? Self.unnamed)
    ]
    if let limit = rates?.organization, let organization = organizations[account] {
      keys.append((Key(operation: operation, owner: organization.text), limit))
    }
    return keys
  }
}

private struct Bucket: Hashable {
  private let limit: Operation.Rate
  /// Thousandths of a token; negative after calls that were made without waiting.
  private var level: Int64
  private var at: Span

  init(_ limit: Operation.Rate, at uptime: Span) {
    self.limit = limit
    level = limit.burst * 1_000
    at = uptime
  }

  /// Returns the level at `uptime`, in thousandths of a token.
  ///
  /// A rate of one token a second adds one thousandth a millisecond.
  private func level(at uptime: Span) -> Int64 {
    let elapsed = max(0, uptime.milliseconds - at.milliseconds)
    let full = limit.burst * 1_000
    // The bound is checked before the multiplication, because a machine may sleep for years.
    return elapsed >= (full - level) / limit.perSecond + 1
      ? full : level + elapsed * limit.perSecond
  }

  func wait(at uptime: Span) -> Span {
    let missing = 1_000 - level(at: uptime)
    guard missing > 0 else { return .zero }
    return Span(milliseconds: (missing + limit.perSecond - 1) / limit.perSecond + ahead(of: uptime))
  }

  mutating func spend(at uptime: Span) {
    level = level(at: uptime) - 1_000
    at = max(at, uptime)
  }

  /// The longest pause in milliseconds that a server is granted; none has asked for more.
  private static let longestPause: Int64 = 60_000

  /// Empties the bucket, and delays its filling so that one token is there after the pause.
  mutating func drain(for pause: Span?, at uptime: Span) {
    let pause = min(max(pause?.milliseconds ?? 0, 1_000), Self.longestPause)
    let filling = 1_000 / limit.perSecond
    level = 0
    at = Span(milliseconds: uptime.milliseconds + pause - filling)
  }

  /// Returns the milliseconds until filling begins again.
  private func ahead(of uptime: Span) -> Int64 { max(0, at.milliseconds - uptime.milliseconds) }
}
