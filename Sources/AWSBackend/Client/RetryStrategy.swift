import Model
import Text

/// AWS's standard retry mode, version 2.1: how often, how long after, and within what quota.
public struct RetryStrategy: Hashable, Sendable {
  /// The first one included.
  public var maxAttempts: Int
  /// No wait of ours is longer.
  var longestWait: Span

  /// How much longer than our own the service's wait may be.
  private static let patience = Span.seconds(5)

  public init(maxAttempts: Int = 3, longestWait: Span = .seconds(20)) {
    self.maxAttempts = maxAttempts
    self.longestWait = longestWait
  }

  public enum Decision: Hashable, Sendable {
    /// Again, after this. `cost` is already paid.
    case retry(after: Span, cost: Int)
    case maxAttemptsExceeded
    case quotaExceeded

    /// How long it is until the next attempt.
    var wait: Span? { if case .retry(let wait, _) = self { wait } else { nil } }
  }

  /// What follows on a failed attempt that may be made again.
  ///
  /// - Parameters:
  ///   - attempt: Its number, from 1.
  ///   - retryAfter: The header `x-amz-retry-after`.
  ///   - jitter: 0 to 1.
  func decide(
    after attempt: Int, _ kind: RetryKind, retryAfter: Untrusted?, quota: RetryQuota,
    jitter: Double
  ) -> Decision {
    guard attempt < maxAttempts else { return .maxAttemptsExceeded }
    guard quota.take(kind.cost) else { return .quotaExceeded }
    let own = wait(after: attempt, kind, jitter: jitter)
    let asked = retryAfter.flatMap(Self.milliseconds) ?? own
    return .retry(after: min(max(asked, own), own + Self.patience), cost: kind.cost)
  }

  /// Exponential, capped before the jitter.
  private func wait(after attempt: Int, _ kind: RetryKind, jitter: Double) -> Span {
    let doublings = min(max(0, attempt - 1), 20)
    let whole = min(kind.base.milliseconds << doublings, longestWait.milliseconds)
    return Span(milliseconds: Int64((Double(whole) * jitter).rounded()))
  }

  /// The header's value: milliseconds, digits only. Nil for anything else, which is ignored.
  static func milliseconds(_ header: Untrusted) -> Span? {
    guard !header.bytes.isEmpty, header.bytes.allSatisfy({ (0x30...0x39).contains($0) }),
      let text = header.asciiText
    else { return nil }
    // More digits than fit are more than any wait. Bounded, since it is added to times.
    return Span(milliseconds: min(Int64(text) ?? .max, Span.hours(1).milliseconds))
  }
}

extension RandomSource {
  /// Evenly from 0 up to, not including, 1.
  func fraction() -> Double {
    let bits = bytes(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return Double(bits >> 11) * 0x1p-53
  }
}
