import Text

/// A call that did not succeed: data only. Sentences and remedies are made in one place, Review's
/// `Explanation`.
public struct BackendError: Error, Hashable, Sendable {
  public var operation: Operation
  public var failure: Failure
  /// Whether the request can have had an effect; `unknown` for operations that change something only.
  public var applied: Applied
  /// What to quote to AWS Support.
  public var requestID: Untrusted?
  /// The earliest sensible next try, counted from now; nil when nothing was said.
  public var retryAfter: Span?
  /// The service's time, when the service itself answered.
  public var time: Timestamp?
  /// How this machine's clock stood to the service's when a signature was refused; nil when the reply
  /// did not tell.
  public var clock: ClockEvidence?

  public init(
    _ failure: Failure, in operation: Operation, applied: Applied, requestID: Untrusted? = nil,
    retryAfter: Span? = nil, time: Timestamp? = nil
  ) {
    self.failure = failure
    self.operation = operation
    // Whatever became of a question, it changed nothing.
    self.applied = applied == .unknown && operation.isReadOnly ? .refused : applied
    self.requestID = requestID
    self.retryAfter = retryAfter
    self.time = time
  }

  public enum Applied: String, Hashable, CaseIterable, Sendable {
    /// No byte of the request left.
    case notSent
    /// The service said no: nothing changed.
    case refused
    /// It may have been carried out. Find out by reading; never by sending again.
    case unknown
  }

  public enum Failure: Hashable, Sendable {
    /// The service's own error.
    case service(ServiceException, reason: Reason?, message: Untrusted)
    /// A reply that is not what the operation answers with.
    case unreadable(Untrusted)
    /// The way to the service: name look-up, connection, time-out, a busy or failing store.
    case transport(Untrusted)
    /// The store behind the backend cannot be used: not ours, damaged, of another version.
    case store(Untrusted)
    /// TLS found no trust: of whose certificates, and the library's words.
    case certificates(CertificateProblem, Untrusted)
    /// There was nothing to sign the request with.
    case credentials(CredentialsFault)
    /// The settings allow no request.
    case settings(SettingsFault)
    /// Given up by the caller.
    case cancelled
  }

  /// What the service, the system or the setting's file said itself; nil where nothing did.
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

  /// The service's exception, when it is one.
  public var exception: ServiceException? {
    if case .service(let exception, _, _) = failure { exception } else { nil }
  }

  public var reason: Reason? {
    if case .service(_, let reason, _) = failure { reason } else { nil }
  }
}

/// Which certificates made TLS impossible.
public enum CertificateProblem: Hashable, CaseIterable, Sendable {
  /// The file of those that are trusted cannot be read.
  case bundle
  /// The server's own is not among those that are trusted.
  case server
}

/// What a reply's date says about the clock that a refused request was signed with.
public enum ClockEvidence: Hashable, Sendable {
  /// It was right: the signature has another fault.
  case right
  /// The service's clock is ahead of it by this much; negative when it is behind.
  case ahead(Span)
}

/// Why there was nothing to sign a request with: data only; `Explanation` has the words and the
/// remedy. Holds no secret.
public struct CredentialsFault: Error, Hashable, Sendable {
  /// The profile that was meant; nil where no profile is involved.
  public var profile: Untrusted?
  public var source: Source
  public var problem: Problem
  /// What the source itself said, or the setting and file at fault.
  public var detail: Untrusted

  public init(
    _ problem: Problem, from source: Source, profile: Untrusted? = nil, detail: Untrusted
  ) {
    self.problem = problem
    self.source = source
    self.profile = profile
    self.detail = detail
  }

  /// Where credentials come from, in the AWS CLI's words.
  public enum Source: String, Hashable, CaseIterable, Sendable {
    case environment
    case profile
    case assumeRole
    case webIdentity
    case sso
    /// `aws login`
    case login
    case process
    case container
    case instanceMetadata
    /// The whole chain was asked and nothing is configured.
    case chain
  }

  public enum Problem: String, Hashable, CaseIterable, Sendable {
    /// Not configured, or the file it names is not there.
    case missing
    /// One of two parts that only work together; contradicting or unknown settings.
    case misconfigured
    /// A login or token that has run out: log in again.
    case expired
    /// The source said no.
    case refused
    /// The source did not answer.
    case unreachable
    /// The source asks for fewer requests.
    case throttled
    /// The server's certificate is not trusted, or the file of trusted ones cannot be read.
    case certificates
    /// The source's answer is not what it should be.
    case unreadable
    /// A one-time code was asked for and not given.
    case codeNotGiven
  }
}

/// A setting that makes requests impossible: a contradiction, an unreadable file, a bad value.
public struct SettingsFault: Error, Hashable, Sendable {
  /// As it is written where it stands: `AWS_MAX_ATTEMPTS`, `ca_bundle`, `services`.
  public var setting: Untrusted
  /// Where it stands: a variable, or a file with its line.
  public var origin: Untrusted
  public var detail: Untrusted

  public init(_ setting: Untrusted, origin: Untrusted, detail: Untrusted) {
    self.setting = setting
    self.origin = origin
    self.detail = detail
  }
}
