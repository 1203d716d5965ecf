import Model
import ReviewInbox
import ReviewJournal
import Text

// From the INTENT on: one request, and the steps that follow its reply.

extension WriteAttempt {
  /// Decides for the last time whether the request is sent, after its INTENT is on the disk
  /// (SEC-4.4.1).
  mutating func noted(
    _ intent: JournalIntent, since: Span, _ fault: JournalFault?, at uptime: Span,
    _ stop: StopRequest?
  ) -> RunAction {
    if let fault { return end(.heldBack(.journal(fault))) }
    if stop != nil { return giveUp(intent, .stopped, "stopped before it was sent") }
    if isStale(since, at: uptime) {
      return giveUp(intent, .stale, "the data read before sending was too old")
    }
    state = .sending(intent)
    return .send(write)
  }

  private mutating func giveUp(_ intent: JournalIntent, _ ending: Ending, _ why: String)
    -> RunAction
  {
    state = .ending(intent, ending)
    return .journal(.outcome(intent.id, .notSent(Untrusted(why))))
  }

  /// Returns the action after the outcome of an attempt was written, or could not be (`fault`).
  mutating func written(
    _ intent: JournalIntent, _ ending: Ending, _ fault: JournalFault?, pace: inout Pace,
    at uptime: Span, _ stop: StopRequest?
  ) -> RunAction {
    switch ending {
    case .stopped:
      return end(givenUp, unwritten: fault)
    case .stale:
      return retryUnsent(.heldBack(.stale), fault, &pace, at: uptime, stop)
    case .verdict(.done(let handshake)):
      return end(.done(handshake, nil), unwritten: fault)
    case .verdict(.refused(let error)):
      return end(.refused(error), unwritten: fault)
    // The operator gave no code, or has to log in: a second try would only ask again.
    case .verdict(.notSent(let error)) where error.needsOperator:
      return end(.notSent(error), unwritten: fault)
    case .verdict(.notSent(let error)):
      return retryUnsent(.notSent(error), fault, &pace, at: uptime, stop)
    case .verdict(.throttled(let error)):
      return retryThrottled(error, fault, &pace, at: uptime, stop)
    case .verdict(.conflict(let error)):
      if stop != nil { return end(.refused(error), unwritten: fault) }
      return inquire(
        .conflict(error), intent, Reconciliation(afterRefusalOf: intent), fault, at: uptime)
    case .verdict(.unknown(let doubt, let error)):
      if stop == .now { return end(.unknown(doubt, intent.id), unwritten: fault) }
      return inquire(
        .doubt(doubt, error), intent, Reconciliation(of: intent, age: nil), fault, at: uptime)
    }
  }

  private mutating func inquire(
    _ cause: Inquiry.Cause, _ intent: JournalIntent, _ reconciliation: Reconciliation,
    _ fault: JournalFault?, at uptime: Span
  ) -> RunAction {
    self.cause = cause
    inquiring = uptime
    var reconciliation = reconciliation
    let step = reconciliation.begin()
    return follow(step, intent, reconciliation, unwritten: fault)
  }

  private mutating func retryThrottled(
    _ error: BackendError, _ fault: JournalFault?, _ pace: inout Pace, at uptime: Span,
    _ stop: StopRequest?
  ) -> RunAction {
    throttled += 1
    lastRefusal = .refused(error)
    guard throttled < RunSettings.throttledAttempts, fault == nil, stop == nil else {
      return end(.refused(error), unwritten: fault)
    }
    pace.drain(write.operation, as: write.account, for: error.retryAfter, at: uptime)
    return begin(&pace, at: uptime, stop)
  }

  private mutating func retryUnsent(
    _ outcome: WriteOutcome, _ fault: JournalFault?, _ pace: inout Pace, at uptime: Span,
    _ stop: StopRequest?
  ) -> RunAction {
    unsent += 1
    lastRefusal = outcome
    // 1, 2, 4 seconds.
    let wait = Span.seconds(1 << Int64(unsent - 1))
    let elapsed = uptime.milliseconds - (began ?? uptime).milliseconds + wait.milliseconds
    guard unsent <= RunSettings.unsentRetries, elapsed <= RunSettings.unsentBudget.milliseconds,
      fault == nil, stop == nil
    else { return end(outcome, unwritten: fault) }
    state = .pacing
    return .wait(wait, for: .retry)
  }

