import Model

/// Sleeps by moving a test's clock on.
public struct ManualSleeper: Sleeper {
  private let time: ManualTime

  /// Creates a sleeper that moves this clock.
  public init(_ time: ManualTime) { self.time = time }

  /// Moves the clock on by `span` and returns at once.
  public func sleep(_ span: Span) async { time.pass(span) }
}
