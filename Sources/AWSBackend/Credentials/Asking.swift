import Model
import Text
import Wire

/// A few attempts at a small request for credentials, each made anew.
struct Asking: Sendable {
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
