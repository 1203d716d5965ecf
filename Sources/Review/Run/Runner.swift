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

/// What the runner wants done next; exactly one at a time. Each is answered by one event.
public enum RunAction: Hashable, Sendable {
  /// Let time pass; `.waited`.
  case wait(Span, for: Pause)
  /// Take the locks of an attempt, and look for an earlier one without an end; `.hold`.
  case hold(Errand)
  /// `.identified`
  case identify(AccountID)
  /// `.read`
  case read(HandshakeID, AccountID)
  /// Read the operator's rules from the disk; `.rulesRead`.
  case readRules
  /// Read a listing to its end; `.listed`.
  case list(Query, AccountID)
  /// Write down, and be sure that it is on the disk; `.journalled`.
  case journal(JournalEvent)
  /// Send one request, once; `.answered`.
  case send(Errand)
  /// Let the locks of the attempt go; `.released`.
  case release
  /// There is nothing more to do.
  case finish
}

/// What came of an action.
public enum RunEvent: Hashable, Sendable {
  case waited
  case hold(Hold)
  case identified(Result<Reply<Identity>, BackendError>)
  case read(Result<Reply<Handshake>, BackendError>)
  case rulesRead(RulesReading)
  case listed(Result<[Handshake], BackendError>)
  case journalled(JournalFault?)
  case answered(Result<Reply<Handshake>, BackendError>)
  case released

  public enum Hold: Hashable, Sendable {
    /// Held, under this new name.
    case taken(IntentID)
    case refused(HoldBack)
  }
}

/// What a wait is for.
public enum Pause: Hashable, Sendable {
  /// The service takes only so many calls a second.
  case pace
  /// Nothing had left; it is tried again.
  case retry
  /// The handshake is read again to learn how a request ended.
  case reconcile(Inquiry)
}

/// The readings that tell how a request ended, as far as they have come.
public struct Inquiry: Hashable, Sendable {
  public var cause: Cause
  /// The number of the reading that comes next or is under way, from 1.
  public var reading: Int
  /// How many readings there will be at most.
  public var limit: Int
  /// What the last reading said; nil before the first.
  public var found: IntentOutcome?

  /// Why the reply alone is not enough.
  public enum Cause: Hashable, Sendable {
    /// The reply leaves it open whether the request was carried out. The error, where one came.
    case doubt(IntentOutcome.Doubt, BackendError?)
    /// The service refused the request because something else is changing the same thing. What it is
    /// now is read for the report.
    case conflict(BackendError)
  }

  public init(_ cause: Cause, reading: Int, limit: Int, found: IntentOutcome? = nil) {
    self.cause = cause
    self.reading = reading
    self.limit = limit
    self.found = found
  }

  /// Whether the request is known not to have been carried out, whatever the readings say.
  public var isRefused: Bool {
    if case .conflict = cause { true } else { false }
  }
}

/// How a run is to end before its time.
public enum StopRequest: Hashable, Comparable, Sendable {
  /// What is begun is finished.
  case betweenItems
  /// What is in flight is answered or given up; nothing is waited for.
  case now
}

/// What is told while a run goes on.
public enum RunNews: Hashable, Sendable {
  /// The errand at this place has come to this.
  case stage(Int, Stage)
  case ended(Int, ErrandResult)
  case finished(RunSummary)

  public enum Stage: Hashable, Sendable {
    case waiting(Span, Pause)
    /// It is read again.
    case checking
    case sending
    case reconciling(Inquiry)
  }
}

/// How a run went.
public struct RunSummary: Hashable, Sendable {
  /// One for each errand, in their order.
  public var results: [ErrandResult]
  /// Why it ended before all were tried.
  public var stopped: StopCause?

  public init(results: [ErrandResult], stopped: StopCause? = nil) {
    self.results = results
    self.stopped = stopped
  }
}

/// What holds for every errand of a run.
public struct RunSettings: Hashable, Sendable {
  public var place: ServicePlace
  /// The operator's words, for the journal; nil when there are none that can be seen.
  public var reason: Untrusted?

  public init(place: ServicePlace, reason: Untrusted?) {
    self.place = place
    self.reason = reason.flatMap { $0.isBlank ? nil : $0 }
  }

  /// What expires sooner is not answered: the request might come too late (DOM-5.5).
  static let margin = Span.seconds(30)
  /// Requests for one errand while the service refuses them for pace (SEC-4.4.7).
  static let throttledAttempts = 3
  /// Further requests for one errand after none had left, and for how long (SEC-4.4.6).
  static let unsentRetries = 3
  static let unsentBudget = Span.seconds(30)
  /// The age of the oldest preflight read at which all are read again before anything is sent: the
  /// program was stopped, or the machine slept (SEC-4.2.2).
  static let freshness = Span.seconds(5)
  /// How long a request is read again that was refused because something else changed the same thing.
  /// (DOM-10.3)
  static let conflictBudget = Span.seconds(5)
  /// Rounds of preflight reads of one errand that took longer than `freshness`; then it is held back.
  static let staleLooks = 3
}

extension Reply: Hashable where Value: Hashable {
  public func hash(into hasher: inout Hasher) {
    hasher.combine(value)
    hasher.combine(time)
    hasher.combine(requestID)
  }
}
