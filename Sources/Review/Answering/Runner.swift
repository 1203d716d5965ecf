import Model
import ReviewInbox
import ReviewJournal
import Text

/// The sending of a list of requests one by one, as a state machine.
///
/// Each event returns the next action and the news for the operator. A refusal does not stop the
/// rest; an unknown outcome does, and so does a journal that cannot be written. Between two
/// requests it can be asked to stop.
public struct Runner: Hashable, Sendable {
  /// The requests in the order of sending.
  public let writes: [WriteRequest]
  private let settings: RunSettings
  /// The service's token buckets as this run leaves them.
  public private(set) var pace: Pace
  private var results: [WriteResult] = []
  private var phase = Phase.idle

  private enum Phase: Hashable, Sendable {
    case idle
    /// The request behind the last of `results`.
    case running(WriteAttempt)
    /// Its locks are being released.
    case releasing
    /// The ids of the handshakes that were not tried are being recorded.
    case stopping(StopCause)
    case finished
  }

  /// One action, and the news that go with it.
  public struct Step: Hashable, Sendable {
    /// The action to carry out.
    public var action: RunAction
    /// The news for the operator, in order.
    public var news: [RunNews]
  }

  /// Prepares a run; `pace` has the token buckets that the last run left.
  public init(_ writes: [WriteRequest], settings: RunSettings, pace: Pace) {
    self.writes = writes
    self.settings = settings
    self.pace = pace
  }

  /// Returns the first step.
  public mutating func start(at uptime: Span, stop: StopRequest? = nil) -> Step {
    next(at: uptime, stop)
  }

