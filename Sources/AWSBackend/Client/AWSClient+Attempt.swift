import Model
import Signing
import Text
import Wire

extension AWSClient {
  /// Which attempt it is, and its limits.
  struct Attempt {
    var number: Int
    var of: Int
    var invocation: String
    var timeout: Span
    var isSentAtMostOnce = false
  }

  /// One signed request.
  func once<Value>(
    _ call: AWSCall<Value>, _ credentials: Credentials, _ attempt: Attempt
  ) async throws(AttemptFailure) -> Reply<Value> {
    let correction = skew
    let request = request(call, credentials, attempt, at: time.now() + correction)
    let start = time.uptime()
    var event = CallEvent.Attempt(
      operation: call.operation, number: attempt.number, host: endpoint.host, duration: .zero)
    let response: HTTPResponse
    do throws(HTTPFailure) {
      response = try await transport.send(request)
    } catch {
      event.duration = time.uptime() - start
      event.failure = error.kind
      log.note(.attempt(event))
      throw AttemptFailure(error, in: call.operation)
    }
    let received = time.now()
    event.duration = time.uptime() - start
    event.status = response.status
    event.requestID = response.header(ServiceProtocol.requestIDHeader)
    if let clock = skews.learn(
      from: response, of: endpoint.host, received: received, trip: event.duration)
    {
      log.note(.clock(clock))
    }
    let answeredAt = response.date ?? received + skew
    do throws(AttemptFailure) {
      let value = try judge(
        response, of: call, credentials, signedWith: correction, at: answeredAt)
      log.note(.attempt(event))
      return Reply(value, at: answeredAt, requestID: event.requestID)
    } catch {
      event.code = error.code
      log.note(.attempt(event))
      throw error
    }
  }

  // MARK: The request

  func request<Value>(
    _ call: AWSCall<Value>, _ credentials: Credentials, _ attempt: Attempt,
    at signingTime: Timestamp
  ) -> HTTPRequest {
    var agent = agent
    agent.features.formUnion([.retryModeStandard, credentials.source.feature])
    if endpoint.isCustom { agent.features.insert(.endpointOverride) }
    if call.isPaginated { agent.features.insert(.paginator) }
    let unsigned = SignableRequest(
      "POST", path: endpoint.path + "/",
      headers: [(name: "Host", value: endpoint.host)] + call.headers + [
        (name: "User-Agent", value: agent.text),
        (name: "amz-sdk-invocation-id", value: attempt.invocation),
        (name: "amz-sdk-request", value: "attempt=\(attempt.number); max=\(attempt.of)"),
      ], body: call.body)
    let signed = SigV4.sign(
      unsigned, keys: credentials.keys, region: endpoint.signingRegion,
      service: endpoint.signingName, at: signingTime)
    var request = HTTPRequest(
      "POST", endpoint.url + "/", headers: signed.request.headers, body: call.body)
    request.connectTimeout = connectTimeout
    request.attemptTimeout = attempt.timeout
    request.isSentAtMostOnce = attempt.isSentAtMostOnce
    return request
  }

  // MARK: The reply

  private func judge<Value>(
    _ response: HTTPResponse, of call: AWSCall<Value>, _ credentials: Credentials,
    signedWith correction: Span, at answered: Timestamp
  ) throws(AttemptFailure) -> Value {
    let requestID = response.header(ServiceProtocol.requestIDHeader)
    if (200..<300).contains(response.status) {
      do throws(ReplyFault) {
        return try call.value(response)
      } catch {
        throw AttemptFailure(
          error: BackendError(
            .unreadable(error.detail), in: call.operation, applied: .unknown,
            requestID: requestID, time: response.date),
          retry: .transient)
      }
    }
    let said = call.error(response)
    let code = said?.exception.wireName
    let retryAfter = response.header("x-amz-retry-after")
    var error = BackendError(
      replyTo: call.operation, status: response.status, error: said, requestID: requestID,
      time: response.date)
    error.retryAfter = retryAfter.flatMap(RetryStrategy.milliseconds)
    let skew = skews.skew(of: endpoint.host)
    if response.date != nil { error.clock = skew.evidence(signedWith: correction) }
    let isAboutTime = skew.explains(code, signedWith: correction)
    throw AttemptFailure(
      error: error,
      retry: isAboutTime
        ? .transient : RetryClassifier.kind(status: response.status, code: code),
      retryAfter: retryAfter, code: code,
      endsCredentials: said.map { ends(credentials, $0.exception, at: answered) } ?? false)
  }

  /// Whether the error means that the keys have ended: said so, or unknown after their end.
  private func ends(
    _ credentials: Credentials, _ exception: ServiceException, at now: Timestamp
  ) -> Bool {
    switch exception {
    case .expiredToken: true
    case .unrecognizedClient: credentials.expires.map { $0 <= now } ?? false
    default: exception.wireName == Untrusted("ExpiredToken")
    }
  }
}

/// An attempt without the answer that was asked for.
struct AttemptFailure: Error {
  var error: BackendError
  /// Nil: another attempt is no use.
  var retry: RetryKind?
  /// The header `x-amz-retry-after`.
  var retryAfter: Untrusted?
  var code: Untrusted?
  var endsCredentials = false
}

extension AttemptFailure {
  init(_ failure: HTTPFailure, in operation: Operation) {
    let applied: BackendError.Applied = failure.sent ? .unknown : .notSent
    let kind: BackendError.Failure =
      switch failure.kind {
      case .cancelled: .cancelled
      case .certificates: .certificates(.bundle, failure.detail)
      case .untrusted: .certificates(.server, failure.detail)
      case .tooLarge: .unreadable(Untrusted("larger than 16 MiB"))
      default: .transport(failure.detail)
      }
    error = BackendError(kind, in: operation, applied: applied)
    retry = RetryClassifier.kind(failure.kind)
  }
}

extension CredentialsFault.Source {
  /// How AWS counts it.
  var feature: UserAgent.Feature {
    switch self {
    case .environment: .credentialsEnvironment
    case .profile: .credentialsProfile
    case .assumeRole: .credentialsAssumeRole
    case .webIdentity: .credentialsWebIdentity
    case .sso: .credentialsSSO
    case .login: .credentialsLogin
    case .process: .credentialsProcess
    case .container: .credentialsContainer
    case .instanceMetadata: .credentialsInstanceMetadata
    case .chain: .credentialsCode
    }
  }
}
