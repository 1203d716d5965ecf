import Model
import Signing
import Text
import Wire

/// A client of one service at one endpoint.
///
/// Every attempt is signed anew, with the credentials of that moment and the server's time. Reads
/// are retried as AWS's SDKs retry them. A write is one request, whatever its result (SEC-4.4.2,
/// SEC-5.6).
struct AWSClient: Sendable {
  let endpoint: Endpoint
  let transport: any HTTPTransport
  let time: any TimeSource
  let random: any RandomSource
  let sleeper: any Sleeper
  let agent: UserAgent
  let connectTimeout: Span
  let retry: RetryStrategy
  let quota: RetryQuota
  let skews: SkewMemory
  let log: CallLog

  /// The longest duration of one attempt.
  static let attemptTimeout = Span.seconds(20)
  /// The longest duration of a call, with all its attempts and the waits between them.
  static let callTimeout = Span.seconds(90)

  /// The time by which the server's clock is ahead of ours; zero until a reply shows it.
  var skew: Span { skews.skew(of: endpoint.host).correction }

  // MARK: Reads

  /// Sends a read until it succeeds or a further attempt is useless.
  ///
  /// - Throws: `BackendError` if `gate` has no credentials, the failure cannot be retried, the
  ///   attempts, the retry quota or the 90 seconds of the call are used up, or the task is
  ///   cancelled.
  func read<Value>(
    _ call: AWSCall<Value>, _ gate: any CallGate
  ) async throws(BackendError) -> Reply<Value> {
    var progress = Progress(invocation: random.uuid().text)
    while true {
      let credentials = try await gate.admit(call.operation)
      let now = time.uptime()
      let deadline = progress.deadline ?? now + Self.callTimeout
      progress.deadline = deadline
      let attempt = Attempt(
        number: progress.number, of: retry.maxAttempts, invocation: progress.invocation,
        timeout: max(.seconds(1), min(Self.attemptTimeout, deadline - now)))
      do throws(AttemptFailure) {
        let reply = try await once(call, credentials, attempt)
        quota.succeed(after: progress.lastCost)
        return reply
      } catch {
        try await recover(from: error, call.operation, credentials, gate, &progress)
      }
    }
  }

  /// The state of a read between its attempts.
  private struct Progress {
    let invocation: String
    var number = 1
    /// The end of the call by `uptime`; set at the first attempt, so that waiting for the gate
    /// before it is not counted.
    var deadline: Span?
    var lastCost: Int?
    var hasNewCredentials = false
  }

  /// Returns when the next attempt is due.
  ///
  /// - Throws: `BackendError` if there is no further attempt.
  private func recover(
    from failure: AttemptFailure, _ operation: Operation, _ credentials: Credentials,
    _ gate: any CallGate, _ progress: inout Progress
  ) async throws(BackendError) {
    if failure.endsCredentials, !progress.hasNewCredentials {
      progress.hasNewCredentials = true
      return await gate.ended(credentials)
    }
    guard let kind = failure.retry else { throw failure.error }
    let decision = retry.decide(
      after: progress.number, kind, retryAfter: failure.retryAfter, quota: quota,
      jitter: random.fraction())
    // Our own wait, not the one that the service asks for: a read waits for the pace no longer than
    // for a retry.
    if kind == .throttling { await gate.throttled(operation, for: decision.wait) }
    switch decision {
    case .maxAttemptsExceeded:
      throw failure.error.saying("\(progress.number) attempts")
    case .quotaExceeded:
      throw failure.error.saying("not retried: too many recent failures")
    case .retry(let wait, let cost):
      guard let deadline = progress.deadline, time.uptime() + wait < deadline else {
        throw failure.error.saying("not retried: no time left")
      }
      await sleeper.sleep(wait)
      if Task.isCancelled {
        throw BackendError(.cancelled, in: operation, applied: .notSent)
      }
      progress.number += 1
      progress.lastCost = cost
    }
  }

  // MARK: Writes

  /// Sends a write once; the error says whether it can have had an effect.
  ///
  /// `keys` are the keys used by the preflight reads. A write that would be signed with others is
  /// not sent: fetching them may have taken minutes, and their account was not checked.
  ///
  /// - Throws: `BackendError` with `.notSent` if `gate` has no credentials, the credentials are not
  ///   `keys`, or the task is cancelled before sending; otherwise the failure of the one attempt.
  func write<Value>(
    _ call: AWSCall<Value>, _ gate: any CallGate, with keys: AccessKeys? = nil
  ) async throws(BackendError) -> Reply<Value> {
    let credentials: Credentials
    do throws(BackendError) {
      credentials = try await gate.admit(call.operation)
    } catch {
      // The write itself was not sent, whatever happened to the requests of the gate.
      throw BackendError(error.failure, in: call.operation, applied: .notSent)
    }
    if let keys, credentials.keys != keys {
      throw BackendError(
        .transport(Untrusted("the credentials were renewed during the check")),
        in: call.operation, applied: .notSent)
    }
    if Task.isCancelled { throw BackendError(.cancelled, in: call.operation, applied: .notSent) }
    let attempt = Attempt(
      number: 1, of: 1, invocation: random.uuid().text, timeout: Self.attemptTimeout,
      isSentAtMostOnce: true)
    do throws(AttemptFailure) {
      return try await once(call, credentials, attempt)
    } catch {
      if error.endsCredentials { await gate.ended(credentials) }
      throw error.error
    }
  }
}

extension BackendError {
  /// Returns the error with the reason why there was no further attempt, unless its text is the
  /// service's own.
  fileprivate func saying(_ words: String) -> BackendError {
    var error = self
    switch failure {
    case .transport(let text):
      error.failure = .transport(Untrusted(bytes: text.bytes + Array(" (\(words))".utf8)))
    case .unreadable(let text):
      error.failure = .unreadable(Untrusted(bytes: text.bytes + Array(" (\(words))".utf8)))
    default: break
    }
    return error
  }
}

extension AWSClient {
  /// The number of an attempt and its limits.
  struct Attempt {
    var number: Int
    var of: Int
    var invocation: String
    var timeout: Span
    var isSentAtMostOnce = false
  }

  /// Sends one signed request, records it in the log and learns the server's clock from the reply.
  ///
  /// - Throws: `AttemptFailure` if there is no reply, the reply is an error, or a 2xx reply is
  ///   invalid.
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

  /// Builds and signs the HTTP request of one attempt (AWS Signature Version 4).
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

  /// Returns the value of a 2xx reply.
  ///
  /// - Throws: `AttemptFailure` for any other reply, and for a 2xx reply that is not valid.
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

  /// Returns whether the error means that the credentials have expired: the service says so, or it
  /// does not know keys whose expiry has passed.
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

/// An attempt that failed.
struct AttemptFailure: Error {
  var error: BackendError
  /// The kind of retry; nil if another attempt is useless.
  var retry: RetryKind?
  /// The header `x-amz-retry-after`, in milliseconds.
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
  /// The source's code in the User-Agent header.
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
