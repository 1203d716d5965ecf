/// The service's token buckets as far as one client can keep them (AWS Organizations User Guide,
/// quotas): so many calls a second and so many at once, per account and per organization.
///
/// On uptime, so that setting the clock changes nothing (DOM-11.1).
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

  /// For a service without buckets.
  public static let unlimited = Pace(isLimited: false)
  /// AWS's own.
  public static let organizations = Pace(isLimited: true)

  /// Notes which organization an account is in: its members share buckets.
  public mutating func learn(_ identity: Identity) {
    organizations[identity.account] = identity.organization?.id
  }

  /// Takes a token for each of these calls, and returns nil; or takes none and returns how long to
  /// wait.
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

  /// Takes a token that may not be there: for a call that is made all the same.
  public mutating func charge(_ operation: Operation, as account: AccountID, at uptime: Span) {
    guard isLimited else { return }
    for (key, limit) in keys(operation, account) {
      buckets[key, default: Bucket(limit, at: uptime)].spend(at: uptime)
    }
  }

  /// The service says that the bucket is empty: nothing more for a while, and with one token then.
  /// Holds for a service without buckets of its own as well.
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
  /// Thousandths of a token; below nothing after calls that were made all the same.
  private var level: Int64
  private var at: Span

  init(_ limit: Operation.Rate, at uptime: Span) {
    self.limit = limit
    level = limit.burst * 1_000
    at = uptime
  }

  /// A rate of one token a second is one thousandth a millisecond.
  private func level(at uptime: Span) -> Int64 {
    let elapsed = max(0, uptime.milliseconds - at.milliseconds)
    let full = limit.burst * 1_000
    // Bounded before it is multiplied: a machine may sleep for years.
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

  /// No service has asked for more; a server that does is not obeyed for ever.
  private static let longestPause: Int64 = 60_000

  /// Filling begins again so late that one token is there when the pause is over.
  mutating func drain(for pause: Span?, at uptime: Span) {
    let pause = min(max(pause?.milliseconds ?? 0, 1_000), Self.longestPause)
    let filling = 1_000 / limit.perSecond
    level = 0
    at = Span(milliseconds: uptime.milliseconds + pause - filling)
  }

  /// How long filling is still put off.
  private func ahead(of uptime: Span) -> Int64 { max(0, at.milliseconds - uptime.milliseconds) }
}
