import Model
import Text

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
