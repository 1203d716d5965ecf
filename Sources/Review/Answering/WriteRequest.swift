import Model
import ReviewInbox
import ReviewJournal
import Text

/// One request that changes something at the service.
public enum WriteRequest: Hashable, Sendable {
  case answer(PlanItem)
  /// Made by this account, while it is in this organization.
  case invite(Invitation, AccountID, into: OrganizationID?)
  /// Made by this account, while it is in this organization.
  case enableAllFeatures(AccountID, in: OrganizationID?)

  /// The account that acts.
  public var account: AccountID {
    switch self {
    case .answer(let item): item.account
    case .invite(_, let account, _), .enableAllFeatures(let account, _): account
    }
  }

  /// The handshake that is answered; nil for a request that makes a new one.
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

extension JournalIntent {
  /// Returns whether this attempt must be resolved before `write` is sent to the same service.
  ///
  /// It must be for the same handshake, and for any other accept of the account (SEC-4.4.4); and
  /// for an invitation of the same target, or another request to enable all features, by the
  /// account.
  func bars(_ write: WriteRequest) -> Bool {
    guard account == write.account else { return false }
    switch (act, write) {
    case (.answer(let answer, let id, _), .answer(let item)):
      return id == item.id || (answer == .accept && item.answer == .accept)
    case (.invite(let target), .invite(let invitation, _, _)): return target == invitation.target
    case (.enableAllFeatures, .enableAllFeatures): return true
    default: return false
    }
  }
}

/// The outcome of a request.
public enum WriteOutcome: Hashable, Sendable {
  /// It is done; with the handshake as it now is, if it could be read.
  ///
  /// The proof is there if a later reading showed it and not the reply, so that another session may
  /// have done it.
  case done(Handshake?, IntentOutcome.Proof?)
  /// The service refused it; with the state in which it was read afterwards, if it was.
  case refused(BackendError, now: HandshakeState? = nil)
  /// No byte of it left this machine.
  case notSent(BackendError)
  /// A rule of this program was against it: nothing was sent.
  case heldBack(PreflightFailure)
  /// It was sent, its reply left the outcome open, and reading showed that it is not done, but in
  /// this state.
  case notApplied(HandshakeState?, after: Inquiry.Cause? = nil)
  /// The outcome is unknown. It must not be sent again before the outcome is found.
  case unknown(IntentOutcome.Doubt, IntentID)
  /// The run ended before.
  case notTried(StopCause)

  /// Whether the request can have had an effect; nil if it is done.
  public var applied: BackendError.Applied? {
    switch self {
    case .done: nil
    case .refused, .notApplied: .refused
    case .notSent, .heldBack, .notTried: .notSent
    case .unknown: .unknown
    }
  }

  /// The reason why the requests after it must not be sent; nil if they may be.
  ///
  /// Its outcome is unknown, it may be applied late while it is still pending, or it cannot be
  /// recorded.
  var stopsTheRest: StopCause? {
    switch self {
    case .heldBack(.journal): .journal
    case .done, .refused, .notSent, .heldBack, .notTried: nil
    case .notApplied(let state, _): state?.isTerminal ?? false ? nil : .unknownOutcome
    case .unknown: .unknownOutcome
    }
  }
}

/// The reason why a request was not sent although it was confirmed.
public enum PreflightFailure: Hashable, Sendable {
  /// The handshake is not as it was shown.
  case changed([Change])
  /// Its record could not be read whole.
  case damaged
  /// It is not pending, but in this state.
  case settled(HandshakeState?)
  /// It expires too soon, or has expired.
  case expiring(Timestamp?)
  /// The credentials are now those of this other account.
  case callerChanged(AccountID)
  /// The account is now in this organization, or in none: not what was shown when it was planned.
  case membershipChanged(OrganizationID?)
  /// The trust list is not as it was when this was confirmed.
  case trustChanged(SenderTrust.Loss)
  /// The trust list cannot be read, for this reason.
  case rulesUnreadable(Untrusted)
  /// It could not be read again.
  case unreadable(BackendError)
  /// The outcome of an earlier attempt is not known yet.
  case openIntent(IntentID)
  /// More time than `RunSettings.freshness` passed between reading and sending, again and again.
  ///
  /// The program or the machine was stopped, or the service is slow.
  case stale
  /// Another program on this host is sending as this account.
  case heldElsewhere
  /// Nothing may be sent as this account.
  case noBackend
  /// The journal could not be read or locked, or the INTENT could not be written.
  case journal(JournalFault)
}

/// The outcome of a request, and whether it is in the journal.
public struct WriteResult: Hashable, Sendable {
  /// The outcome of the request.
  public var outcome: WriteOutcome
  /// The error because of which the outcome is not in the journal; nil if it is.
  public var unwritten: JournalFault?

  /// Creates a result.
  public init(_ outcome: WriteOutcome, unwritten: JournalFault? = nil) {
    self.outcome = outcome
    self.unwritten = unwritten
  }

  var stopsTheRest: StopCause? { unwritten == nil ? outcome.stopsTheRest : .journal }
}

/// The meaning of a reply for the question whether the request was applied (SEC-4.4).
enum Verdict: Hashable {
  case done(Handshake)
  /// No byte of it left.
  case notSent(BackendError)
  /// Refused because of the service's request rates alone.
  case throttled(BackendError)
  case refused(BackendError)
  /// Refused because something else is changing the same thing.
  case conflict(BackendError)
  case unknown(IntentOutcome.Doubt, BackendError? = nil)

  init(_ reply: Result<Reply<Handshake>, BackendError>, to write: WriteRequest) {
    switch reply {
    case .success(let reply): self = Self.judge(reply.value, write)
    case .failure(let error): self = Self.judge(error)
    }
  }

  private static func judge(_ handshake: Handshake, _ write: WriteRequest) -> Verdict {
    guard !handshake.isAmbiguous else { return .unknown(.oddReply) }
    return switch write {
    case .answer(let item):
      handshake.id == item.id && handshake.state == item.answer.target
        ? .done(handshake) : .unknown(.oddReply)
    case .invite, .enableAllFeatures:
      handshake.id == nil ? .unknown(.oddReply) : .done(handshake)
    }
  }

  private static func judge(_ error: BackendError) -> Verdict {
    switch error.exception {
    // An earlier attempt or another session may have brought it there.
    case .handshakeAlreadyInState: return .unknown(.concurrent, error)
    // AWS applies nothing of a request that it answers so.
    case .concurrentModification where error.applied == .refused: return .conflict(error)
    // A 500: the server may have failed after applying it, unless the backend knows better.
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
  /// The outcome as it is recorded.
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
  /// The most bytes of a server's message that the journal keeps.
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
