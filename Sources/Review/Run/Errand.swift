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

/// What a reply to a request says about whether it was carried out (SEC-4.4).
enum Verdict: Hashable {
  case done(Handshake)
  /// No byte of it left.
  case notSent(BackendError)
  /// Refused for pace alone.
  case throttled(BackendError)
  case refused(BackendError)
  /// Refused because something else is changing the same thing.
  case conflict(BackendError)
  case unknown(IntentOutcome.Doubt, BackendError? = nil)

  init(_ reply: Result<Reply<Handshake>, BackendError>, to errand: Errand) {
    switch reply {
    case .success(let reply): self = Self.judge(reply.value, errand)
    case .failure(let error): self = Self.judge(error)
    }
  }

  private static func judge(_ handshake: Handshake, _ errand: Errand) -> Verdict {
    guard !handshake.isAmbiguous else { return .unknown(.oddReply) }
    return switch errand {
    case .answer(let item):
      handshake.id == item.id && handshake.state == item.answer.target
        ? .done(handshake) : .unknown(.oddReply)
    case .invite, .enableAllFeatures:
      handshake.id == nil ? .unknown(.oddReply) : .done(handshake)
    }
  }

  private static func judge(_ error: BackendError) -> Verdict {
    switch error.exception {
    // An earlier attempt may have brought it there, or another session.
    case .handshakeAlreadyInState: return .unknown(.concurrent, error)
    // AWS carries out nothing of a request that it answers so.
    case .concurrentModification where error.applied == .refused: return .conflict(error)
    // A 500: the server may have failed after doing it, unless the backend knows better.
    case .service where error.applied != .refused: return .unknown(.replyLost, error)
    default: break
    }
    switch error.applied {
    case .notSent: return .notSent(error)
    case .refused: return error.exception == .tooManyRequests ? .throttled(error) : .refused(error)
    case .unknown: return .unknown(.replyLost, error)
    }
  }
}

extension Verdict {
  /// What is written down about it.
  var outcome: IntentOutcome {
    switch self {
    case .done(let handshake): .done(handshake.id)
    case .notSent(let error): .notSent(error.journalMessage)
    case .throttled(let error), .refused(let error), .conflict(let error):
      .refused(error.journalRefusal)
    case .unknown(let doubt, _): .unknown(doubt, closed: false)
    }
  }
}

extension BackendError {
  /// The journal keeps no more of a server's message than this many bytes.
  private static let messageKept = 2_000

  fileprivate var journalMessage: Untrusted {
    let text = said ?? Untrusted("cancelled")
    return Untrusted(bytes: text.bytes.prefix(Self.messageKept))
  }

  fileprivate var journalRefusal: IntentOutcome.Refusal {
    IntentOutcome.Refusal(
      code: exception?.wireName ?? Untrusted("-"), reason: reason?.wireName,
      message: journalMessage, requestID: requestID)
  }
}
