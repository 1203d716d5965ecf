import Text

/// One header field; a name may occur more than once.
struct HTTPField: Hashable, Sendable {
  /// The name in lower case.
  var name: String
  /// The value without surrounding spaces and tabs.
  var value: Untrusted
}

/// A complete request as it was received.
struct ServerRequest: Hashable, Sendable {
  var method: String
  /// The path and query as they were sent, printable ASCII.
  var target: String
  var fields: [HTTPField]
  var body: [UInt8]

  /// Returns the first value of a header field; `name` is in lower case.
  func value(_ name: String) -> Untrusted? { fields.first { $0.name == name }?.value }

  /// The target before its question mark.
  var path: String { String(target.prefix { $0 != "?" }) }

  /// The target after its question mark; nil if it has none.
  var query: String? {
    target.firstIndex(of: "?").map { String(target[target.index(after: $0)...]) }
  }
}

/// The request line and header fields of a request.
struct HTTPHead: Hashable {
  var method: String
  var target: String
  /// 0 for HTTP/1.0, 1 for HTTP/1.1.
  var minorVersion: Int
  var fields: [HTTPField]
  /// The value of Content-Length; 0 if it is absent.
  var bodyLength: Int

  func values(_ name: String) -> [Untrusted] { fields.filter { $0.name == name }.map(\.value) }

  /// Whether the client may send another request over this connection.
  var keepsAlive: Bool {
    let wishes = values("connection").flatMap { Self.tokens($0) }
    if wishes.contains("close") { return false }
    return minorVersion == 1 || wishes.contains("keep-alive")
  }

  /// Whether the client waits for `100 Continue` before it sends the body.
  var waitsForContinue: Bool {
    minorVersion == 1 && values("expect").contains { Self.tokens($0).contains("100-continue") }
  }

  private static func tokens(_ value: Untrusted) -> [String] {
    (value.asciiText ?? "").lowercased().split(separator: ",").map {
      String($0.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
  }
}

// MARK: Reading

extension HTTPHead {
  /// Parses a head whose lines end with CR LF or LF; the final empty line is optional.
  ///
  /// It is strict where two readers could otherwise see two requests (RFC 9112, 11.2): no folded
  /// lines, no space before a colon, exactly one length, no transfer coding.
  ///
  /// - Throws: `HTTPRefusal`: 400 for a malformed request line, field, length or Host, 411 for a
  ///   transfer coding, 413, 414 or 431 if a limit is exceeded, 505 for another HTTP version.
  init(_ bytes: ArraySlice<UInt8>, _ limits: HTTPLimits) throws(HTTPRefusal) {
    var lines = bytes.split(separator: HTTPByte.lineFeed, omittingEmptySubsequences: false)[...]
    guard let first = lines.popFirst() else { throw .malformed("missing request line") }
    let line = Self.withoutReturn(first)
    guard line.count <= limits.requestLine else { throw .longTarget }
    let parts = line.split(separator: HTTPByte.space, omittingEmptySubsequences: false)
    guard parts.count == 3, Self.isToken(parts[0]), !parts[1].isEmpty,
      parts[1].allSatisfy({ (0x21...0x7E).contains($0) })
    else { throw .malformed("malformed request line") }
    switch String(decoding: parts[2], as: UTF8.self) {
    case "HTTP/1.1": minorVersion = 1
    case "HTTP/1.0": minorVersion = 0
    case let other where other.hasPrefix("HTTP/"): throw .version
    default: throw .malformed("malformed request line")
    }
    method = String(decoding: parts[0], as: UTF8.self)
    target = String(decoding: parts[1], as: UTF8.self)
    fields = []
    for line in lines where !Self.withoutReturn(line).isEmpty {
      guard fields.count < limits.fields else { throw .largeHead }
      fields.append(try Self.field(Self.withoutReturn(line)))
    }
    bodyLength = 0
    bodyLength = try length(limits)
    guard values("host").count == 1 || (minorVersion == 0 && values("host").isEmpty) else {
      throw .malformed("exactly one Host is required")
    }
  }

  /// Returns the announced length of the body; 0 if none is announced.
  ///
  /// - Throws: `HTTPRefusal`: 411 for a transfer coding, 400 for an invalid or repeated
  ///   Content-Length, 413 if it exceeds the limit.
  private func length(_ limits: HTTPLimits) throws(HTTPRefusal) -> Int {
    guard values("transfer-encoding").isEmpty else { throw .noLength }
    let lengths = values("content-length")
    guard let text = lengths.first else { return 0 }
    guard lengths.count == 1, !text.isEmpty, text.bytes.allSatisfy({ $0.isASCIIDigit })
    else { throw .malformed("invalid Content-Length") }
    // A number that does not fit an Int is too long as well.
    guard let length = Int(String(decoding: text.bytes, as: UTF8.self)), length <= limits.body
    else { throw .longBody }
    return length
  }

  /// Parses one header field.
  ///
  /// - Throws: `HTTPRefusal` 400 if the name is not a token or the value has a control character.
  private static func field(_ line: ArraySlice<UInt8>) throws(HTTPRefusal) -> HTTPField {
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")), isToken(line[..<colon]) else {
      throw .malformed("a header field has no name")
    }
    var value = line[(colon + 1)...]
    while let byte = value.first, byte == HTTPByte.space || byte == HTTPByte.tab {
      value.removeFirst()
    }
    while let byte = value.last, byte == HTTPByte.space || byte == HTTPByte.tab {
      value.removeLast()
    }
    guard value.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == HTTPByte.tab }) else {
      throw .malformed("a header field contains a control character")
    }
    return HTTPField(
      name: String(decoding: line[..<colon], as: UTF8.self).lowercased(),
      value: Untrusted(bytes: value))
  }

  private static func withoutReturn(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    line.last == HTTPByte.carriageReturn ? line.dropLast() : line
  }

  /// Returns whether `bytes` are a token of RFC 9110 (5.6.2).
  static func isToken(_ bytes: ArraySlice<UInt8>) -> Bool {
    !bytes.isEmpty && bytes.allSatisfy(\.isHTTPToken)
  }
}

