import Model
import Synchronization

/// A clock that only a test moves.
public final class ManualTime: TimeSource {
  private struct Hands {
    var now: Timestamp
    var uptime: Span
  }
  private let hands: Mutex<Hands>

  /// 22 November 2026, 14:32:10 UTC: the instant of the mock-ups.
  public static let mockup = Timestamp(milliseconds: 1_795_357_930_000)

  /// Creates a clock that shows `now`, on a machine that started `uptime` ago.
  public init(_ now: Timestamp = mockup, uptime: Span = .hours(1)) {
    hands = Mutex(Hands(now: now, uptime: uptime))
  }

  /// Returns the wall-clock time, the same until `pass` or `set`.
  public func now() -> Timestamp { hands.withLock { $0.now } }
  /// Returns the time since the start of the machine, the same until `pass`.
  public func uptime() -> Span { hands.withLock { $0.uptime } }

  /// Advances both clocks.
  public func pass(_ span: Span) {
    hands.withLock {
      $0.now = $0.now + span
      $0.uptime.milliseconds += span.milliseconds
    }
  }

  /// Sets the wall clock.
  public func set(_ now: Timestamp) { hands.withLock { $0.now = now } }
}
