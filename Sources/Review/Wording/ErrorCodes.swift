import Model
import ReviewAnswering
import ReviewInbox
import ReviewJournal

// The codes of `--json` for what was not answered, stable for scripts.

extension BackendError.Failure {
  /// The code of a failure that the service did not name itself.
  public var code: String {
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

extension WriteOutcome {
  /// The code of an outcome.
  public var code: String {
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

extension PreflightFailure {
  fileprivate var code: String {
    switch self {
    case .damaged: "Damaged"
    case .changed: "ChangedSinceSeen"
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
  /// The code of a refusal of the whole command.
  public var code: String {
    switch self {
    case .readOnly, .document: "ReadOnly"
    case .reasonMissing: "ReasonMissing"
    case .confirmationMissing: "ConfirmationMissing"
    case .expectationMissing: "ExpectationMissing"
    case .otherOrganization: "OtherOrganization"
    case .organizationDiffers: "OtherOrganization"
    case .notAlone: "NotAlone"
    case .notStaged(_, let refusal): refusal.code
    }
  }
}

extension Plan.Refusal {
  /// The code of an answer that could not be planned.
  public var code: String {
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
