import Model
import Synchronization
import Text
import Wire

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
    guard quota.acquire(kind.cost) else { return .quotaExceeded }
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
    guard !header.bytes.isEmpty, header.bytes.allSatisfy({ $0.isASCIIDigit }),
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

/// Why a failed attempt may be made again.
public enum RetryKind: Hashable, CaseIterable, Sendable {
  case transient
  /// The service asks for fewer requests.
  case throttling

  /// The wait before the first retry; it doubles with each further one.
  var base: Span {
    switch self {
    case .transient: Span(milliseconds: 50)
    case .throttling: .seconds(1)
    }
  }

  /// What a retry takes from the quota.
  var cost: Int {
    switch self {
    case .transient: 14
    case .throttling: 5
    }
  }
}

/// Which failed reads are worth another attempt. (A write is never sent again.)
enum RetryClassifier {
  /// A reply with an error status. By its code first: statuses disagree from service to service.
  static func kind(status: Int, code: Untrusted?) -> RetryKind? {
    if let code = code?.asciiText {
      if throttling.contains(code) { return .throttling }
      if transient.contains(code) { return .transient }
    }
    if status == 429, code.map(isModelled) != true { return .throttling }
    return [500, 502, 503, 504].contains(status) ? .transient : nil
  }

  /// A request without a whole reply.
  static func kind(_ failure: HTTPFailure.Kind) -> RetryKind? {
    switch failure {
    case .nameLookup, .connect, .timeout, .interrupted: .transient
    case .unavailable, .forbidden, .tls, .untrusted, .certificates, .proxy, .tooLarge, .cancelled,
      .other:
      nil
    }
  }

  /// Whether the service's model has an error of this name: a 429 with one means what its name says.
  private static func isModelled(_ code: Untrusted) -> Bool {
    ServiceException(wireName: code).unknownText == nil
  }

  private static let throttling: Set = [
    "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottledException",
    "TooManyRequestsException", "ProvisionedThroughputExceededException",
    "TransactionInProgressException", "RequestLimitExceeded", "BandwidthLimitExceeded",
    "LimitExceededException", "RequestThrottled", "SlowDown", "PriorRequestNotComplete",
    "EC2ThrottledException",
  ]

  /// The last two: something else is changing the organization; STS could not reach a provider.
  private static let transient: Set = [
    "RequestTimeout", "RequestTimeoutException", "ConcurrentModificationException",
    "IDPCommunicationError",
  ]
}

/// What one client may still spend on retries, all its calls together: where everything fails, it
/// soon stops trying again instead of adding to the load.
public final class RetryQuota: Sendable {
  static let capacity = 500
  /// What a call gives back that succeeded without a retry.
  private static let reward = 1

  private let tokens: Mutex<Int>

  public convenience init() { self.init(Self.capacity) }

  init(_ tokens: Int) { self.tokens = Mutex(tokens) }

  var left: Int { tokens.withLock { $0 } }

  /// Whether there was that much.
  func acquire(_ cost: Int) -> Bool {
    tokens.withLock { tokens in
      guard tokens >= cost else { return false }
      tokens -= cost
      return true
    }
  }

  /// Notes a success, after a retry that cost this; nil for a success at once.
  func succeed(after cost: Int?) {
    tokens.withLock { $0 = min(Self.capacity, $0 + (cost ?? Self.reward)) }
  }
}

/// How failed requests are sent again. `legacy` is read as `standard`, which replaced it.
public enum RetryMode: String, Hashable, CaseIterable, Sendable {
  case standard
  case adaptive
  case legacy
}
