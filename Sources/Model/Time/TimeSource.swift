/// What time it is. Injected everywhere below the executable, so that tests choose it.
public protocol TimeSource: Sendable {
  /// The wall clock, which may jump.
  func now() -> Timestamp
  /// Time since some fixed instant that never goes back, counting while the machine sleeps
  /// (CLOCK_BOOTTIME): for ages, time-outs and finding a suspend.
  func uptime() -> Span
}

/// Unpredictable bytes, or in tests predictable ones.
public protocol RandomSource: Sendable {
  func bytes(_ count: Int) -> [UInt8]
}