enum HTTPByte {
  static let tab: UInt8 = 0x09
  static let lineFeed: UInt8 = 0x0A
  static let carriageReturn: UInt8 = 0x0D
  static let space: UInt8 = 0x20
}

/// The bytes received on a connection and not yet consumed.
struct ReceiveBuffer {
  private(set) var bytes: [UInt8] = []
  /// The index up to which no end of a head was found, so that arriving bytes are not searched
  /// twice.
  private var searched = 0

  var isEmpty: Bool { bytes.isEmpty }
  var count: Int { bytes.count }

  mutating func append(_ more: [UInt8]) { bytes += more }

  /// Removes and returns the next request's head; nil if it is not complete yet.
  ///
  /// - Throws: `HTTPRefusal`: 400 if the first byte cannot begin a method, 414 or 431 if the
  ///   incomplete head already exceeds a limit, and whatever parsing the head throws.
  mutating func takeHead(_ limits: HTTPLimits) throws(HTTPRefusal) -> HTTPHead? {
    // Empty lines before a request are skipped (RFC 9112, 2.2).
    let blank = bytes.prefix { $0 == HTTPByte.carriageReturn || $0 == HTTPByte.lineFeed }.count
    if blank > 0 { drop(blank) }
    guard let first = bytes.first else { return nil }
    // Another protocol, such as TLS, is recognised by its first byte.
    guard first.isHTTPToken else { throw .malformed("not an HTTP request") }
    guard let end = headEnd() else {
      let line = bytes.firstIndex(of: HTTPByte.lineFeed) ?? bytes.count
      guard line <= limits.requestLine else { throw .longTarget }
      guard bytes.count <= limits.head else { throw .largeHead }
      return nil
    }
    guard end <= limits.head else { throw .largeHead }
    let head = try HTTPHead(bytes[..<end], limits)
    drop(end)
    return head
  }

  /// Removes and returns the next `length` bytes; nil if fewer are available.
  mutating func takeBody(_ length: Int) -> [UInt8]? {
    guard bytes.count >= length else { return nil }
    let body = Array(bytes[..<length])
    drop(length)
    return body
  }

  private mutating func drop(_ count: Int) {
    bytes.removeFirst(count)
    searched = 0
  }

  /// Returns the index after the empty line that ends the head; nil if it is not there yet.
  private mutating func headEnd() -> Int? {
    var index = searched
    while let line = bytes[index...].firstIndex(of: HTTPByte.lineFeed) {
      var next = line + 1
      if next < bytes.count, bytes[next] == HTTPByte.carriageReturn { next += 1 }
      guard next < bytes.count else {
        searched = line
        return nil
      }
      if bytes[next] == HTTPByte.lineFeed { return next + 1 }
      index = line + 1
    }
    searched = bytes.count
    return nil
  }
}

/// The refusal of a request because of its form; the connection is closed after it.
struct HTTPRefusal: Error, Hashable {
  var status: Int
  var reason: String

  static func malformed(_ reason: String) -> HTTPRefusal {
    HTTPRefusal(status: 400, reason: reason)
  }

  static let late = HTTPRefusal(status: 408, reason: "the request took too long to arrive")
  static let noLength = HTTPRefusal(status: 411, reason: "a body needs a Content-Length")
  static let longBody = HTTPRefusal(status: 413, reason: "the body is too long")
  static let longTarget = HTTPRefusal(status: 414, reason: "the request line is too long")
  static let largeHead = HTTPRefusal(status: 431, reason: "the header fields are too large")
  static let full = HTTPRefusal(status: 503, reason: "too many connections")
  static let version = HTTPRefusal(
    status: 505, reason: "only HTTP/1.0 and HTTP/1.1 are supported")

  var reply: ServerReply {
    ServerReply(
      status: status, fields: [("Content-Type", "text/plain; charset=utf-8")],
      body: Array((reason + "\n").utf8))
  }
}
