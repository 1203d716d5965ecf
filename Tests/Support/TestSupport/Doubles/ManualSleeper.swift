import Model
import Review

/// Sleeps by moving a test's clock on.
public struct ManualSleeper: Sleeper {
  private let time: ManualTime

  public init(_ time: ManualTime) { self.time = time }

  public func sleep(_ span: Span) async { time.pass(span) }
}
