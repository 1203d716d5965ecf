/// The names of the headers that a signature covers: lower case, sorted, each once.
public struct SignedHeaders: Hashable, Sendable {
  public let names: [[UInt8]]

  /// All of a request's, but for what proxies and libraries touch on the way.
  public init(of request: SignableRequest) {
    let names = Set(request.headers.map { [UInt8].lowercase($0.name.utf8) })
    self.names = names.subtracting(Self.unsigned).sorted { $0.lexicographicallyPrecedes($1) }
  }

  /// As an Authorization header lists them: `host;x-amz-date`. Nil for an empty name, capitals, or
  /// a list out of order.
  init?(list: some Collection<UInt8>) {
    let names = list.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
      .map { Array($0) }
    guard names.allSatisfy({ !$0.isEmpty && $0 == [UInt8].lowercase($0) }),
      zip(names, names.dropFirst()).allSatisfy({ $0.lexicographicallyPrecedes($1) })
    else { return nil }
    self.names = names
  }

  /// `host;x-amz-date`
  public var text: String {
    String(decoding: Array(names.joined(separator: [UInt8(ascii: ";")])), as: UTF8.self)
  }

  func contains(_ name: String) -> Bool { names.contains(Array(name.utf8)) }

  /// botocore's list (auth.py, SIGNED_HEADERS_BLACKLIST) and the signature itself.
  private static let unsigned = Set(
    [
      "authorization", "baggage", "connection", "expect", "keep-alive", "proxy-authenticate",
      "proxy-authorization", "te", "traceparent", "tracestate", "trailer", "transfer-encoding",
      "upgrade", "user-agent", "x-amzn-trace-id",
    ].map { Array($0.utf8) })
}
