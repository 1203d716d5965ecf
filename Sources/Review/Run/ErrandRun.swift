import Model
import Text

/// One errand on its way: a state machine whose every event returns the one thing to do next.
///
///     pacing → holding → identifying → reading → consulting → noting → sending → ending → ended
///        ↑                                                                         │ │
///        └──────── throttled, not sent or read too long ago: a new attempt ────────┘ └→ reconciling
///                                                                                       → concluding
struct ErrandRun: Hashable {
  let errand: Errand
  let settings: RunSettings
  var state = Step.pacing
  /// Requests that were refused for pace, and that never left.
  var throttled = 0
  var unsent = 0
  /// When the first request was to be sent, on uptime.
  var began: Span?
  /// Throttled while reading, which is nobody's loss.
  var slowReads = 0
  /// Rounds of reads that were too old before the INTENT could be written.
  var staleLooks = 0
  /// Why the handshake is read again after the request, and since when on uptime.
  var cause: Inquiry.Cause?
  var inquiring = Span.zero

  enum Step: Hashable {
    /// Waiting for the tokens of all calls of an attempt. To: holding, ended.
    case pacing
    /// Taking the locks. To: identifying, ended.
    case holding
    /// Asking who is calling. To: reading, consulting, ended; back to pacing.
    case identifying(IntentID, since: Span)
    /// Reading the handshake again. To: consulting, ended; back to pacing.
    case reading(IntentID, Reply<Identity>, since: Span)
    /// Reading the operator's rules. To: noting, ended; back to pacing.
    case consulting(Look)
    /// The INTENT is being written down. To: sending, ended; to ending when it is too late.
    case noting(JournalIntent, since: Span)
    /// One request is in flight. To: ending.
    case sending(JournalIntent)
    /// What the reply says is being written down. To: ended, pacing, reconciling.
    case ending(JournalIntent, Ending)
    /// Finding out by reading. To: concluding, ended.
    case reconciling(JournalIntent, Reconciliation, unwritten: JournalFault?)
    /// What was found out is being written down. To: ended.
    case concluding(ErrandOutcome)
    case ended(ErrandResult)
  }

  /// The result of the preflight reads of one attempt.
  struct Look: Hashable {
    var id: IntentID
    var caller: Reply<Identity>
    /// Nil for what makes a new one.
    var handshake: Handshake?
    /// The service's time of the last of them.
    var asked: Timestamp
    /// Our uptime before the first of them.
    var since: Span
  }

  /// What follows when the end of an attempt is written down.
  enum Ending: Hashable {
    case verdict(Verdict)
    /// It was not sent, because it was to be stopped.
    case stopped
    /// It was not sent, because what was read is too old by now.
    case stale
  }

  init(_ errand: Errand, _ settings: RunSettings) {
    self.errand = errand
    self.settings = settings
  }

  var result: ErrandResult? {
    if case .ended(let result) = state { result } else { nil }
  }

  /// Begins, or begins again with a new attempt.
  mutating func begin(_ pace: inout Pace, at uptime: Span, _ stop: StopRequest?) -> RunAction {
    if stop != nil { return end(givenUp) }
    if let wait = pace.take(errand.operations, as: errand.account, at: uptime) {
      state = .pacing
      return .wait(wait, for: .pace)
    }
    state = .holding
    return .hold(errand)
  }

  mutating func take(
    _ event: RunEvent, pace: inout Pace, at uptime: Span, _ stop: StopRequest?
  ) -> RunAction {
    switch (state, event) {
    case (.pacing, .waited):
      return begin(&pace, at: uptime, stop)
    case (.holding, .hold(let hold)):
      return held(hold, at: uptime, stop)
    case (.identifying(let id, let since), .identified(let reply)):
      return identified(id, reply, since: since, pace: &pace, at: uptime, stop)
    case (.reading(let id, let caller, let since), .read(let reply)):
      return read(id, caller, reply, since: since, pace: &pace, at: uptime, stop)
    case (.consulting(let look), .rulesRead(let reading)):
      return consulted(look, reading, pace: &pace, at: uptime, stop)
    case (.noting(let intent, let since), .journalled(let fault)):
      return noted(intent, since: since, fault, at: uptime, stop)
    case (.sending(let intent), .answered(let reply)):
      let verdict = Verdict(reply, to: errand)
      state = .ending(intent, .verdict(verdict))
      return .journal(.outcome(intent.id, verdict.outcome))
    case (.ending(let intent, let ending), .journalled(let fault)):
      return written(intent, ending, fault, pace: &pace, at: uptime, stop)
    case (.reconciling(let intent, let reconciliation, let unwritten), _):
      return reconcile(
        intent, reconciliation, event, unwritten: unwritten, pace: &pace, at: uptime, stop)
    case (.concluding(let outcome), .journalled(let fault)):
      return end(outcome, unwritten: fault)
    default:
      // An event that answers another action: the driver is wrong. Nothing is sent on it.
      return state.isOver ? .release : end(.notTried(.asked))
    }
  }

  mutating func end(_ outcome: ErrandOutcome, unwritten: JournalFault? = nil) -> RunAction {
    state = .ended(ErrandResult(outcome, unwritten: unwritten))
    return .release
  }

  /// What it is when it is stopped before a request: the last refusal, if there was one.
  var givenUp: ErrandOutcome { lastRefusal ?? .notTried(.asked) }

  /// What the last attempt came to, when another is to follow.
  var lastRefusal: ErrandOutcome?
}

extension ErrandRun.Step {
  fileprivate var isOver: Bool {
    if case .ended = self { true } else { false }
  }
}
