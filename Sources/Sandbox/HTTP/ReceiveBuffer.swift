/// What has come off a socket and was not taken yet.
struct ReceiveBuffer {
  private(set) var bytes: [UInt8] = []
  /// Up to here no head ended: a sender of single bytes costs no second look.
  private var searched = 0

  var isEmpty: Bool { bytes.isEmpty }
  var count: Int { bytes.count }

  mutating func append(_ more: [UInt8]) { bytes += more }

  /// Takes the next request's head when all of it is here.
  mutating func takeHead(_ limits: HTTPLimits) throws(HTTPRefusal) -> HTTPHead? {
    // Empty lines before a request are passed over (RFC 9112, 2.2).
    let blank = bytes.prefix { $0 == Byte.carriageReturn || $0 == Byte.lineFeed }.count
    if blank > 0 { drop(blank) }
    guard let first = bytes.first else { return nil }
    // Another protocol, such as TLS, is told from its first byte.
    guard HTTPHead.isTokenByte(first) else { throw .malformed("not an HTTP request") }
    guard let end = headEnd() else {
      let line = bytes.firstIndex(of: Byte.lineFeed) ?? bytes.count
      guard line <= limits.requestLine else { throw .longTarget }
      guard bytes.count <= limits.head else { throw .largeHead }
      return nil
    }
    guard end <= limits.head else { throw .largeHead }
    let head = try HTTPHead(bytes[..<end], limits)
    drop(end)
    return head
  }

  /// Takes `length` bytes when they are here.
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

  /// Behind the empty line.
  private mutating func headEnd() -> Int? {
    var index = searched
    while let line = bytes[index...].firstIndex(of: Byte.lineFeed) {
      var next = line + 1
      if next < bytes.count, bytes[next] == Byte.carriageReturn { next += 1 }
      guard next < bytes.count else {
        searched = line
        return nil
      }
      if bytes[next] == Byte.lineFeed { return next + 1 }
      index = line + 1
    }
    searched = bytes.count
    return nil
  }
}
