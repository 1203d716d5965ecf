import Model
import Text

extension Explanation {
  public init(_ error: BackendError, in charset: Charset) {
    let meaning = error.meaning(in: charset)
    what = "\(error.operation.rawValue) \(error.verb): \(error.applied.words)."
    why = ([error.names(in: charset), meaning.why] + error.quote(in: charset))
      .filter { !$0.isEmpty }.joined(separator: " ")
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
        "The reply is not one that this operation gives.",
        "Refresh to see how things stand. If it happens again, report it with the request id.")
    case .transport:
      return Meaning(
        "The service could not be reached, or did not answer in time.",
        "Check the network, or whether another program holds the store, and try again.")
    case .certificates(let problem, _): return problem.meaning
    case .store:
      return Meaning(
        "The store cannot be used as it is.",
        "Name another file with --store, or make a new one with `handshake local init`.")
    case .credentials(let fault): return fault.meaning(in: charset)
    case .settings:
      return Meaning(
        "The AWS settings allow no request.", "Mend the setting where it stands, and try again.")
    case .cancelled:
      return Meaning("It was given up before the service had answered.", "Refresh and look again.")
    }
  }

  fileprivate var verb: String {
    switch failure {
    case .service: "was refused by the service"
    case .unreadable: "was answered with something unreadable"
    case .transport: "did not get through"
    case .certificates: "failed in TLS"
    case .store: "failed on the store"
    case .credentials: "had no credentials to be signed with"
    case .settings: "cannot be sent with these settings"
    case .cancelled: "was given up"
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
    return " The earliest sensible next try is in \(seconds) s."
  }
}

extension BackendError.Applied {
  /// Whether anything changed.
  public var words: String {
    switch self {
    case .notSent: "nothing was sent"
    case .refused: "nothing was changed"
    case .unknown: "it may have been carried out"
    }
  }

  fileprivate var caution: String {
    switch self {
    case .notSent, .refused: ""
    case .unknown: " Do not send it again before you know: `handshake journal` tells."
    }
  }
}