  mutating func reconcile(
    _ intent: JournalIntent, _ reconciliation: Reconciliation, _ event: RunEvent,
    unwritten: JournalFault?, pace: inout Pace, at uptime: Span, _ stop: StopRequest?
  ) -> RunAction {
    var reconciliation = reconciliation
    var step: Reconciliation.Step
    switch event {
    case .waited: step = reconciliation.waited()
    case .read(let reply): step = reconciliation.read(reply)
    case .listed(let reply): step = reconciliation.listed(reply)
    case .identified(let reply): step = reconciliation.identified(reply)
    default: return end(.unknown(.abandoned, intent.id), unwritten: unwritten)
    }
    if case .conflict(let error) = cause, !step.isConclusion {
      if stop != nil { return end(.refused(error), unwritten: unwritten) }
      if case .wait(let span) = step, isOverBudget(after: span, at: uptime) {
        step = reconciliation.conclude()
      }
    } else if stop == .now, !step.isConclusion {
      // The journal says UNKNOWN: the next start goes on from there.
      return end(.unknown(.abandoned, intent.id), unwritten: unwritten)
    }
    if case .read = step { pace.charge(.describeHandshake, as: write.account, at: uptime) }
    return follow(step, intent, reconciliation, unwritten: unwritten)
  }

  /// Returns whether another reading after a refusal would come too late.
  private func isOverBudget(after wait: Span, at uptime: Span) -> Bool {
    uptime.milliseconds - inquiring.milliseconds + wait.milliseconds
      > RunSettings.conflictBudget.milliseconds
  }

  /// The progress of the readings after the request; nil before them.
  var inquiry: Inquiry? {
    guard case .reconciling(_, let reconciliation, _) = state, let cause else { return nil }
    return Inquiry(
      cause, reading: reconciliation.reading, limit: reconciliation.limit,
      found: reconciliation.found)
  }

  private mutating func follow(
    _ step: Reconciliation.Step, _ intent: JournalIntent, _ reconciliation: Reconciliation,
    unwritten: JournalFault?
  ) -> RunAction {
    state = .reconciling(intent, reconciliation, unwritten: unwritten)
    switch step {
    case .wait(let span):
      guard let inquiry else { return end(.unknown(.abandoned, intent.id), unwritten: unwritten) }
      return .wait(span, for: .reconcile(inquiry))
    case .read(let id): return .read(id, write.account)
    case .list(let query): return .list(query, write.account)
    case .identify: return .identify(write.account)
    case .conclude(let conclusion):
      let outcome = WriteOutcome(conclusion, of: intent.id, after: cause)
      // If an outcome could not be written, no further one is; and the refusal is written already.
      if unwritten != nil || outcome.isRefusal { return end(outcome, unwritten: unwritten) }
      state = .concluding(outcome)
      return .journal(.outcome(intent.id, conclusion.outcome))
    }
  }
}

extension BackendError {
  fileprivate var needsOperator: Bool {
    if case .credentials(let fault) = failure {
      ![.unreachable, .throttled].contains(fault.problem)
    } else {
      false
    }
  }
}

extension WriteOutcome {
  init(
    _ conclusion: Reconciliation.Conclusion, of intent: IntentID, after cause: Inquiry.Cause?
  ) {
    switch (conclusion.outcome, cause) {
    case (.doneLater(let proof, _), _): self = .done(conclusion.handshake, proof)
    case (.notApplied(let state), .conflict(let error)): self = .refused(error, now: state)
    case (_, .conflict(let error)): self = .refused(error)
    case (.notApplied(let state), let cause): self = .notApplied(state, after: cause)
    case (.unknown(let doubt, _), _): self = .unknown(doubt, intent)
    // A conclusion is one of the three above.
    case (.notSent, _), (.done, _), (.refused, _): self = .unknown(.abandoned, intent)
    }
  }

  fileprivate var isRefusal: Bool {
    if case .refused = self { true } else { false }
  }
}
