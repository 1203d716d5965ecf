import Crypto
import Text

/// The canonical request of Signature Version 4, which signer and verifier both hash.
///
/// It holds the values of the signed headers, a session token among them, and is never logged.
public struct CanonicalRequest: Sendable {
  /// The lines as they are hashed, separated by `\n`: method, path, query, headers, the names of
  /// the signed headers, and the digest of the body.
  public let bytes: [UInt8]

  /// Builds the canonical form of `request` over the headers in `headers`.
  ///
  /// - Parameters:
  ///   - request: The request, with the headers to sign among its own.
  ///   - headers: The names of the headers to sign.
  ///   - normalisesPath: Whether `.`, `..` and empty segments of the path are resolved first, as
  ///     every service except S3 does.
  public init(
    _ request: SignableRequest, signing headers: SignedHeaders, normalisesPath: Bool = true
  ) {
    var text = Array(request.method.utf8)
    let path = Array(request.path.utf8)
    text.append(newline)
    text += PercentEncoding.encode(
      normalisesPath ? CanonicalPath.normalise(path) : path, keepingSlashes: true)
    text.append(newline)
    text += CanonicalQuery.text(Array(request.query.utf8))
    text.append(newline)
    for name in headers.names {
      text += name
      text.append(UInt8(ascii: ":"))
      text += Self.value(of: name, in: request)
      text.append(newline)
    }
    text.append(newline)
    text += Array(headers.text.utf8)
    text.append(newline)
    text += Array(request.bodyDigest.utf8)
    bytes = text
  }

  /// The SHA-256 of `bytes` in lower-case hexadecimal.
  public var digest: String { SHA256.hash(data: bytes).hexadecimal }

  /// Returns the values of all headers called `name`, in order and separated by commas.
  ///
  /// Each value is trimmed, and each run of white space within it becomes one space.
  private static func value(of name: [UInt8], in request: SignableRequest) -> [UInt8] {
    let values = request.headers.filter { $0.name.utf8.asciiLowercased == name }
    return Array(
      values.map { header in
        header.value.utf8.split { " \t\r\n".utf8.contains($0) }.joined(separator: [0x20])
      }.map { Array($0) }.joined(separator: [UInt8(ascii: ",")]))
  }
}

private let newline = UInt8(ascii: "\n")

/// The path of a request without `.`, `..` and empty segments.
enum CanonicalPath {
  /// Returns `path` without `.`, `..` and empty segments; `/` when no segment is left.
  static func normalise(_ path: [UInt8]) -> [UInt8] {
    let slash = UInt8(ascii: "/")
    var kept: [ArraySlice<UInt8>] = []
    let segments = path.split(separator: slash, omittingEmptySubsequences: false)
    for segment in segments where !segment.isEmpty && !segment.elementsEqual(".".utf8) {
      if segment.elementsEqual("..".utf8) {
        kept = kept.dropLast()
      } else {
        kept.append(segment)
      }
    }
    guard !kept.isEmpty else { return [slash] }
    // A path that ended in a slash or a dot is a directory, and keeps its slash.
    let last = segments.last ?? []
    let isDirectory = last.isEmpty || last.elementsEqual(".".utf8)
    return [slash] + kept.joined(separator: [slash]) + (isDirectory ? [slash] : [])
  }
}

/// The parameters of a query, percent-encoded again and sorted by name, then by value.
enum CanonicalQuery {
  /// Returns the canonical form of a query string without its `?`.
  static func text(_ query: [UInt8]) -> [UInt8] {
    let pairs = query.split(separator: UInt8(ascii: "&")).map { pair in
      let parts = pair.split(
        separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      return (name: recode(parts[0]), value: parts.count > 1 ? recode(parts[1]) : [])
    }
    let sorted = pairs.sorted { left, right in
      left.name == right.name
        ? left.value.lexicographicallyPrecedes(right.value)
        : left.name.lexicographicallyPrecedes(right.name)
    }
    return Array(
      sorted.map { $0.name + [UInt8(ascii: "=")] + $0.value }
        .joined(separator: [UInt8(ascii: "&")]))
  }

  private static func recode(_ part: ArraySlice<UInt8>) -> [UInt8] {
    PercentEncoding.encode(PercentEncoding.decode(Array(part)))
  }
}

/// The names of the headers that a signature covers: lower case, sorted, each once.
public struct SignedHeaders: Hashable, Sendable {
  /// The names as bytes, in the order in which they are signed.
  public let names: [[UInt8]]

  /// Selects all headers of a request except those that proxies and libraries change on the way.
  public init(of request: SignableRequest) {
    let names = Set(request.headers.map { $0.name.utf8.asciiLowercased })
    self.names = names.subtracting(Self.unsigned).sorted { $0.lexicographicallyPrecedes($1) }
  }

  /// Parses the list of an Authorization header, `host;x-amz-date`.
  ///
  /// Returns nil for an empty name, capital letters, a list out of order, or a name that occurs
  /// twice.
  init?(list: some Collection<UInt8>) {
    let names = list.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
      .map { Array($0) }
    guard names.allSatisfy({ !$0.isEmpty && $0 == $0.asciiLowercased }),
      zip(names, names.dropFirst()).allSatisfy({ $0.lexicographicallyPrecedes($1) })
    else { return nil }
    self.names = names
  }

  /// The list as an Authorization header has it, `host;x-amz-date`.
  public var text: String {
    String(decoding: Array(names.joined(separator: [UInt8(ascii: ";")])), as: UTF8.self)
  }

  /// Returns whether the header `name`, in lower case, is signed.
  func contains(_ name: String) -> Bool { names.contains(Array(name.utf8)) }

  /// botocore's list (auth.py, SIGNED_HEADERS_BLACKLIST) and the Authorization header itself.
  private static let unsigned = Set(
    [
      "authorization", "baggage", "connection", "expect", "keep-alive", "proxy-authenticate",
      "proxy-authorization", "te", "traceparent", "tracestate", "trailer", "transfer-encoding",
      "upgrade", "user-agent", "x-amzn-trace-id",
    ].map { Array($0.utf8) })
}

extension CanonicalRequest: Redacted {}
