import Model
import Synchronization

/// A clock that stands still until a test moves it.
public final class ManualTime: TimeSource {
  private struct Hands {
    var now: Timestamp
    var uptime: Span
  }
  private let hands: Mutex<Hands>

  /// 22 November 2026, 14:32:10 UTC: the instant of the mock-ups.
  public static let mockup = Timestamp(milliseconds: 1_795_357_930_000)

  public init(_ now: Timestamp = mockup, uptime: Span = .hours(1)) {
    hands = Mutex(Hands(now: now, uptime: uptime))
  }

  public func now() -> Timestamp { hands.withLock { $0.now } }
  public func uptime() -> Span { hands.withLock { $0.uptime } }

  /// Time passes: both clocks go on.
  public func pass(_ span: Span) {
    hands.withLock {
      $0.now = $0.now + span
      $0.uptime.milliseconds += span.milliseconds
    }
  }

  /// Somebody sets the wall clock.
  public func set(_ now: Timestamp) { hands.withLock { $0.now = now } }
}
