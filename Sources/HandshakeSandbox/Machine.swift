import Glibc
import Model

/// The machine's clocks.
struct MachineTime: TimeSource {
  func now() -> Timestamp { Timestamp(milliseconds: Self.milliseconds(CLOCK_REALTIME)) }
  func uptime() -> Span { Span(milliseconds: Self.milliseconds(CLOCK_BOOTTIME)) }

  private static func milliseconds(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
  }
}

/// The kernel's random bytes.
struct MachineRandom: RandomSource {
  func bytes(_ count: Int) -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
  }
}
