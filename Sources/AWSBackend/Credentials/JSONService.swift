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
    var asking = Asking(context)
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
