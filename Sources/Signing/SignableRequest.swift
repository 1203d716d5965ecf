import Crypto
import Text

/// The parts of an HTTP request that a signature covers, as they are sent.
public struct SignableRequest: Sendable {
  /// The HTTP method in capital letters, `POST`.
  public var method: String
  /// The path as on the request line, percent-encoded once: `/`, `/a%20b/`.
  public var path: String
  /// The query without its `?`; empty when there is none.
  public var query: String
  /// The headers in order, `Host` among them; values may be secret.
  public var headers: [(name: String, value: String)]
  /// The bytes of the body, of which the signature covers the SHA-256.
  public var body: [UInt8]

  /// Combines the parts as they are given; `headers` should contain `Host`.
  public init(
    _ method: String, path: String = "/", query: String = "",
    headers: [(name: String, value: String)] = [], body: [UInt8] = []
  ) {
    self.method = method
    self.path = path
    self.query = query
    self.headers = headers
    self.body = body
  }

  /// Splits the target of a request line, `/path?query`, into path and query.
  public init(
    _ method: String, target: String, headers: [(name: String, value: String)] = [],
    body: [UInt8] = []
  ) {
    let parts = target.utf8.split(
      separator: UInt8(ascii: "?"), maxSplits: 1, omittingEmptySubsequences: false)
    self.init(
      method, path: String(Substring(parts[0])),
      query: parts.count > 1 ? String(Substring(parts[1])) : "", headers: headers, body: body)
  }

  /// Takes path, query and `Host` from an absolute URL.
  ///
  /// `Host` is put in front of `headers` unless they contain one, without the port when it is the
  /// scheme's own. The fragment is dropped. Returns nil for a URL without `://` or a host, or with
  /// user information.
  ///
  ///     SignableRequest("POST", url: "https://sts.eu-west-1.amazonaws.com:443/")
  ///     // Host: sts.eu-west-1.amazonaws.com
  public init?(
    _ method: String, url: String, headers: [(name: String, value: String)] = [],
    body: [UInt8] = []
  ) {
    let bytes = Array(url.utf8)
    guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")),
      bytes[colon...].starts(with: "://".utf8)
    else { return nil }
    let rest = bytes[(colon + 3)...]
    let authority = rest.prefix { !"/?#".utf8.contains($0) }
    guard !authority.isEmpty, !authority.contains(UInt8(ascii: "@")) else { return nil }
    let target = rest[authority.endIndex...].prefix { $0 != UInt8(ascii: "#") }
    let slash = target.first == UInt8(ascii: "/") ? "" : "/"
    let ownPort = bytes[..<colon].asciiLowercased == Array("http".utf8) ? ":80" : ":443"
    let host = authority.hasSuffix(ownPort) ? authority.dropLast(ownPort.utf8.count) : authority
    guard !host.isEmpty else { return nil }
    let isNamed = headers.contains { $0.name.utf8.asciiLowercased == Array("host".utf8) }
    let named = isNamed ? [] : [(name: "Host", value: String(decoding: host, as: UTF8.self))]
    self.init(
      method, target: slash + String(decoding: target, as: UTF8.self), headers: named + headers,
      body: body)
  }

  /// The path and query as they are on the request line.
  public var target: String { query.isEmpty ? path : "\(path)?\(query)" }

  /// The SHA-256 of the body in lower-case hexadecimal.
  var bodyDigest: String { SHA256.hash(data: body).hexadecimal }

  /// Returns the value of the first header called `name`, given in lower-case ASCII.
  func header(_ name: String) -> String? {
    headers.first { $0.name.utf8.asciiLowercased == Array(name.utf8) }?.value
  }
}

extension ArraySlice<UInt8> {
  fileprivate func hasSuffix(_ text: String) -> Bool {
    suffix(text.utf8.count).elementsEqual(text.utf8)
  }
}

extension SignableRequest: Redacted {}
