import Model
import Text
import Wire

/// The source of credentials that a container gets over HTTP (ECS, EKS).
struct ContainerSource: CredentialsSource {
  let context: SourceContext

  static let relative = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
  static let full = "AWS_CONTAINER_CREDENTIALS_FULL_URI"
  static let attempts = 3

  var isConfigured: Bool {
    context.variable(Self.relative) != nil || context.variable(Self.full) != nil
  }

  /// Requests the credentials from the container's address.
  ///
  /// - Throws: `CredentialsFault` if no address is set, the address or the token is invalid, the
  ///   token file cannot be read, there is no reply with status 200, or the reply has incomplete
  ///   credentials.
  func load() async throws(CredentialsFault) -> Credentials {
    let url = try url()
    let token = try token()
    let response: HTTPResponse
    do throws(HTTPFailure) {
      response = try await CredentialsRequester(context, attempts: Self.attempts).send {
        var request = HTTPRequest(
          "GET", url,
          headers: [("Accept", "application/json")]
            + (token.map { [("Authorization", $0)] } ?? [])
            + [("User-Agent", context.userAgent)])
        request.connectTimeout = .seconds(2)
        request.attemptTimeout = .seconds(5)
        request.usesProxy = false
        return request
      }
    } catch {
      throw context.fault(error, from: .container)
    }
    guard response.status == 200 else {
      let problem: CredentialsFault.Problem =
        response.status == 429 ? .throttled : response.status >= 500 ? .unreachable : .refused
      throw fault(problem, "HTTP status \(response.status)")
    }
    do {
      let value = (try? JSONValue.read(response.body)) ?? .null
      return try KeyDocument(value, tokenName: "Token", needsToken: true).credentials(.container)
    } catch {
      throw fault(.unreadable, error.detail)
    }
  }

  // MARK: Address

  /// Returns the address of the credentials.
  ///
  /// Plain `http` is accepted only for this machine and the addresses of ECS and EKS.
  ///
  /// - Throws: `CredentialsFault` with `.missing` if neither variable is set, or `.misconfigured`
  ///   if its value is invalid or the address needs `https`.
  func url() throws(CredentialsFault) -> String {
    if let path = context.variable(Self.relative) {
      guard path.utf8.first == UInt8(ascii: "/"), Self.isTarget(path.utf8) else {
        throw fault(.misconfigured, "\(Self.relative) is not a path")
      }
      return "http://169.254.170.2" + path
    }
    guard let text = context.variable(Self.full) else {
      throw fault(.missing, "\(Self.relative) and \(Self.full) are not set")
    }
    let end = text.utf8.firstIndex(of: UInt8(ascii: "?")) ?? text.utf8.endIndex
    guard let url = EndpointURL(Untrusted(String(text[..<end]))), Self.isTarget(text[end...].utf8)
    else { throw fault(.misconfigured, "\(Self.full) is not a URL with a host") }
    guard url.isHTTPS || Self.isNear(url.host) else {
      throw fault(.misconfigured, "\(Self.full) is http and not on this machine or its containers")
    }
    return text
  }

  private static func isNear(_ host: String) -> Bool {
    if host == "localhost" { return true }
    let text = host.utf8.first == UInt8(ascii: "[") ? host.dropFirst().dropLast() : host[...]
    guard let address = IPAddress(text) else { return false }
    return address.bytes.count == 4 && address.bytes[0] == 127
      || ["::1", "169.254.170.2", "169.254.170.23", "fd00:ec2::23"].contains {
        IPAddress($0) == address
      }
  }

  /// Returns whether the text is valid in a request line: printable ASCII without spaces and `#`.
  private static func isTarget(_ text: some Sequence<UInt8>) -> Bool {
    text.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "#") }
  }

  /// Returns the authorization token, from its file if one is named, else from its variable.
  ///
  /// The file is read at each load.
  private func token() throws(CredentialsFault) -> String? {
    let name = "AWS_CONTAINER_AUTHORIZATION_TOKEN"
    let bytes: [UInt8]
    if let path = context.variable(name + "_FILE") {
      bytes = try context.file(path, for: .container)
    } else if let token = context.variable(name) {
      bytes = Array(token.utf8)
    } else {
      return nil
    }
    guard Header.isValue(bytes), let text = String(validating: bytes, as: UTF8.self) else {
      throw fault(.misconfigured, "the authorization token has a line break or control character")
    }
    return text
  }

  private func fault(_ problem: CredentialsFault.Problem, _ detail: String) -> CredentialsFault {
    context.fault(problem, from: .container, detail)
  }
}
