import Model
import Text

/// Sends a list of errands one by one: events in, actions out, and what to tell the operator.
///
/// A refusal does not stop the rest; an unknown outcome does, and so does a journal that cannot be
/// written. Between two errands it can be asked to stop.
public struct Runner: Hashable, Sendable {
  public let errands: [Errand]
  private let settings: RunSettings
  /// The service's buckets as this run leaves them.
  public private(set) var pace: Pace
  private var results: [ErrandResult] = []
  private var phase = Phase.idle

  private enum Phase: Hashable, Sendable {
    case idle
    /// The errand at the end of `results`.
    case running(ErrandRun)
    /// Its locks are being let go.
    case releasing
    /// The names of those that were not tried are being written down.
    case stopping(StopCause)
    case finished
  }

  /// One thing to do, and what it means for the operator.
  public struct Step: Hashable, Sendable {
    public var action: RunAction
    public var news: [RunNews]
  }

  public init(_ errands: [Errand], settings: RunSettings, pace: Pace) {
    self.errands = errands
    self.settings = settings
    self.pace = pace
  }

  public mutating func start(at uptime: Span, stop: StopRequest? = nil) -> Step {
    next(at: uptime, stop)
  }

  /// What is to be done after `event`, which answers the last action.
  public mutating func take(_ event: RunEvent, at uptime: Span, stop: StopRequest? = nil) -> Step {
    switch phase {
    case .idle, .finished:
      return Step(action: .finish, news: [])
    case .running(var run):
      // Emptied meanwhile, so that the run is not copied.
      phase = .idle
      let action = run.take(event, pace: &pace, at: uptime, stop)
      return step(run, action)
    case .releasing:
      return next(at: uptime, stop)
    case .stopping(let cause):
      return finish(cause)
    }
  }

  private mutating func next(at uptime: Span, _ stop: StopRequest?) -> Step {
    if let cause = results.last?.stopsTheRest ?? (stop == nil ? nil : .asked) {
      return halt(cause)
    }
    guard results.count < errands.count else { return finish(nil) }
    var run = ErrandRun(errands[results.count], settings)
    let action = run.begin(&pace, at: uptime, stop)
    return step(run, action)
  }

  /// Ends the run before its time, if anything is left.
  private mutating func halt(_ cause: StopCause) -> Step {
    results += errands[results.count...].map { _ in ErrandResult(.notTried(cause)) }
    let left = zip(errands, results).filter { $1.outcome == .notTried(cause) }.map(\.0)
    guard !left.isEmpty else { return finish(nil) }
    // A journal that failed is left alone.
    if cause == .journal { return finish(cause) }
    phase = .stopping(cause)
    return Step(
      action: .journal(.stopped(cause, notTried: left.compactMap(\.handshake))), news: [])
  }

  private mutating func step(_ run: ErrandRun, _ action: RunAction) -> Step {
    let index = results.count
    if let result = run.result {
      results.append(result)
      phase = .releasing
      return Step(action: action, news: [.ended(index, result)])
    }
    phase = .running(run)
    return Step(action: action, news: run.stage(action).map { [.stage(index, $0)] } ?? [])
  }

  private mutating func finish(_ cause: StopCause?) -> Step {
    phase = .finished
    let summary = RunSummary(results: results, stopped: cause)
    return Step(action: .finish, news: [.finished(summary)])
  }
}

extension ErrandRun {
  /// What the operator sees while `action` is done; nil when nothing new.
  fileprivate func stage(_ action: RunAction) -> RunNews.Stage? {
    switch (state, action) {
    case (_, .wait(let span, let pause)): .waiting(span, pause)
    case (_, .hold): .checking
    case (_, .send): .sending
    case (.reconciling, .read), (.reconciling, .list): inquiry.map { .reconciling($0) }
    default: nil
    }
  }
}
