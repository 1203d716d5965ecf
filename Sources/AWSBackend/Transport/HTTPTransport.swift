import Model
import Signing
import Text

/// An HTTP request with its limits.
public struct HTTPRequest: Sendable {
  /// The method: a token of RFC 9110, such as `POST`.
  public var method: String
  /// The absolute URL; `http` only for loopback and the metadata hosts.
  public var url: String
  /// The headers in order; values may be secret and are never logged.
  public var headers: [(name: String, value: String)]
  /// The body; empty for a GET.
  public var body: [UInt8]
  /// The time limit for TCP and TLS together.
  public var connectTimeout = Span(milliseconds: 3_100)
  /// The time limit of the whole attempt, connection included, however slowly the bytes arrive.
  public var attemptTimeout = Span.seconds(30)
  /// Whether the route's proxy may be used; false for the metadata hosts.
  public var usesProxy = true
  /// Whether the request must not be sent twice.
  ///
  /// If so, the library does not repeat it when a kept connection turns out to be closed; that
  /// failure is `interrupted` and `sent`.
  public var isSentAtMostOnce = false
  /// The proxies and certificates; `RoutedTransport` sets them from the settings.
  public var route = HTTPRoute()

  /// Creates a request with the default limits.
  public init(
    _ method: String, _ url: String, headers: [(name: String, value: String)] = [],
    body: [UInt8] = []
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
  }
}

/// A complete response; a truncated body is a failure, not a response.
public struct HTTPResponse: Sendable {
  /// The status code, such as 200.
  public var status: Int
  /// The headers in order; names in lower case.
  public var headers: [(name: String, value: Untrusted)]
  /// The body, at most 16 MiB.
  public var body: [UInt8]

  /// Creates a response; `headers` have names in lower case.
  public init(status: Int, headers: [(name: String, value: Untrusted)] = [], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// Returns the first header with this name, which must be in lower case.
  public func header(_ name: String) -> Untrusted? { headers.first { $0.name == name }?.value }
}

/// The failure of a request that got no complete response.
public struct HTTPFailure: Error, Hashable, Sendable {
  /// The kind of failure.
  public var kind: Kind
  /// Whether any byte of the request can have reached the server.
  public var sent: Bool
  /// The reason, to be sanitised; contains no secret and no proxy password.
  public var detail: Untrusted

  /// Creates a failure.
  public init(_ kind: Kind, sent: Bool, detail: Untrusted) {
    self.kind = kind
    self.sent = sent
    self.detail = detail
  }

  /// The kinds of failures.
  public enum Kind: String, Hashable, CaseIterable, Sendable {
    /// libcurl is not installed or too old, or no thread or descriptor is available.
    case unavailable
    /// The URL's scheme or host is not allowed, or the request is invalid.
    case forbidden
    case nameLookup
    case connect
    case tls
    /// The server's certificate is not trusted.
    case untrusted
    /// The certificate bundle cannot be read.
    case certificates
    case proxy
    case timeout
    /// The connection was reset, or closed before the end of the response.
    case interrupted
    /// The headers or the body exceed their limits.
    case tooLarge
    case cancelled
    case other
  }
}

/// A transport that sends each request once: no redirect, no retry.
public protocol HTTPTransport: Sendable {
  /// Sends a request and returns its complete response, whatever its status.
  ///
  /// - Throws: `HTTPFailure` if there is no complete response.
  func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse
}

// Headers and bodies carry tokens, in both directions.
extension HTTPRequest: Redacted {}
extension HTTPResponse: Redacted {}

/// The proxies and certificates for requests, from the settings of one profile.
public struct HTTPRoute: Hashable, Sendable {
  /// The path of a PEM file with the certificates to trust instead of the system's.
  public var certificates: String?
  /// The proxies; nil for none.
  public var proxies: ProxySettings?

  /// Creates a route; by default it has no proxy and trusts the system's certificates.
  public init(certificates: String? = nil, proxies: ProxySettings? = nil) {
    self.certificates = certificates
    self.proxies = proxies
  }

  /// Creates the route of a profile.
  public init(_ settings: AWSSettings) {
    self.init(certificates: settings.caBundle?.value, proxies: settings.proxies)
  }
}

/// A transport that sends every request with the route of one profile.
public struct RoutedTransport: HTTPTransport {
  private let base: any HTTPTransport
  private let route: HTTPRoute

  /// Creates a transport that adds `route` to the requests for `base`.
  public init(_ base: any HTTPTransport, route: HTTPRoute) {
    self.base = base
    self.route = route
  }

  /// Sends the request with the route.
  ///
  /// - Throws: `HTTPFailure` as the underlying transport does.
  public func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
    var request = request
    request.route = route
    return try await base.send(request)
  }
}
