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

// Before the request: who is calling, whether the handshake is as it was shown, and whether the
// operator's rules are as they were.

extension ErrandRun {
  mutating func held(_ hold: RunEvent.Hold, at uptime: Span, _ stop: StopRequest?) -> RunAction {
    switch hold {
    case .refused(let why):
      return end(.heldBack(why))
    case .taken(let id):
      if stop != nil { return end(givenUp) }
      state = .identifying(id, since: uptime)
      return .identify(errand.account)
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
      guard caller.value.account == errand.account else {
        return end(.heldBack(.callerChanged(caller.value.account)))
      }
      guard case .answer(let item) = errand else {
        if let objection = errand.objection(to: caller.value) { return end(.heldBack(objection)) }
        return consult(
          Look(id: id, caller: caller, handshake: nil, asked: caller.time, since: since))
      }
      // An accept that was confirmed while the membership was unknown has nothing to be compared with.
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
    guard case .answer(let item) = errand else { return end(givenUp) }
    switch reply {
    case .failure(let error):
      return unreadable(error, .describeHandshake, pace: &pace, at: uptime, stop)
    case .success(let reply):
      if let objection = objection(to: item, reply, for: caller.value) {
        return end(.heldBack(objection))
      }
      return consult(
        Look(id: id, caller: caller, handshake: reply.value, asked: reply.time, since: since))
    }
  }

  private mutating func consult(_ look: Look) -> RunAction {
    state = .consulting(look)
    return .readRules
  }

  /// The last check before the INTENT: the rules as they are now, over reads that are fresh.
  mutating func consulted(
    _ look: Look, _ reading: RulesReading, pace: inout Pace, at uptime: Span,
    _ stop: StopRequest?
  ) -> RunAction {
    if stop != nil { return end(givenUp) }
    switch reading {
    case .failed(let why): return end(.heldBack(.rulesUnreadable(why)))
    case .rules(let rules):
      if let objection = rules.objection(to: errand, as: look.caller.value) {
        return end(.heldBack(objection))
      }
    }
    guard isStale(look.since, at: uptime) else { return note(look, at: uptime) }
    staleLooks += 1
    guard staleLooks < RunSettings.staleLooks else { return end(.heldBack(.stale)) }
    return begin(&pace, at: uptime, stop)
  }

  /// Whether reads that began at `since` are too old to send anything on.
  func isStale(_ since: Span, at uptime: Span) -> Bool {
    uptime.milliseconds - since.milliseconds > RunSettings.freshness.milliseconds
  }

  /// Why the handshake must not be answered as it now is (SEC-4.2.3).
  private func objection(
    to item: PlanItem, _ reply: Reply<Handshake>, for caller: Identity
  ) -> HoldBack? {
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

  /// A reading that is refused for pace is tried again; nothing was sent.
  private mutating func unreadable(
    _ error: BackendError, _ operation: Operation, pace: inout Pace, at uptime: Span,
    _ stop: StopRequest?
  ) -> RunAction {
    guard error.exception == .tooManyRequests, slowReads < RunSettings.throttledAttempts else {
      return end(.heldBack(.unreadable(error)))
    }
    slowReads += 1
    pace.drain(operation, as: errand.account, for: error.retryAfter, at: uptime)
    return begin(&pace, at: uptime, stop)
  }

  private mutating func note(_ look: Look, at uptime: Span) -> RunAction {
    let caller = look.caller.value
    let intent = JournalIntent(
      id: look.id, act: errand.act, account: errand.account, caller: caller.caller,
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
    if case .answer(let item) = errand { isAccept = item.answer == .accept }
    return JournalIntent.Subject(
      action: handshake.action, organization: handshake.senderOrganization,
      sender: handshake.senderAccount, joins: joins,
      senderName: isAccept ? handshake.senderName : nil)
  }
}

extension Identity {
  /// By the id and the management account, as for trust.
  fileprivate func isInSameOrganization(as other: Identity) -> Bool {
    organization?.id == other.organization?.id
      && organization?.managementAccount == other.organization?.managementAccount
  }
}

extension Errand {
  /// Returns why an account that is no longer in the organization that was shown makes no handshake;
  /// nil when it still is.
  fileprivate func objection(to caller: Identity) -> HoldBack? {
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
