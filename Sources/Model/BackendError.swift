import Text

/// A call that failed, as data without wording.
///
/// The sentences and remedies for it are in Review's `Explanation`.
public struct BackendError: Error, Hashable, Sendable {
  /// The operation that was called.
  public var operation: Operation
  /// The cause of the failure.
  public var failure: Failure
  /// Whether the request may have taken effect; `.unknown` only for operations that are not
  /// read-only.
  public var applied: Applied
  /// AWS's id of the request, to be quoted to AWS Support.
  public var requestID: Untrusted?
  /// The earliest sensible time for another attempt, counted from now; nil if the service gave
  /// none.
  public var retryAfter: Span?
  /// The service's time, if the service itself replied.
  public var time: Timestamp?
  /// How this machine's clock differed from the service's when a signature was refused.
  ///
  /// It is nil for other failures, and if the reply had no date.
  public var clock: ClockEvidence?

  /// Creates an error; `clock` is nil.
  ///
  /// For a read-only operation an `applied` of `.unknown` becomes `.refused`.
  public init(
    _ failure: Failure, in operation: Operation, applied: Applied, requestID: Untrusted? = nil,
    retryAfter: Span? = nil, time: Timestamp? = nil
  ) {
    self.failure = failure
    self.operation = operation
    // A read changes nothing, whatever happened to it.
    self.applied = applied == .unknown && operation.isReadOnly ? .refused : applied
    self.requestID = requestID
    self.retryAfter = retryAfter
    self.time = time
  }

  /// Whether a failed request may have taken effect (SEC-4.4.2).
  public enum Applied: String, Hashable, CaseIterable, Sendable {
    /// No byte of the request was sent.
    case notSent
    /// The service refused the request; nothing changed.
    case refused
    /// The service may have carried the request out. Find out by reading, never by sending it
    /// again.
    case unknown
  }

  /// The cause of a failed call, with the text of whoever reported it.
  public enum Failure: Hashable, Sendable {
    /// The service replied with one of its exceptions.
    case service(ServiceException, reason: Reason?, message: Untrusted)
    /// The reply does not have the form that the operation's replies have.
    case unreadable(Untrusted)
    /// The service was not reached: name look-up, connection, time-out, or a busy or failing store.
    case transport(Untrusted)
    /// The store behind the backend is unusable: not one of ours, damaged, or of another version.
    case store(Untrusted)
    /// TLS rejected a certificate: which one, and the library's message.
    case certificates(CertificateProblem, Untrusted)
    /// There were no credentials to sign the request with.
    case credentials(CredentialsFault)
    /// The settings do not permit any request.
    case settings(SettingsFault)
    /// The caller cancelled the call.
    case cancelled
  }

  /// The text of the service, the system or the settings file at fault; nil if there is none.
  public var said: Untrusted? {
    switch failure {
    case .service(_, _, let message): message
    case .unreadable(let text), .transport(let text), .store(let text), .certificates(_, let text):
      text
    case .credentials(let fault): fault.detail
    case .settings(let fault):
      Untrusted(
        bytes: Array(
          [fault.origin.bytes, fault.setting.bytes, fault.detail.bytes]
            .joined(separator: ": ".utf8)))
    case .cancelled: nil
    }
  }

  /// The service's exception; nil if the failure has another cause.
  public var exception: ServiceException? {
    if case .service(let exception, _, _) = failure { exception } else { nil }
  }

  /// The `Reason` member of the service's exception; nil if there is none.
  public var reason: Reason? {
    if case .service(_, let reason, _) = failure { reason } else { nil }
  }
}

/// A certificate problem that prevents TLS.
public enum CertificateProblem: Hashable, CaseIterable, Sendable {
  /// The file of trusted certificates cannot be read.
  case bundle
  /// The server's certificate is not trusted.
  case server
}

/// A comparison of a reply's date with the clock that the refused request was signed with.
public enum ClockEvidence: Hashable, Sendable {
  /// The clock was right, so the signature is wrong for another reason.
  case right
  /// The service's clock is ahead by this much; negative if it is behind.
  case ahead(Span)
}

/// A reason why there were no credentials to sign a request with.
///
/// It is data only, and holds no secret; `Explanation` has the words and the remedy.
public struct CredentialsFault: Error, Hashable, Sendable {
  /// The profile concerned; nil if no profile is involved.
  public var profile: Untrusted?
  /// The source that was asked for credentials.
  public var source: Source
  /// The problem with that source.
  public var problem: Problem
  /// The source's own message, or the setting and file at fault.
  public var detail: Untrusted

  /// Creates a fault of `source`.
  public init(
    _ problem: Problem, from source: Source, profile: Untrusted? = nil, detail: Untrusted
  ) {
    self.problem = problem
    self.source = source
    self.profile = profile
    self.detail = detail
  }

  /// A source of credentials, by the AWS CLI's names.
  public enum Source: String, Hashable, CaseIterable, Sendable {
    case environment
    case profile
    case assumeRole
    case webIdentity
    case sso
    /// The cache of `aws login`.
    case login
    case process
    case container
    case instanceMetadata
    /// Every source was tried and none is configured.
    case chain
  }

  /// A problem with a source of credentials.
  public enum Problem: String, Hashable, CaseIterable, Sendable {
    /// The source is not configured, or the file it names does not exist.
    case missing
    /// One of two parts that only work together is missing, or settings are contradictory or
    /// unknown.
    case misconfigured
    /// A login or token has expired; a new login is needed.
    case expired
    /// The source refused to give credentials.
    case refused
    /// The source did not respond.
    case unreachable
    /// The source asks for fewer requests.
    case throttled
    /// The server's certificate is not trusted, or the file of trusted certificates cannot be read.
    case certificates
    /// The source's reply is malformed.
    case unreadable
    /// The one-time code that was asked for was not entered.
    case codeNotGiven
  }
}

/// A setting that prevents requests: a contradiction, an unreadable file, or an invalid value.
public struct SettingsFault: Error, Hashable, Sendable {
  /// The setting's name as written at its origin: `AWS_MAX_ATTEMPTS`, `ca_bundle`, `services`.
  public var setting: Untrusted
  /// The origin of the setting: an environment variable, or a file with its line.
  public var origin: Untrusted
  /// The problem with the value.
  public var detail: Untrusted

  /// Creates a fault of `setting`, which was read from `origin`.
  public init(_ setting: Untrusted, origin: Untrusted, detail: Untrusted) {
    self.setting = setting
    self.origin = origin
    self.detail = detail
  }
}
