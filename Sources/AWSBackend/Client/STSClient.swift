import Model
import Signing
import Text
import Wire

/// A client that assumes roles at STS, in the Query protocol.
///
/// Every attempt is signed anew.
struct STSClient: Sendable {
  private let context: SourceContext
  private let clock: ServiceClock

  init(_ context: SourceContext) {
    self.context = context
    clock = ServiceClock(context.world.time)
  }

  /// Returns the credentials of an assumed role.
  ///
  /// `keys` sign the request; nil for a web identity, whose token replaces the signature.
  ///
  /// - Throws: `STSFault` if there is no endpoint, no reply, an error reply, or a reply with
  ///   incomplete keys.
  func assume(
    _ action: String, _ request: QueryRequest, keys: AccessKeys?, as source: CredentialsFault.Source
  ) async throws(STSFault) -> Credentials {
    let (result, requestID) = try await call(action, request, keys: keys)
    guard let part = result["Credentials"], let id = part["AccessKeyId"]?.text.asciiText,
      let secret = part["SecretAccessKey"]?.text, let token = part["SessionToken"]?.text,
      let expires = part["Expiration"].flatMap({ Timestamp(reading: $0.text.bytes) }),
      !id.isEmpty, !secret.isEmpty, !token.isEmpty, Header.isValue(token.bytes)
    else {
      throw .unreadable(Untrusted("the reply has incomplete keys"), requestID: requestID)
    }
    return Credentials(
      AccessKeys(id: id, secret: Secret(secret.bytes), sessionToken: Secret(token.bytes)),
      expires: expires, account: Self.account(of: result["AssumedRoleUser"]?["Arn"]?.text),
      source: source)
  }

  /// Returns the account in an ARN such as `arn:aws:sts::111122223333:assumed-role/…`.
  private static func account(of arn: Untrusted?) -> AccountID? {
    let parts = arn?.asciiText?.split(separator: ":", omittingEmptySubsequences: false) ?? []
    return parts.count > 4 ? AccountID(parts[4]) : nil
  }

  // MARK: One call

  private func call(
    _ action: String, _ request: QueryRequest, keys: AccessKeys?
  ) async throws(STSFault) -> (XMLElement, requestID: Untrusted?) {
    let endpoint: Endpoint
    do {
      endpoint = try context.settings.endpoint(for: .sts)
    } catch {
      throw .settings(error)
    }
    let used = clock.correction
    do throws(STSFault) {
      return try await attempt(action, request, keys: keys, endpoint)
    } catch {
      // The clock was wrong when the request was signed: sign once more with the service's time.
      guard keys != nil, case .service(_, let code, _, _) = error,
        clock.explains(code, signedWith: used)
      else { throw error }
      return try await attempt(action, request, keys: keys, endpoint)
    }
  }

  private func attempt(
    _ action: String, _ request: QueryRequest, keys: AccessKeys?, _ endpoint: Endpoint
  ) async throws(STSFault) -> (XMLElement, requestID: Untrusted?) {
    let body = request.body
    let clock = clock
    var asking = CredentialsRequester(context, over: ClockedTransport(context.transport, clock))
    asking.code = { Self.code(of: $0, action) }
    let response: HTTPResponse
    do throws(HTTPFailure) {
      response = try await asking.send {
        self.request(body, keys: keys, endpoint, at: clock.now())
      }
    } catch {
      throw .transport(error)
    }
    let header = response.header("x-amzn-requestid")
    switch QueryReply(to: action, status: response.status, body: response.body) {
    case .result(let result, let requestID): return (result, requestID ?? header)
    case .error(let code, let message, let requestID):
      throw .service(
        status: response.status, code: code, message: message, requestID: requestID ?? header)
    case nil:
      let detail = Untrusted("status \(response.status), not from the service")
      guard response.status < 500 else {
        throw .service(
          status: response.status, code: detail, message: Untrusted(""), requestID: header)
      }
      throw .unreadable(detail, requestID: header)
    }
  }

  private static func code(of response: HTTPResponse, _ action: String) -> Untrusted? {
    guard
      case .error(let code, _, _) = QueryReply(
        to: action, status: response.status, body: response.body)
    else { return nil }
    return code
  }

  private func request(
    _ body: [UInt8], keys: AccessKeys?, _ endpoint: Endpoint, at now: Timestamp
  ) -> HTTPRequest {
    let path = endpoint.path.isEmpty ? "/" : endpoint.path
    var headers = [(name: "Host", value: endpoint.host)]
    headers.append((name: "Content-Type", value: QueryRequest.contentType))
    if let keys {
      headers =
        SigV4.sign(
          SignableRequest("POST", path: path, headers: headers, body: body), keys: keys,
          region: endpoint.signingRegion, service: endpoint.signingName, at: now
        ).request.headers
    }
    headers.append((name: "User-Agent", value: context.userAgent))
    let origin = endpoint.url.dropLast(endpoint.path.utf8.count)
    var request = HTTPRequest("POST", origin + path, headers: headers, body: body)
    request.connectTimeout = context.settings.connectTimeout
    return request
  }
}

/// A failed call of STS.
enum STSFault: Error, Hashable, Sendable {
  /// The settings give no valid endpoint.
  case settings(SettingsFault)
  case transport(HTTPFailure)
  case service(status: Int, code: Untrusted, message: Untrusted, requestID: Untrusted?)
  /// A reply that is not from the service, or lacks a required part.
  case unreadable(Untrusted, requestID: Untrusted?)

  var isExpired: Bool {
    guard case .service(_, let code, _, _) = self else { return false }
    return ["ExpiredToken", "ExpiredTokenException"].contains(code.asciiText)
  }

  /// The text for people: `AccessDenied: User … is not authorized`.
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

  /// Returns the error as a fault of the credentials source.
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
