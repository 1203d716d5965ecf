import Model
import ReviewInbox
import ReviewJournal
import Synchronization
import Text

/// The loop that carries out the actions of `Runner` with the backends, the journal and the clock.
///
/// The screens and the commands use the same one.
public struct RunDriver: Sendable {
  private let backends: @Sendable (AccountID) -> (any HandshakeBackend)?
  private let journal: Journal
  private let rules: @Sendable () -> RulesReading
  private let clock: any TimeSource
  private let sleeper: any Sleeper

  /// Creates a driver.
  ///
  /// - Parameters:
  ///   - backends: Returns the backend of an account; nil for one that may not send.
  ///   - journal: Records each attempt and its outcome.
  ///   - rules: Reads the operator's rules as they are now, never from memory.
  ///   - clock: Measures uptime.
  ///   - sleeper: Waits.
  public init(
    backends: @escaping @Sendable (AccountID) -> (any HandshakeBackend)?, journal: Journal,
    rules: @escaping @Sendable () -> RulesReading, clock: any TimeSource, sleeper: any Sleeper
  ) {
    self.backends = backends
    self.rules = rules
    self.journal = journal
    self.clock = clock
    self.sleeper = sleeper
  }

  /// Sends the requests one after the other, with at most one request for each INTENT.
  ///
  /// Cancelling the task counts as `StopRequest.now`; the caller must still wait for the summary,
  /// so that the journal is complete.
  ///
  /// - Returns: The results, and the service's token buckets for the next run.
  public func run(
    _ writes: [WriteRequest], settings: RunSettings, pace: Pace, stop: StopFlag = StopFlag(),
    news: @Sendable (RunNews) -> Void = { _ in }
  ) async -> (summary: RunSummary, pace: Pace) {
    var runner = Runner(writes, settings: settings, pace: pace)
    var holds: [any JournalHold] = []
    var step = runner.start(at: clock.uptime(), stop: request(stop))
    while true {
      for item in step.news {
        news(item)
        if case .finished(let summary) = item { return (summary, runner.pace) }
      }
      let event = await perform(step.action, settings.place, &holds, stop)
      step = runner.take(event, at: clock.uptime(), stop: request(stop))
    }
  }

  private func request(_ stop: StopFlag) -> StopRequest? { Task.isCancelled ? .now : stop.raised }

  private func perform(
    _ action: RunAction, _ place: ServicePlace, _ holds: inout [any JournalHold], _ stop: StopFlag
  ) async -> RunEvent {
    switch action {
    case .wait(let span, let pause):
      await sleeper.sleep(span) {
        pause.endsOnlyNow ? stop.raised == .now : stop.raised != nil
      }
      return .waited
    case .hold(let write):
      Self.release(&holds)
      return .hold(hold(write, place, &holds))
    case .release:
      Self.release(&holds)
      return .released
    case .journal(let event):
      return .journalled(write(event))
    case .identify(let account):
      guard let backend = backends(account) else { return .identified(.failure(.noBackend)) }
      return .identified(
        await outcome { () async throws(BackendError) in try await backend.identityNow() })
    case .read(let id, let account):
      guard let backend = backends(account) else { return .read(.failure(.noBackend)) }
      return .read(
        await outcome { () async throws(BackendError) in try await backend.handshake(id) })
    case .readRules:
      return .rulesRead(rules())
    case .list(let query, let account):
      guard let backend = backends(account) else { return .listed(.failure(.noBackend)) }
      return .listed(await backend.everyPage(of: query))
    case .send(let write):
      guard let backend = backends(write.account) else { return .answered(.failure(.noBackend)) }
      return .answered(
        await outcome { () async throws(BackendError) in try await backend.send(write) })
    case .finish:
      return .released
    }
  }

  private static func release(_ holds: inout [any JournalHold]) {
    for hold in holds.reversed() { hold.release() }
    holds = []
  }

  private func write(_ event: JournalEvent) -> JournalFault? {
    do throws(JournalFault) {
      try journal.append(event)
      return nil
    } catch {
      return error
    }
  }

  /// Takes the locks of an attempt.
  ///
  /// One process on this host sends as one account at a time, and none while an earlier attempt is
  /// unresolved (SEC-4.4.3, SEC-4.4.4).
  private func hold(
    _ write: WriteRequest, _ place: ServicePlace, _ holds: inout [any JournalHold]
  ) -> RunEvent.Hold {
    guard backends(write.account) != nil else { return .refused(.noBackend) }
    do throws(JournalFault) {
      guard let account = try journal.file.hold(.account(write.account.text)) else {
        return .refused(.heldElsewhere)
      }
      holds.append(account)
      let open = try journal.openIntents().first {
        $0.intent.place == place && $0.intent.bars(write)
      }
      if let open { return .refused(.openIntent(open.intent.id)) }
      let id = journal.makeIntentID()
      guard let intent = try journal.file.hold(.intent(id)) else {
        return .refused(.heldElsewhere)
      }
      holds.append(intent)
      return .taken(id)
    } catch {
      return .refused(.journal(error))
    }
  }
}

extension Pause {
  /// Whether only `StopRequest.now` ends the wait: the outcome of a request has to be found.
  fileprivate var endsOnlyNow: Bool {
    if case .reconcile(let inquiry) = self { !inquiry.isRefused } else { false }
  }
}

extension BackendError {
  /// The error of a call for an account without a backend; nothing is sent.
  fileprivate static let noBackend = BackendError(
    .cancelled, in: .describeHandshake, applied: .notSent)
}

extension HandshakeBackend {
  fileprivate func send(_ write: WriteRequest) async throws(BackendError) -> Reply<Handshake> {
    switch write {
    case .answer(let item): try await send(item.answer, Untrusted(item.id.text))
    case .invite(let invitation, _, _): try await invite(invitation)
    case .enableAllFeatures: try await enableAllFeatures()
    }
  }
}

/// Returns the result of `body`, with what it throws as a failure.
func outcome<Value>(
  _ body: () async throws(BackendError) -> Value
) async -> Result<Value, BackendError> {
  do throws(BackendError) {
    return .success(try await body())
  } catch {
    return .failure(error)
  }
}

/// A flag that asks a run from outside to end early; it is never lowered.
public final class StopFlag: Sendable {
  private let request = Mutex<StopRequest?>(nil)

  /// Creates a flag that is not raised.
  public init() {}

  /// Raises the flag; a stronger request replaces a weaker one.
  public func raise(_ stop: StopRequest) {
    request.withLock { $0 = max($0 ?? stop, stop) }
  }

  /// The strongest request so far; nil if there was none.
  public var raised: StopRequest? { request.withLock { $0 } }
}

extension Sleeper {
  /// Sleeps in slices of 200 ms, so that a stop is noticed within one.
  func sleep(_ span: Span, until isEnough: () -> Bool) async {
    let slice = Int64(200)
    var left = span.milliseconds
    while left > 0, !isEnough(), !Task.isCancelled {
      await sleep(Span(milliseconds: min(left, slice)))
      left -= slice
    }
  }
}
