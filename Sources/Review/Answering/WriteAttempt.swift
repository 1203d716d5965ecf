import Model
import ReviewInbox
import ReviewJournal
import Text

/// The sending of one request, as a state machine: each event returns the one thing to do next.
///
///     pacing → holding → identifying → reading → consulting → noting → sending → ending → ended
///        ↑                                                                         │ │
///        └──────── throttled, not sent or read too long ago: a new attempt ────────┘ └→ reconciling
///                                                                                       → concluding
struct WriteAttempt: Hashable {
  let write: WriteRequest
  let settings: RunSettings
  var state = Step.pacing
  /// The number of requests that were throttled.
  var throttled = 0
  /// The number of attempts of which no byte left, or whose reads were too old after the INTENT.
  var unsent = 0
  /// The uptime at which the first INTENT was to be written.
  var began: Span?
  /// The number of preflight reads that were throttled, which changes nothing at the service.
  var slowReads = 0
  /// The rounds of reads that were too old before the INTENT could be written.
  var staleLooks = 0
  /// The reason why the handshake is read again after the request.
  var cause: Inquiry.Cause?
  /// The uptime since which it is.
  var inquiring = Span.zero

  /// The state of the attempt.
  enum Step: Hashable {
    /// Waiting for the tokens of all calls of an attempt, or to try again. To: holding, ended.
    case pacing
    /// Taking the locks. To: identifying, ended.
    case holding
    /// Asking who is calling. To: reading, consulting, ended; back to pacing.
    case identifying(IntentID, since: Span)
    /// Reading the handshake again. To: consulting, ended; back to pacing.
    case reading(IntentID, Reply<Identity>, since: Span)
    /// Reading the operator's rules. To: noting, ended; back to pacing.
    case consulting(Look)
    /// Writing the INTENT. To: sending, ended; to ending if it is too late.
    case noting(JournalIntent, since: Span)
    /// One request is in flight. To: ending.
    case sending(JournalIntent)
    /// Writing the outcome of the reply. To: ended, pacing, reconciling.
    case ending(JournalIntent, Ending)
    /// Finding the outcome by reading. To: concluding, ended.
    case reconciling(JournalIntent, Reconciliation, unwritten: JournalFault?)
    /// Writing the outcome that was found. To: ended.
    case concluding(WriteOutcome)
    case ended(WriteResult)
  }

  /// The result of the preflight reads of one attempt.
  struct Look: Hashable {
    var id: IntentID
    var caller: Reply<Identity>
    /// The handshake as it is now; nil for a request that makes a new one.
    var handshake: Handshake?
    /// The service's time of the last of the reads.
    var asked: Timestamp
    /// The uptime before the first of the reads.
    var since: Span
  }

  /// The step that follows once the outcome of an attempt is written.
  enum Ending: Hashable {
    case verdict(Verdict)
    /// It was not sent, because the run is stopped.
    case stopped
    /// It was not sent, because the reads were too old.
    case stale
  }

  init(_ write: WriteRequest, _ settings: RunSettings) {
    self.write = write
    self.settings = settings
  }

  var result: WriteResult? {
    if case .ended(let result) = state { result } else { nil }
  }

  /// Begins the first attempt, or a new one.
  mutating func begin(_ pace: inout Pace, at uptime: Span, _ stop: StopRequest?) -> RunAction {
    if stop != nil { return end(givenUp) }
    if let wait = pace.take(write.operations, as: write.account, at: uptime) {
      state = .pacing
      return .wait(wait, for: .pace)
    }
    state = .holding
    return .hold(write)
  }

