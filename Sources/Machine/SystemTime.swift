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
