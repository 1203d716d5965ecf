import Synchronization

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
  func take(_ cost: Int) -> Bool {
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
