import Model
import Text

/// One thing that is asked of the service and changes something there.
public enum Errand: Hashable, Sendable {
  case answer(PlanItem)
  /// By this account, while it is in this organization.
  case invite(Invitation, AccountID, into: OrganizationID?)
  /// By this account, while it is in this organization.
  case enableAllFeatures(AccountID, in: OrganizationID?)

  /// The account that acts.
  public var account: AccountID {
    switch self {
    case .answer(let item): item.account
    case .invite(_, let account, _), .enableAllFeatures(let account, _): account
    }
  }

  /// The handshake that is answered; nil for what makes a new one.
  public var handshake: HandshakeID? {
    if case .answer(let item) = self { item.id } else { nil }
  }

  var operation: Operation {
    switch self {
    case .answer(let item): .sending(item.answer)
    case .invite: .inviteAccountToOrganization
    case .enableAllFeatures: .enableAllFeatures
    }
  }

  /// The calls that are made for it in one go, without waiting between them.
  var operations: [Operation] {
    let reading: [Operation] = handshake == nil ? [] : [.describeHandshake]
    return [.describeOrganization] + reading + [operation]
  }
}

/// What became of an errand.
public enum ErrandOutcome: Hashable, Sendable {
  /// It is done. The handshake as it now is, if it could be read; the proof when it was not the
  /// reply that said so but a later look, so that another session may have done it.
  case done(Handshake?, IntentOutcome.Proof?)
  /// The service said no. The state in which it was read afterwards, where it was.
  case refused(BackendError, now: State? = nil)
  /// It never left this machine.
  case notSent(BackendError)
  /// A rule of ours: nothing was sent.
  case heldBack(HoldBack)
  /// It was sent, its reply left it open, and reading showed that it is not done, but in this state.
  case notApplied(State?, after: Inquiry.Cause? = nil)
  /// Not to be sent again before it is found out.
  case unknown(IntentOutcome.Doubt, IntentID)
  /// The run ended before.
  case notTried(StopCause)

  /// Whether the request can have had an effect.
  public var applied: BackendError.Applied? {
    switch self {
    case .done: nil
    case .refused, .notApplied: .refused
    case .notSent, .heldBack, .notTried: .notSent
    case .unknown: .unknown
    }
  }

  /// Why what comes after it must not be sent: nobody knows how this one ended, it may be carried out
  /// late while it is still pending, or it cannot be written down.
  var stopsTheRest: StopCause? {
    switch self {
    case .heldBack(.journal): .journal
    case .done, .refused, .notSent, .heldBack, .notTried: nil
    case .notApplied(let state, _): state?.isTerminal ?? false ? nil : .unknownOutcome
    case .unknown: .unknownOutcome
    }
  }
}

/// Why an errand was not sent although it was asked for.
public enum HoldBack: Hashable, Sendable {
  /// The handshake is not as it was shown.
  case changed([Change])
  /// It could not be read whole.
  case damaged
  /// It is not pending.
  case settled(State?)
  /// It expires too soon, or has expired.
  case expiring(Timestamp?)
  /// The credentials are those of another account by now.
  case callerChanged(AccountID)
  /// The account is in this organization by now, or in none: not what was shown when it was staged.
  case membershipChanged(OrganizationID?)
  /// The trust list is not as it was when this was confirmed.
  case trustChanged(SenderTrust.Loss)
  /// The trust list cannot be read, for this reason.
  case rulesUnreadable(Untrusted)
  /// It could not be read again.
  case unreadable(BackendError)
  /// What became of an earlier attempt is not known yet.
  case openIntent(IntentID)
  /// More time than `RunSettings.freshness` passed between reading and sending, again and again: the
  /// program or the machine was stopped, or the service is slow.
  case stale
  /// Another program on this host is sending as this account.
  case heldElsewhere
  /// Nothing may be sent as this account.
  case noBackend
  /// The intent could not be written down.
  case journal(JournalFault)
}

/// An errand's outcome, and whether it is in the journal.
public struct ErrandResult: Hashable, Sendable {
  public var outcome: ErrandOutcome
  /// Why what became of it is not written down.
  public var unwritten: JournalFault?

  public init(_ outcome: ErrandOutcome, unwritten: JournalFault? = nil) {
    self.outcome = outcome
    self.unwritten = unwritten
  }

  var stopsTheRest: StopCause? { unwritten == nil ? outcome.stopsTheRest : .journal }
}
