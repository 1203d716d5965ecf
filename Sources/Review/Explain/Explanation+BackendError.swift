import Model
import Text

extension Explanation {
  public init(_ error: BackendError, in charset: Charset) {
    let meaning = error.meaning(in: charset)
    if case .credentials = error.failure {
      what = meaning.why
      why = error.applied.sentence
      cause = meaning.why
    } else {
      what = "\(error.operation.rawValue): \(error.verb); \(error.applied.words)."
      why = ([error.names(in: charset), meaning.why] + error.quote(in: charset))
        .filter { !$0.isEmpty }.joined(separator: " ")
    }
    remedy = meaning.remedy + error.applied.caution + error.pause
    requestID = error.requestID.map { Sanitiser.render($0, for: .dialog, in: charset) }
  }
}

extension BackendError {
  fileprivate func meaning(in charset: Charset) -> Meaning {
    switch failure {
    case .service(let exception, let reason, _):
      if exception.reasonDecides, let reason, let meaning = reason.meaning(in: operation) {
        return meaning
      }
      return exception == .invalidSignature ? .invalidSignature(clock) : exception.meaning
    case .unreadable:
      return Meaning(
        "The reply does not have the form that this operation returns.",
        "Refresh to see the current state. If it happens again, report it with the request id.")
    case .transport:
      return Meaning(
        "The service could not be reached, or did not answer in time.",
        "Check the network, or whether another program holds the store, and try again.")
    case .certificates(let problem, _): return problem.meaning
    case .store:
      return Meaning(
        "The store cannot be used.",
        "Name another file with --store, or create one with `handshake local init`.")
    case .credentials(let fault): return fault.meaning(in: charset)
    case .settings:
      return Meaning(
        "The AWS settings are invalid.", "Fix the setting, and try again.")
    case .cancelled:
      return Meaning(
        "It was cancelled before the service answered.", "Refresh to see the current state.")
    }
  }

  fileprivate var verb: String {
    switch failure {
    case .service: "refused by the service"
    case .unreadable: "unreadable reply"
    case .transport: applied == .notSent ? "no connection" : "no reply"
    case .certificates: "the TLS connection failed"
    case .store: "the store failed"
    case .credentials: "no credentials"
    case .settings: "invalid AWS settings"
    case .cancelled: "cancelled"
    }
  }

  /// `HandshakeConstraintViolationException (ALREADY_IN_AN_ORGANIZATION).`
  fileprivate func names(in charset: Charset) -> String {
    guard let exception else { return "" }
    let name = Sanitiser.render(exception.wireName, for: .dialog, in: charset)
    guard let reason else { return "\(name)." }
    return "\(name) (\(Sanitiser.render(reason.wireName, for: .dialog, in: charset)))."
  }

  /// What the service or the system said itself.
  fileprivate func quote(in charset: Charset) -> [String] {
    guard let said, !said.isEmpty else { return [] }
    return ["It says: \(Sanitiser.render(said, for: .dialog, in: charset))"]
  }

  fileprivate var pause: String {
    guard let retryAfter, retryAfter > .zero else { return "" }
    let seconds = (retryAfter.milliseconds - 1) / 1_000 + 1
    return " Wait at least \(seconds) s before you try again."
  }
}

extension BackendError.Applied {
  /// Whether anything changed.
  public var words: String {
    switch self {
    case .notSent: "nothing was sent"
    case .refused: "nothing was changed"
    case .unknown: "it may have been applied"
    }
  }

  fileprivate var sentence: String {
    switch self {
    case .notSent: "Nothing was sent."
    case .refused: "Nothing was changed."
    case .unknown: "It may have been applied."
    }
  }

  fileprivate var caution: String {
    switch self {
    case .notSent, .refused: ""
    case .unknown: " Do not send it again until its outcome is known: see `handshake journal`."
    }
  }
}
