import Model
import Text
import Wire

/// A JSON call that is not signed: the portal, OIDC, sign-in.
struct JSONService: Sendable {
  let context: SourceContext
  let service: AWSService
  let region: Untrusted
  let source: CredentialsFault.Source

  struct Reply: Sendable {
    var status: Int
    /// Holds keys and tokens: goes out of scope with what reads it.
    var value: JSONValue
    /// The service's own code, from the header or the body (`error` is OAuth's).
    var code: Untrusted?

    /// The kind of fault: too many requests and the service's own trouble are no refusal.
    var problem: CredentialsFault.Problem {
      if RetryClassifier.kind(status: status, code: code) == .throttling { return .throttled }
      return status >= 500 ? .unreachable : .refused
    }

    /// `InvalidGrantException: …` for people.
    var detail: Untrusted {
      let message =
        value["error_description"]?.string ?? value["message"]?.string ?? value["Message"]?.string
      let code = code ?? Untrusted("status \(status)")
      return message.map { Untrusted(bytes: code.bytes + Array(": ".utf8) + $0.bytes) } ?? code
    }
  }

  /// The endpoint's URL with a path after it.
  func url(_ path: String) throws(CredentialsFault) -> String {
    try context.endpoint(service, region: region, for: source).url + path
  }

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

// What it was given may be secret.
extension JSONService.Reply: CustomStringConvertible, CustomReflectable {
  var description: String { "‹reply›" }
  var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// A few attempts at a small request for credentials, each made anew.
struct CredentialsRequester: Sendable {
  var attempts: Int
  let world: AWSWorld
  let transport: any HTTPTransport
  /// Whether a connection that could not be made is tried again: not for metadata addresses, which
  /// most machines do not have.
  var retriesConnecting = true
  /// Whether a request that was sent and not answered in time is sent again.
  var retriesTimeouts = true

  /// Finds a service's own error code in a reply.
  var code: @Sendable (HTTPResponse) -> Untrusted? = { _ in nil }

  init(
    _ context: SourceContext, attempts: Int? = nil, over transport: (any HTTPTransport)? = nil
  ) {
    world = context.world
    self.transport = transport ?? context.transport
    self.attempts = attempts ?? context.settings.maxAttempts.value
  }

  /// Sends what `request` makes until there is a reply that is not worth another attempt.
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
  /// A request that did not get a whole reply.
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
