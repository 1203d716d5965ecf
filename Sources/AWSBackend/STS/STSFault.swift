import Model
import Text

/// A call of STS that gave nothing.
enum STSFault: Error, Hashable, Sendable {
  /// No endpoint for it.
  case settings(SettingsFault)
  case transport(HTTPFailure)
  case service(status: Int, code: Untrusted, message: Untrusted, requestID: Untrusted?)
  /// A reply that is not the service's, or lacks what it must have.
  case unreadable(Untrusted, requestID: Untrusted?)

  var isExpired: Bool {
    guard case .service(_, let code, _, _) = self else { return false }
    return ["ExpiredToken", "ExpiredTokenException"].contains(code.asciiText)
  }

  /// For people: `AccessDenied: User … is not authorized`.
  var detail: Untrusted {
    switch self {
    case .settings(let fault): fault.sentence
    case .transport(let failure): failure.detail
    case .service(_, let code, let message, _):
      message.isEmpty
        ? code : Untrusted(bytes: code.bytes + Array(": ".utf8) + message.bytes)
    case .unreadable(let detail, _): detail
    }
  }

  /// The same as a source's fault.
  func credentialsFault(
    _ context: SourceContext, from source: CredentialsFault.Source
  ) -> CredentialsFault {
    switch self {
    case .settings: context.fault(.misconfigured, from: source, detail)
    case .transport(let failure): context.fault(failure, from: source)
    case .service(let status, let code, _, _)
    where RetryClassifier.kind(status: status, code: code) == .throttling:
      context.fault(.throttled, from: source, detail)
    case .service(let status, _, _, _) where status >= 500:
      context.fault(.unreachable, from: source, detail)
    case .service: context.fault(isExpired ? .expired : .refused, from: source, detail)
    case .unreadable: context.fault(.unreadable, from: source, detail)
    }
  }
}
