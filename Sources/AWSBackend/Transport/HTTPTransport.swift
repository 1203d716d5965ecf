import Model
import Signing
import Text

/// One HTTP request and its limits.
public struct HTTPRequest: Sendable {
  public var method: String
  /// Absolute; http only for loopback and the metadata hosts.
  public var url: String
  /// In order. Values may be secret: never logged.
  public var headers: [(name: String, value: String)]
  public var body: [UInt8]
  /// TCP and TLS together.
  public var connectTimeout = Span(milliseconds: 3_100)
  /// From the first byte to the last, trickles included.
  public var attemptTimeout = Span.seconds(30)
  /// The metadata hosts are never asked through a proxy.
  public var usesProxy = true
  /// For what may not happen twice: the library does not send it again by itself when a connection
  /// that it kept turns out to be closed. Such an end is `interrupted`, and `sent`.
  public var isSentAtMostOnce = false
  /// The way there. `RoutedTransport` fills it in from the settings.
  public var route = HTTPRoute()

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

/// A whole response: a body that was cut short is a failure, not a response.
public struct HTTPResponse: Sendable {
  public var status: Int
  /// Names in lower case.
  public var headers: [(name: String, value: Untrusted)]
  public var body: [UInt8]

  public init(status: Int, headers: [(name: String, value: Untrusted)] = [], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// The first header of this name, which is given in lower case.
  public func header(_ name: String) -> Untrusted? { headers.first { $0.name == name }?.value }
}

/// A request without a whole response.
public struct HTTPFailure: Error, Hashable, Sendable {
  public var kind: Kind
  /// Whether any byte of the request can have reached the server.
  public var sent: Bool
  /// Printable once sanitised; no secret, no proxy password.
  public var detail: Untrusted

  public init(_ kind: Kind, sent: Bool, detail: Untrusted) {
    self.kind = kind
    self.sent = sent
    self.detail = detail
  }

  public enum Kind: String, Hashable, CaseIterable, Sendable {
    /// libcurl is not installed.
    case unavailable
    /// The URL's scheme or host is not allowed.
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
    /// Reset, or an end before the whole body.
    case interrupted
    /// More than the cap.
    case tooLarge
    case cancelled
    case other
  }
}

/// Sends one request, once: no redirect, no retry.
public protocol HTTPTransport: Sendable {
  func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse
}

// Headers and bodies carry tokens, in both directions.
extension HTTPRequest: Redacted {}
extension HTTPResponse: Redacted {}

/// The way to a server, as the settings of one profile have it.
public struct HTTPRoute: Hashable, Sendable {
  /// A file of certificates (PEM) that are trusted instead of the system's.
  public var certificates: String?
  /// Nil for none.
  public var proxies: ProxySettings?

  public init(certificates: String? = nil, proxies: ProxySettings? = nil) {
    self.certificates = certificates
    self.proxies = proxies
  }

  public init(_ settings: AWSSettings) {
    self.init(certificates: settings.caBundle?.value, proxies: settings.proxies)
  }
}

/// Sends every request by the route of one profile.
public struct RoutedTransport: HTTPTransport {
  private let base: any HTTPTransport
  private let route: HTTPRoute

  public init(_ base: any HTTPTransport, route: HTTPRoute) {
    self.base = base
    self.route = route
  }

  public func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
    var request = request
    request.route = route
    return try await base.send(request)
  }
}
