import Model
import Text

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
