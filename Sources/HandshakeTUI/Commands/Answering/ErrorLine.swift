import Model
import Review
import Text
import Wire

/// `{"Error": {…}}`: one id of several that was not answered.
struct ErrorLine: Hashable, Sendable {
  var id: HandshakeID
  /// AWS's exception, or a name of ours for what was held back here.
  var code: Untrusted
  var reason: Untrusted?
  var message: Untrusted
  var requestID: Untrusted?
  var applied: BackendError.Applied

  init(
    _ id: HandshakeID, code: String, message: String, applied: BackendError.Applied
  ) {
    self.id = id
    self.code = Untrusted(code)
    self.message = Untrusted(message)
    self.applied = applied
  }

  init(_ id: HandshakeID, _ error: BackendError, _ words: String) {
    self.init(id, code: error.failure.code, message: words, applied: error.applied)
    if case .service(let exception, let reason, let message) = error.failure {
      code = exception.wireName
      self.reason = reason?.wireName
      self.message = message
    }
    requestID = error.requestID
  }

  init(_ id: HandshakeID, _ outcome: ErrandOutcome, _ explanation: Explanation) {
    switch outcome {
    case .refused(let error, _), .notSent(let error), .heldBack(.unreadable(let error)):
      self.init(id, error, explanation.why)
    default:
      self.init(
        id, code: outcome.code, message: explanation.why, applied: outcome.applied ?? .unknown)
    }
    // Whatever went wrong before it, nothing of this one was sent.
    if case .heldBack = outcome { applied = .notSent }
    if case .unknown(let doubt, _) = outcome { reason = Untrusted(doubt.rawValue) }
  }

  var json: JSONValue {
    .members([
      (
        "Error",
        .members([
          ("HandshakeId", .text(id.text)), ("Code", .string(code)),
          ("Reason", reason.map { .string($0) }), ("Message", .string(message)),
          ("RequestId", requestID.map { .string($0) }), ("Applied", .text(applied.rawValue)),
        ])
      )
    ])
  }
}

extension BackendError.Failure {
  fileprivate var code: String {
    switch self {
    case .service: "ServiceException"
    case .unreadable: "UnreadableReply"
    case .transport: "Unreachable"
    case .certificates: "CertificateNotTrusted"
    case .store: "StoreUnusable"
    case .credentials: "NoCredentials"
    case .settings: "SettingsUnusable"
    case .cancelled: "GivenUp"
    }
  }
}

extension ErrandOutcome {
  fileprivate var code: String {
    switch self {
    case .done: "Done"
    case .refused: "Refused"
    case .notSent: "NotSent"
    case .heldBack(let cause): cause.code
    case .notApplied: "NotApplied"
    case .unknown: "OutcomeUnknown"
    case .notTried: "NotTried"
    }
  }
}

extension HoldBack {
  fileprivate var code: String {
    switch self {
    case .changed: "ChangedSinceSeen"
    case .damaged: "Damaged"
    case .settled: "NotPending"
    case .expiring: "Expiring"
    case .callerChanged: "CallerChanged"
    case .membershipChanged: "MembershipChanged"
    case .trustChanged: "TrustChanged"
    case .rulesUnreadable: "TrustUnreadable"
    case .unreadable: "Unreadable"
    case .openIntent: "OpenAttempt"
    case .stale: "Stale"
    case .heldElsewhere: "HeldElsewhere"
    case .noBackend: "ReadOnly"
    case .journal: "JournalUnusable"
    }
  }
}

extension SafetyRefusal {
  var code: String {
    switch self {
    case .readOnly, .document: "ReadOnly"
    case .reasonMissing: "ReasonMissing"
    case .confirmationMissing: "ConfirmationMissing"
    case .expectationMissing: "ExpectationMissing"
    case .otherOrganization: "OtherOrganization"
    case .organizationDiffers: "OtherOrganization"
    case .notAlone: "NotAlone"
    case .notStaged(_, let refusal): refusal.code
    case .changed: "ChangedSinceSeen"
    }
  }
}

extension Plan.Refusal {
  var code: String {
    switch self {
    case .impediment(.settled): "NotPending"
    case .impediment(.expired): "Expiring"
    case .impediment: "NotPossible"
    case .damaged: "Damaged"
    case .secondAccept: "SecondAccept"
    case .unidentified: "Unidentified"
    case .locked: "Locked"
    case .noTime: "NoTime"
    }
  }
}
