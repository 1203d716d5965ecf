import Model
import Synchronization
import Text
import Wire

/// The retry rules of AWS's standard retry mode, version 2.1: number of attempts, waits and quota.
public struct RetryStrategy: Hashable, Sendable {
  /// The largest number of attempts, the first one included.
  public var maxAttempts: Int
  /// The longest wait before jitter.
  var longestWait: Span

  /// The time by which the wait that the service asks for may exceed ours.
  private static let patience = Span.seconds(5)

  /// Creates a strategy, by default with 3 attempts and waits of up to 20 seconds.
  public init(maxAttempts: Int = 3, longestWait: Span = .seconds(20)) {
    self.maxAttempts = maxAttempts
    self.longestWait = longestWait
  }

  /// The decision after a failed attempt.
  public enum Decision: Hashable, Sendable {
    /// Another attempt after this time; `cost` is already taken from the quota.
    case retry(after: Span, cost: Int)
    case maxAttemptsExceeded
    case quotaExceeded

    /// The time until the next attempt; nil if there is none.
    var wait: Span? { if case .retry(let wait, _) = self { wait } else { nil } }
  }

  /// Decides what follows a failed attempt that may be retried, and takes the cost from the quota.
  ///
  /// - Parameters:
  ///   - attempt: The attempt's number, from 1.
  ///   - kind: The kind of failure.
  ///   - retryAfter: The header `x-amz-retry-after`.
  ///   - quota: The quota that pays for the retry.
  ///   - jitter: The factor of the wait, 0 to 1.
  /// - Returns: A retry with its wait, or the limit that prevents one.
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

  /// Returns our own wait: exponential, limited before the jitter.
  private func wait(after attempt: Int, _ kind: RetryKind, jitter: Double) -> Span {
    let doublings = min(max(0, attempt - 1), 20)
    let whole = min(kind.base.milliseconds << doublings, longestWait.milliseconds)
    return Span(milliseconds: Int64((Double(whole) * jitter).rounded()))
  }

  /// Returns the header's value in milliseconds, at most one hour; nil unless it is digits only.
  static func milliseconds(_ header: Untrusted) -> Span? {
    guard !header.bytes.isEmpty, header.bytes.allSatisfy({ $0.isASCIIDigit }),
      let text = header.asciiText
    else { return nil }
    // A number that does not fit exceeds every wait. Bounded, since it is added to times.
    return Span(milliseconds: min(Int64(text) ?? .max, Span.hours(1).milliseconds))
  }
}

extension RandomSource {
  /// Returns a uniform random number in 0..<1.
  func fraction() -> Double {
    let bits = bytes(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return Double(bits >> 11) * 0x1p-53
  }
}

/// The kind of a failure that may be retried.
public enum RetryKind: Hashable, CaseIterable, Sendable {
  case transient
  /// The service asks for fewer requests.
  case throttling

  /// The wait before the first retry, doubled for each further one.
  var base: Span {
    switch self {
    case .transient: Span(milliseconds: 50)
    case .throttling: .seconds(1)
    }
  }

  /// The quota that a retry costs.
  var cost: Int {
    switch self {
    case .transient: 14
    case .throttling: 5
    }
  }
}

/// The rules that say which failed reads are retried.
///
/// A write is never sent again.
enum RetryClassifier {
  /// Returns the kind of retry for a reply with an error status, or nil for none.
  ///
  /// The code decides first, because services use statuses differently.
  static func kind(status: Int, code: Untrusted?) -> RetryKind? {
    if let code = code?.asciiText {
      if throttling.contains(code) { return .throttling }
      if transient.contains(code) { return .transient }
    }
    if status == 429, code.map(isModelled) != true { return .throttling }
    return [500, 502, 503, 504].contains(status) ? .transient : nil
  }

  /// Returns the kind of retry for a request without a complete reply, or nil for none.
  static func kind(_ failure: HTTPFailure.Kind) -> RetryKind? {
    switch failure {
    case .nameLookup, .connect, .timeout, .interrupted: .transient
    case .unavailable, .forbidden, .tls, .untrusted, .certificates, .proxy, .tooLarge, .cancelled,
      .other:
      nil
    }
  }

  /// Returns whether the service's model has an error of this name; a 429 with such a name means
  /// what the name says.
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

  /// The last two mean that another change of the organization is in progress, and that STS could
  /// not reach an identity provider.
  private static let transient: Set = [
    "RequestTimeout", "RequestTimeoutException", "ConcurrentModificationException",
    "IDPCommunicationError",
  ]
}

/// The quota that all calls together may spend on retries.
///
/// When everything fails, retries soon stop instead of adding to the load.
public final class RetryQuota: Sendable {
  static let capacity = 500
  /// The quota returned by a call that succeeds without a retry.
  private static let reward = 1

  private let tokens: Mutex<Int>

  /// Creates a full quota, of 500.
  public convenience init() { self.init(Self.capacity) }

  init(_ tokens: Int) { self.tokens = Mutex(tokens) }

  var left: Int { tokens.withLock { $0 } }

  /// Takes `cost` and returns true, or returns false if less is left.
  func acquire(_ cost: Int) -> Bool {
    tokens.withLock { tokens in
      guard tokens >= cost else { return false }
      tokens -= cost
      return true
    }
  }

  /// Returns quota after a success: the cost of the retry before it, or 1 if `cost` is nil.
  func succeed(after cost: Int?) {
    tokens.withLock { $0 = min(Self.capacity, $0 + (cost ?? Self.reward)) }
  }
}

/// The retry mode in the settings.
///
/// Every request is retried as in `standard`, which replaced `legacy`; `adaptive` is accepted and
/// shown only.
public enum RetryMode: String, Hashable, CaseIterable, Sendable {
  case standard
  case adaptive
  case legacy
}
