/// Walks the bytes of a JSON text, strictly by RFC 8259, without recursion and without building
/// anything.
///
/// SAFETY: holds a pointer into the caller's bytes. Cursors live only inside the closure that lent
/// it (`withJSONCursor`, `withUnsafeBufferPointer`), and every read is behind a check of `offset`.
struct JSONCursor {
  let bytes: UnsafeBufferPointer<UInt8>
  let limits: JSONLimits
  var offset = 0
  /// Open arrays and objects, innermost last; kept between calls to save its allocation.
  var nesting: [UInt8] = []

  init(_ bytes: UnsafeBufferPointer<UInt8>, limits: JSONLimits) {
    self.bytes = bytes
    self.limits = limits
  }

  var isAtEnd: Bool { offset >= bytes.count }

  func fault(_ kind: JSONFault.Kind) -> JSONFault { JSONFault(kind, at: offset) }

  @inline(__always)
  mutating func skipSpace() {
    while offset < bytes.count {
      let byte = bytes[offset]
      guard byte <= 0x20, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else {
        return
      }
      offset += 1
    }
  }

  /// The next byte that is no space; stays before it.
  @inline(__always)
  mutating func peek() throws(JSONFault) -> UInt8 {
    skipSpace()
    guard offset < bytes.count else { throw fault(.unexpectedEnd) }
    return bytes[offset]
  }

  /// Steps over `byte`, which must be next.
  @inline(__always)
  mutating func expect(_ byte: UInt8) throws(JSONFault) {
    guard try peek() == byte else { throw fault(.unexpectedByte) }
    offset += 1
  }

  /// Steps over `byte` if it is next.
  @inline(__always)
  mutating func take(_ byte: UInt8) throws(JSONFault) -> Bool {
    guard try peek() == byte else { return false }
    offset += 1
    return true
  }

  /// After an element or a member: true when another follows, false when `close` ended them.
  @inline(__always)
  mutating func takeComma(or close: UInt8) throws(JSONFault) -> Bool {
    let byte = try peek()
    guard byte == Byte.comma || byte == close else { throw fault(.unexpectedByte) }
    offset += 1
    return byte == Byte.comma
  }

  /// Refuses a text that is too large, has a mark, or is UTF-16.
  func checkStart() throws(JSONFault) {
    guard bytes.count <= limits.bytes else { throw JSONFault(.tooLarge, at: limits.bytes) }
    guard bytes.count >= 2 else { return }
    let first = bytes[0]
    let second = bytes[1]
    let marked =
      (first == 0xEF && second == 0xBB) || (first == 0xFE && second == 0xFF)
      || (first == 0xFF && second == 0xFE)
    guard !marked, first != 0, second != 0 else { throw JSONFault(.otherEncoding, at: 0) }
  }

  /// Nothing but space may be left.
  mutating func checkEnd() throws(JSONFault) {
    skipSpace()
    guard isAtEnd else { throw fault(.trailingBytes) }
  }
}

enum Byte {
  static let quote = UInt8(ascii: "\"")
  static let backslash = UInt8(ascii: "\\")
  static let comma = UInt8(ascii: ",")
  static let colon = UInt8(ascii: ":")
  static let openObject = UInt8(ascii: "{")
  static let closeObject = UInt8(ascii: "}")
  static let openArray = UInt8(ascii: "[")
  static let closeArray = UInt8(ascii: "]")
  static let zero = UInt8(ascii: "0")

  @inline(__always)
  static func isDigit(_ byte: UInt8) -> Bool { byte &- zero < 10 }
}

/// Runs `body` with a cursor at the start of `bytes`.
func withJSONCursor<Value>(
  _ bytes: [UInt8], limits: JSONLimits,
  _ body: (inout JSONCursor) throws(JSONFault) -> Value
) throws(JSONFault) -> Value {
  let result = bytes.withUnsafeBufferPointer { buffer -> Result<Value, JSONFault> in
    var cursor = JSONCursor(buffer, limits: limits)
    do throws(JSONFault) {
      try cursor.checkStart()
      return .success(try body(&cursor))
    } catch {
      return .failure(error)
    }
  }
  return try result.get()
}