  /// Returns the action that follows `event`, which answers the last action.
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
      let verdict = Verdict(reply, to: write)
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
      // The event answers another action, which is an error of the driver. Nothing is sent.
      return state.isOver ? .release : end(.notTried(.asked))
    }
  }

  mutating func end(_ outcome: WriteOutcome, unwritten: JournalFault? = nil) -> RunAction {
    state = .ended(WriteResult(outcome, unwritten: unwritten))
    return .release
  }

  /// The outcome if it is stopped before a request: that of the last attempt, if there was one.
  var givenUp: WriteOutcome { lastRefusal ?? .notTried(.asked) }

  /// The outcome of the last attempt, if another one follows.
  var lastRefusal: WriteOutcome?
}

extension WriteAttempt.Step {
  fileprivate var isOver: Bool {
    if case .ended = self { true } else { false }
  }
}

// Before the request: who is calling, whether the handshake is as it was shown, and whether the
// operator's rules are as they were.

extension WriteAttempt {
  mutating func held(_ hold: RunEvent.Hold, at uptime: Span, _ stop: StopRequest?) -> RunAction {
    switch hold {
    case .refused(let why):
      return end(.heldBack(why))
    case .taken(let id):
      if stop != nil { return end(givenUp) }
      state = .identifying(id, since: uptime)
      return .identify(write.account)
    }
  }

  mutating func identified(
    _ id: IntentID, _ reply: Result<Reply<Identity>, BackendError>, since: Span,
    pace: inout Pace, at uptime: Span, _ stop: StopRequest?
  ) -> RunAction {
    if stop != nil { return end(givenUp) }
    switch reply {
    case .failure(let error):
      return unreadable(error, .describeOrganization, pace: &pace, at: uptime, stop)
    case .success(let caller):
      pace.learn(caller.value)
      guard caller.value.account == write.account else {
        return end(.heldBack(.callerChanged(caller.value.account)))
      }
      guard case .answer(let item) = write else {
        if let preflightFailure = write.preflightFailure(to: caller.value) {
          return end(.heldBack(preflightFailure))
        }
        return consult(
          Look(id: id, caller: caller, handshake: nil, asked: caller.time, since: since))
      }
      // An accept that was confirmed while the membership was unknown has nothing to compare with.
      let isAsReviewed =
        item.actor?.isInSameOrganization(as: caller.value) ?? (item.answer != .accept)
      guard isAsReviewed else {
        return end(.heldBack(.membershipChanged(caller.value.organization?.id)))
      }
      state = .reading(id, caller, since: since)
      return .read(item.id, item.account)
    }
  }

  mutating func read(
    _ id: IntentID, _ caller: Reply<Identity>, _ reply: Result<Reply<Handshake>, BackendError>,
    since: Span, pace: inout Pace, at uptime: Span, _ stop: StopRequest?
  ) -> RunAction {
    if stop != nil { return end(givenUp) }
    guard case .answer(let item) = write else { return end(givenUp) }
    switch reply {
    case .failure(let error):
      return unreadable(error, .describeHandshake, pace: &pace, at: uptime, stop)
    case .success(let reply):
      if let preflightFailure = preflightFailure(to: item, reply, for: caller.value) {
        return end(.heldBack(preflightFailure))
      }
      return consult(
        Look(id: id, caller: caller, handshake: reply.value, asked: reply.time, since: since))
    }
  }

  private mutating func consult(_ look: Look) -> RunAction {
    state = .consulting(look)
    return .readRules
  }

  /// Makes the last check before the INTENT: the rules as they are now, and the age of the reads.
  mutating func consulted(
    _ look: Look, _ reading: RulesReading, pace: inout Pace, at uptime: Span,
    _ stop: StopRequest?
  ) -> RunAction {
    if stop != nil { return end(givenUp) }
    switch reading {
    case .failed(let why): return end(.heldBack(.rulesUnreadable(why)))
    case .rules(let rules):
      if let preflightFailure = rules.preflightFailure(to: write, as: look.caller.value) {
        return end(.heldBack(preflightFailure))
      }
    }
    guard isStale(look.since, at: uptime) else { return note(look, at: uptime) }
    staleLooks += 1
    guard staleLooks < RunSettings.staleLooks else { return end(.heldBack(.stale)) }
    return begin(&pace, at: uptime, stop)
  }

