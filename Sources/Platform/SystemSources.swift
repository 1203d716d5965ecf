import Glibc
import Model

/// The kernel's clocks.
public struct SystemTime: TimeSource {
  /// Creates a source without state of its own.
  public init() {}

  /// Returns the time of CLOCK_REALTIME in milliseconds, which steps when the clock is set.
  public func now() -> Timestamp { Timestamp(milliseconds: Self.milliseconds(CLOCK_REALTIME)) }
  /// Returns the time since boot in milliseconds, from CLOCK_BOOTTIME, suspended time included.
  public func uptime() -> Span { Span(milliseconds: Self.milliseconds(CLOCK_BOOTTIME)) }

  private static func milliseconds(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
  }
}

/// The kernel's random bytes.
public struct SystemRandom: RandomSource {
  /// Creates a source without state of its own.
  public init() {}

  /// Returns `count` random bytes of the system's generator.
  public func bytes(_ count: Int) -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    // The generator is asked for a word at a time: a call for each byte would be slow.
    var bytes: [UInt8] = []
    while bytes.count < count {
      withUnsafeBytes(of: generator.next()) {
        bytes.append(contentsOf: $0.prefix(count - bytes.count))
      }
    }
    return bytes
  }
}
