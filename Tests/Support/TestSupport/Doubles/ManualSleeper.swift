import Model

/// A sleeper that advances a test's clock.
public struct ManualSleeper: Sleeper {
  private let time: ManualTime

  /// Creates a sleeper that moves this clock.
  public init(_ time: ManualTime) { self.time = time }

  /// Advances the clock by `span` and returns at once.
  public func sleep(_ span: Span) async { time.pass(span) }
}
