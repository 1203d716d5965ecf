import Text

/// The dispatch of a request to the endpoint that serves it, or to a refusal.
struct Router: Sendable {
  let organizations: OrganizationsEndpoint
  let tokens: TokenEndpoint
  let admin: AdminEndpoint

  func answer(_ request: ServerRequest) async -> Delivery {
    guard Self.isLocal(request) else {
      return .whole(Self.refusal(421, "This sandbox serves loopback names only."))
    }
    // Browsers send `Origin` with the page that made the request; no page is served here.
    guard request.value("origin") == nil else {
      return .whole(Self.refusal(403, "This sandbox does not serve browsers."))
    }
    if request.path.hasPrefix(AdminEndpoint.prefix) { return .whole(await admin.answer(request)) }
    guard request.path == "/" else { return Self.unknown }
    if request.method == "POST", let target = request.value("x-amz-target") {
      return await organizations.answer(request, target: target)
    }
    if let form = TokenEndpoint.form(of: request) { return await tokens.answer(request, form) }
    return Self.unknown
  }

  /// AWS's reply to a request that names no operation.
  private static let unknown = Delivery.whole(
    ServerReply(
      status: 404, fields: [("Content-Type", "application/xml")],
      body: Array("<UnknownOperationException/>\n".utf8)))

  static func refusal(_ status: Int, _ words: String) -> ServerReply {
    ServerReply(
      status: status, fields: [("Content-Type", "text/plain; charset=utf-8")],
      body: Array((words + "\n").utf8))
  }

  /// Returns whether the request's Host is a loopback name.
  ///
  /// Any other name that resolves to 127.0.0.1 (DNS rebinding) is refused.
  private static func isLocal(_ request: ServerRequest) -> Bool {
    guard let host = request.value("host")?.asciiText else { return false }
    var name = host[...]
    if let colon = name.lastIndex(of: ":"), !name.hasSuffix("]") {
      guard name[name.index(after: colon)...].allSatisfy(\.isNumber) else { return false }
      name = name[..<colon]
    }
    return ["127.0.0.1", "localhost", "[::1]"].contains(name.lowercased())
  }
}
