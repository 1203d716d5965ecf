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