  /// Returns the step that follows `event`, which answers the last action.
  public mutating func take(_ event: RunEvent, at uptime: Span, stop: StopRequest? = nil) -> Step {
    switch phase {
    case .idle, .finished:
      return Step(action: .finish, news: [])
    case .running(var run):
      // Cleared meanwhile, so that the run is not copied.
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
    guard results.count < writes.count else { return finish(nil) }
    var run = WriteAttempt(writes[results.count], settings)
    let action = run.begin(&pace, at: uptime, stop)
    return step(run, action)
  }

  /// Ends the run early, if requests are left.
  private mutating func halt(_ cause: StopCause) -> Step {
    results += writes[results.count...].map { _ in WriteResult(.notTried(cause)) }
    let left = zip(writes, results).filter { $1.outcome == .notTried(cause) }.map(\.0)
    guard !left.isEmpty else { return finish(nil) }
    // A journal that failed is left alone.
    if cause == .journal { return finish(cause) }
    phase = .stopping(cause)
    return Step(
      action: .journal(.stopped(cause, notTried: left.compactMap(\.handshake))), news: [])
  }

  private mutating func step(_ run: WriteAttempt, _ action: RunAction) -> Step {
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

extension WriteAttempt {
  /// Returns what the operator sees during `action`; nil if nothing new.
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

/// An action that the runner asks for, one at a time.
///
/// Each is answered by one event.
public enum RunAction: Hashable, Sendable {
  /// Wait for this time; answered by `.waited`.
  case wait(Span, for: Pause)
  /// Take the locks of an attempt, and look for an earlier unresolved one; answered by `.hold`.
  case hold(WriteRequest)
  /// Ask the service who is calling, not from memory; answered by `.identified`.
  case identify(AccountID)
  /// Read the handshake; answered by `.read`.
  case read(HandshakeID, AccountID)
  /// Read the operator's rules from the disk; answered by `.rulesRead`.
  case readRules
  /// Read a listing to its end; answered by `.listed`.
  case list(Query, AccountID)
  /// Record the event, and return once it is on the disk; answered by `.journalled`.
  case journal(JournalEvent)
  /// Send one request, once; answered by `.answered`.
  case send(WriteRequest)
  /// Release the locks of the attempt; answered by `.released`.
  case release
  /// The run has ended.
  case finish
}

/// The result of an action.
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

  /// The result of taking the locks of an attempt.
  public enum Hold: Hashable, Sendable {
    /// The locks are held for an attempt of this new name.
    case taken(IntentID)
    case refused(PreflightFailure)
  }
}

/// The purpose of a wait.
public enum Pause: Hashable, Sendable {
  /// The service allows only a number of calls a second.
  case pace
  /// No byte of the request left; it is tried again.
  case retry
  /// The handshake is read again to find the outcome of a request.
  case reconcile(Inquiry)
}

/// The progress of the readings that find the outcome of a request.
public struct Inquiry: Hashable, Sendable {
  /// The reason for reading.
  public var cause: Cause
  /// The number of the reading that comes next or is under way, from 1.
  public var reading: Int
  /// The most readings that there can be.
  public var limit: Int
  /// The result of the last reading; nil before the first.
  public var found: IntentOutcome?

  /// The reason why the reply alone is not enough.
  public enum Cause: Hashable, Sendable {
    /// The reply leaves it open whether the request was applied; with the error, if there was one.
    case doubt(IntentOutcome.Doubt, BackendError?)
    /// The service refused the request because something else is changing the same thing.
    ///
    /// Its present state is read for the report.
    case conflict(BackendError)
  }

  /// Creates a report of the progress.
  public init(_ cause: Cause, reading: Int, limit: Int, found: IntentOutcome? = nil) {
    self.cause = cause
    self.reading = reading
    self.limit = limit
    self.found = found
  }

  /// Whether the request is known not to have been applied, whatever the readings show.
  public var isRefused: Bool {
    if case .conflict = cause { true } else { false }
  }
}

/// The way in which a run is to end early; the later case is the stronger one.
public enum StopRequest: Hashable, Comparable, Sendable {
  /// A request that was sent is finished, its outcome included; no other one is sent.
  case betweenItems
  /// A request in flight is answered or given up; nothing is waited for.
  case now
}

/// The news of a run while it goes on.
public enum RunNews: Hashable, Sendable {
  /// The progress of the request at this index.
  case stage(Int, Stage)
  case ended(Int, WriteResult)
  case finished(RunSummary)

  /// The stage that a request has reached.
  public enum Stage: Hashable, Sendable {
    case waiting(Span, Pause)
    /// The preflight reads.
    case checking
    case sending
    case reconciling(Inquiry)
  }
}

/// The results of a run.
public struct RunSummary: Hashable, Sendable {
  /// One result for each request, in their order.
  public var results: [WriteResult]
  /// The reason why it ended before all were tried; nil if it did not.
  public var stopped: StopCause?

  /// Creates a summary.
  public init(results: [WriteResult], stopped: StopCause? = nil) {
    self.results = results
    self.stopped = stopped
  }
}

/// The settings that apply to every request of a run, and the limits of runs.
public struct RunSettings: Hashable, Sendable {
  /// The service that the requests go to.
  public var place: ServicePlace
  /// The operator's reason, for the journal; nil if there is none that is visible.
  public var reason: Untrusted?

  /// Creates settings; a blank `reason` counts as none.
  public init(place: ServicePlace, reason: Untrusted?) {
    self.place = place
    self.reason = reason.flatMap { Self.reason($0.bytes) }
  }

  /// Returns a reason as it is recorded; nil for one without a visible character.
  public static func reason(_ bytes: [UInt8]) -> Untrusted? {
    let reason = Untrusted(bytes: bytes)
    return reason.isBlank ? nil : reason
  }

  /// The time before its expiry in which a handshake is not answered (DOM-5.5).
  ///
  /// The request might come too late.
  static let margin = Span.seconds(30)
  /// The most requests for one answer while the service throttles it (SEC-4.4.7).
  ///
  /// It is also how many throttled preflight reads are tried again.
  static let throttledAttempts = 3
  /// The most further requests for one answer if no byte left or the reads were too old
  /// (SEC-4.4.6).
  static let unsentRetries = 3
  /// The time after the first INTENT in which these are begun (SEC-4.4.6).
  static let unsentBudget = Span.seconds(30)
  /// The age of the oldest preflight read at which all are repeated before anything is sent
  /// (SEC-4.2.2).
  ///
  /// Older reads mean that the program was stopped, or that the machine slept.
  package static let freshness = Span.seconds(5)
  /// The time in which a handshake is read again after a concurrent change refused its answer
  /// (DOM-10.3).
  static let conflictBudget = Span.seconds(5)
  /// The rounds of preflight reads longer than `freshness` after which the answer is held back.
  static let staleLooks = 3
}

extension Reply: Hashable where Value: Hashable {
  /// Hashes all members.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(value)
    hasher.combine(time)
    hasher.combine(requestID)
  }
}
