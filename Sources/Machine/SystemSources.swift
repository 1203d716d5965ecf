import Glibc
import Model

/// The machine's clocks.
public struct SystemTime: TimeSource {
  public init() {}

  public func now() -> Timestamp { Timestamp(milliseconds: Self.milliseconds(CLOCK_REALTIME)) }
  public func uptime() -> Span { Span(milliseconds: Self.milliseconds(CLOCK_BOOTTIME)) }

  private static func milliseconds(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
  }
}

/// The kernel's random bytes.
public struct SystemRandom: RandomSource {
  public init() {}

  public func bytes(_ count: Int) -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    // The kernel is asked for a word at a time: a byte at a time costs a call each.
    var bytes: [UInt8] = []
    while bytes.count < count {
      withUnsafeBytes(of: generator.next()) {
        bytes.append(contentsOf: $0.prefix(count - bytes.count))
      }
    }
    return bytes
  }
}
