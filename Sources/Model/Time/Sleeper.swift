/// Lets time pass. Injected, so that tests need none.
public protocol Sleeper: Sendable {
  /// Returns after about this long, or sooner when the task is cancelled.
  func sleep(_ span: Span) async
}

/// Really lets it pass.
public struct TaskSleeper: Sleeper {
  public init() {}

  public func sleep(_ span: Span) async {
    // SAFETY: the only error is that of a cancelled task, which is to return early.
    try? await Task.sleep(for: .milliseconds(max(0, span.milliseconds)))
  }
}
