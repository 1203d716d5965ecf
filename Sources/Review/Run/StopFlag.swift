import Model
import Synchronization

/// Raised from outside to end a run before its time; never lowered.
public final class StopFlag: Sendable {
  private let request = Mutex<StopRequest?>(nil)

  public init() {}

  /// A stronger request replaces a weaker one.
  public func raise(_ stop: StopRequest) {
    request.withLock { $0 = max($0 ?? stop, stop) }
  }

  public var raised: StopRequest? { request.withLock { $0 } }
}

extension Sleeper {
  /// Sleeps in slices, so that a stop is seen within one.
  func sleep(_ span: Span, until isEnough: () -> Bool) async {
    let slice = Int64(200)
    var left = span.milliseconds
    while left > 0, !isEnough(), !Task.isCancelled {
      await sleep(Span(milliseconds: min(left, slice)))
      left -= slice
    }
  }
}