  /// Returns whether reads that began at `since` are too old to send anything based on them.
  func isStale(_ since: Span, at uptime: Span) -> Bool {
    uptime.milliseconds - since.milliseconds > RunSettings.freshness.milliseconds
  }

  /// Returns the reason why the handshake must not be answered as it now is (SEC-4.2.3).
  private func preflightFailure(
    to item: PlanItem, _ reply: Reply<Handshake>, for caller: Identity
  ) -> PreflightFailure? {
    let now = reply.value
    guard now.damage.isEmpty else { return .damaged }
    if now.isPending || now.state == .expired {
      guard let expires = now.expires, expires - reply.time > RunSettings.margin else {
        return .expiring(now.expires)
      }
    }
    let fingerprint = Fingerprint(of: now, for: caller.account, at: settings.place)
    guard now.id == item.id, fingerprint == item.fingerprint else {
      return .changed(Change.difference(seen: item.seen, now: now))
    }
    return now.isPending ? nil : .settled(now.state)
  }

  /// Tries a throttled read again, and ends the attempt after any other error.
  ///
  /// Nothing was sent.
  private mutating func unreadable(
    _ error: BackendError, _ operation: Operation, pace: inout Pace, at uptime: Span,
    _ stop: StopRequest?
  ) -> RunAction {
    guard error.exception == .tooManyRequests, slowReads < RunSettings.throttledAttempts else {
      return end(.heldBack(.unreadable(error)))
    }
    slowReads += 1
    pace.drain(operation, as: write.account, for: error.retryAfter, at: uptime)
    return begin(&pace, at: uptime, stop)
  }

  private mutating func note(_ look: Look, at uptime: Span) -> RunAction {
    let caller = look.caller.value
    let intent = JournalIntent(
      id: look.id, act: write.act, account: write.account, caller: caller.caller,
      place: settings.place, reason: settings.reason, attempt: throttled + unsent + 1,
      asked: look.asked, subject: subject(look.handshake, for: caller))
    began = began ?? uptime
    state = .noting(intent, since: look.since)
    return .journal(.intent(intent))
  }

  private func subject(_ handshake: Handshake?, for caller: Identity) -> JournalIntent.Subject {
    guard let handshake else {
      return JournalIntent.Subject(organization: caller.organization?.id, sender: caller.account)
    }
    let joins =
      handshake.shape == .invitation
      && caller.organization?.managementAccount != handshake.senderAccount
    var isAccept = false
    if case .answer(let item) = write { isAccept = item.answer == .accept }
    return JournalIntent.Subject(
      action: handshake.action, organization: handshake.senderOrganization,
      sender: handshake.senderAccount, joins: joins,
      senderName: isAccept ? handshake.senderName : nil)
  }
}

extension Identity {
  /// Returns whether both have the same organization id and management account, as for trust.
  fileprivate func isInSameOrganization(as other: Identity) -> Bool {
    organization?.id == other.organization?.id
      && organization?.managementAccount == other.organization?.managementAccount
  }
}

extension WriteRequest {
  /// Returns the reason why the account makes no handshake: it left the organization that was
  /// shown.
  ///
  /// Returns nil for an account that is still in it, and for answers.
  fileprivate func preflightFailure(to caller: Identity) -> PreflightFailure? {
    switch self {
    case .answer: nil
    case .invite(_, _, let organization), .enableAllFeatures(_, let organization):
      caller.organization?.id == organization ? nil : .membershipChanged(caller.organization?.id)
    }
  }

  fileprivate var act: JournalIntent.Act {
    switch self {
    case .answer(let item): .answer(item.answer, item.id, item.fingerprint)
    case .invite(let invitation, _, _): .invite(invitation.target)
    case .enableAllFeatures: .enableAllFeatures
    }
  }
}
