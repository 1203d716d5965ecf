import Model
import Text
import Wire

/// A client for unsigned JSON requests: the SSO portal, OIDC and sign-in.
struct JSONService: Sendable {
  let context: SourceContext
  let service: AWSService
  let region: Untrusted
  let source: CredentialsFault.Source

  /// A reply with its JSON body and error code.
  struct Reply: Sendable {
    var status: Int
    /// The body, with keys and tokens; released with the value that reads it.
    var value: JSONValue
    /// The service's error code, from the body or the header (`error` is OAuth's); nil for a 2xx
    /// reply.
    var code: Untrusted?

    /// The problem to report: throttling and errors of the service itself are not refusals.
    var problem: CredentialsFault.Problem {
      if RetryClassifier.kind(status: status, code: code) == .throttling { return .throttled }
      return status >= 500 ? .unreachable : .refused
    }

    /// The text for people: `InvalidGrantException: …`.
    var detail: Untrusted {
      let message =
        value["error_description"]?.string ?? value["message"]?.string ?? value["Message"]?.string
      let code = code ?? Untrusted("status \(status)")
      return message.map { Untrusted(bytes: code.bytes + Array(": ".utf8) + $0.bytes) } ?? code
    }
  }

  /// Returns the URL of the endpoint with `path` appended.
  ///
  /// - Throws: `CredentialsFault` with `.misconfigured` if the settings give no valid endpoint.
  func url(_ path: String) throws(CredentialsFault) -> String {
    try context.endpoint(service, region: region, for: source).url + path
  }

  /// Sends a POST request with a JSON body; `headers` is called for each attempt.
  ///
  /// - Throws: `CredentialsFault` if there is no valid endpoint or no reply. A reply with an error
  ///   status is returned.
  func post(
    _ path: String, _ body: JSONValue,
    headers: @escaping @Sendable () -> [(name: String, value: String)] = { [] }
  ) async throws(CredentialsFault) -> Reply {
    let url = try url(path)
    let bytes = body.json(.wire)
    return try await ask {
      HTTPRequest(
        "POST", url,
        headers: [("Content-Type", "application/json")] + headers()
          + [("User-Agent", context.userAgent)], body: bytes)
    }
  }

  /// Sends a GET request; `target` is a path with its query.
  ///
  /// - Throws: `CredentialsFault` if there is no valid endpoint or no reply. A reply with an error
  ///   status is returned.
  func get(
    _ target: String, headers: [(name: String, value: String)]
  ) async throws(CredentialsFault) -> Reply {
    let url = try url(target)
    return try await ask {
      HTTPRequest("GET", url, headers: headers + [("User-Agent", context.userAgent)])
    }
  }

  private func ask(
    _ request: @escaping @Sendable () -> HTTPRequest
  ) async throws(CredentialsFault) -> Reply {
    var asking = CredentialsRequester(context)
    asking.code = { Self.read($0).code }
    let response: HTTPResponse
    do throws(HTTPFailure) {
      response = try await asking.send {
        var request = request()
        request.connectTimeout = context.settings.connectTimeout
        return request
      }
    } catch {
      throw context.fault(error, from: source)
    }
    return Self.read(response)
  }

  private static func read(_ response: HTTPResponse) -> Reply {
    let value = (try? JSONValue.read(response.body)) ?? .null
    let header = response.header("x-amzn-errortype")
    let code =
      (200..<300).contains(response.status)
      ? nil
      : value["error"]?.string
        ?? ServiceError(header: header, body: response.body)?.exception.wireName
    return Reply(status: response.status, value: value, code: code)
  }
}

// The reply may contain secrets.
extension JSONService.Reply: CustomStringConvertible, CustomReflectable {
  var description: String { "‹reply›" }
  var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// A small request for credentials, with a few attempts, each built anew.
struct CredentialsRequester: Sendable {
  var attempts: Int
  let world: AWSWorld
  let transport: any HTTPTransport
  /// Whether a failed connection is retried; false for metadata addresses, which most machines do
  /// not have.
  var retriesConnecting = true
  /// Whether a request that was sent and timed out is retried.
  var retriesTimeouts = true

  /// Returns the service's own error code in a reply.
  var code: @Sendable (HTTPResponse) -> Untrusted? = { _ in nil }

  /// Creates a requester, by default with the attempts of the settings and the profile's transport.
  init(
    _ context: SourceContext, attempts: Int? = nil, over transport: (any HTTPTransport)? = nil
  ) {
    world = context.world
    self.transport = transport ?? context.transport
    self.attempts = attempts ?? context.settings.maxAttempts.value
  }

  /// Sends requests built by `request` until a reply needs no retry or the attempts are used up.
  ///
  /// - Throws: `HTTPFailure` if the last attempt has no complete reply, or the task is cancelled.
  func send(
    _ request: @Sendable () -> HTTPRequest
  ) async throws(HTTPFailure) -> HTTPResponse {
    var attempt = 1
    let strategy = RetryStrategy(maxAttempts: attempts)
    let quota = RetryQuota()
    while true {
      let kind: RetryKind
      let retryAfter: Untrusted?
      do throws(HTTPFailure) {
        let response = try await transport.send(request())
        guard let again = Self.kind(response, code(response)), attempt < attempts else {
          return response
        }
        kind = again
        retryAfter = response.header("x-amz-retry-after")
      } catch {
        guard let again = RetryClassifier.kind(error.kind), attempt < attempts,
          retriesConnecting || error.sent, retriesTimeouts || error.kind != .timeout
        else { throw error }
        kind = again
        retryAfter = nil
      }
      let decision = strategy.decide(
        after: attempt, kind, retryAfter: retryAfter, quota: quota,
        jitter: world.random.fraction())
      if case .retry(let wait, _) = decision { await world.sleeper.sleep(wait) }
      if Task.isCancelled { throw .cancelled(sent: false) }
      attempt += 1
    }
  }

  private static func kind(_ response: HTTPResponse, _ code: Untrusted?) -> RetryKind? {
    guard !(200..<300).contains(response.status) else { return nil }
    return RetryClassifier.kind(status: response.status, code: code)
  }
}

extension SourceContext {
  /// Returns the fault for a request without a complete reply.
  func fault(
    _ failure: HTTPFailure, from source: CredentialsFault.Source
  ) -> CredentialsFault {
    let problem: CredentialsFault.Problem =
      switch failure.kind {
      case .forbidden: .misconfigured
      case .certificates, .untrusted: .certificates
      case .tooLarge: .unreadable
      case .unavailable, .nameLookup, .connect, .tls, .proxy, .timeout, .interrupted, .cancelled,
        .other:
        .unreachable
      }
    return fault(problem, from: source, failure.detail)
  }
}
