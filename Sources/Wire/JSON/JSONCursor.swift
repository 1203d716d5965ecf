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

extension JSONCursor {
  /// Steps over one value of any kind, however deep, checking all of it.
  /// - Returns: how many objects it held, itself included.
  @discardableResult
  mutating func skipValue() throws(JSONFault) -> Int {
    nesting.removeAll(keepingCapacity: true)
    var objects = 0
    while true {
      if try beginsContainer(&objects) { continue }
      // A value has ended: close what ends with it.
      while let close = nesting.last {
        if try takeComma(or: close) {
          if close == Byte.closeObject { try key() }
          break
        }
        nesting.removeLast()
      }
      if nesting.isEmpty { return objects }
    }
  }

  /// Steps over a scalar or an empty container (false), or into a container (true).
  private mutating func beginsContainer(_ objects: inout Int) throws(JSONFault) -> Bool {
    switch try peek() {
    case Byte.openObject:
      objects += 1
      offset += 1
      if try take(Byte.closeObject) { return false }
      try open(Byte.closeObject)
      try key()
      return true
    case Byte.openArray:
      offset += 1
      if try take(Byte.closeArray) { return false }
      try open(Byte.closeArray)
      return true
    default:
      try skipScalar()
      return false
    }
  }

  private mutating func open(_ close: UInt8) throws(JSONFault) {
    guard nesting.count < limits.depth else { throw fault(.tooDeep) }
    nesting.append(close)
  }

  /// Steps over a member's name and its colon.
  @inline(__always)
  @discardableResult
  mutating func key() throws(JSONFault) -> StringToken {
    let token = try string()
    try expect(Byte.colon)
    return token
  }

  mutating func skipScalar() throws(JSONFault) {
    switch try peek() {
    case Byte.quote: _ = try string()
    case UInt8(ascii: "t"): try literal("true")
    case UInt8(ascii: "f"): try literal("false")
    case UInt8(ascii: "n"): try literal("null")
    default: _ = try number()
    }
  }

  mutating func literal(_ name: StaticString) throws(JSONFault) {
    skipSpace()
    for place in 0..<name.utf8CodeUnitCount {
      guard offset + place < bytes.count else {
        throw JSONFault(.unexpectedEnd, at: bytes.count)
      }
      guard bytes[offset + place] == name.utf8Start[place] else { throw fault(.unexpectedByte) }
    }
    offset += name.utf8CodeUnitCount
  }

  /// Steps over `null` if it is next: the service's rule is that null means absent.
  @inline(__always)
  mutating func takeNull() throws(JSONFault) -> Bool {
    guard try peek() == UInt8(ascii: "n") else { return false }
    try literal("null")
    return true
  }

  /// Steps over a number; its text is kept as it is written.
  mutating func number() throws(JSONFault) -> Range<Int> {
    skipSpace()
    let start = offset
    if offset < bytes.count, bytes[offset] == UInt8(ascii: "-") { offset += 1 }
    guard offset < bytes.count else { throw fault(.unexpectedEnd) }
    if bytes[offset] == Byte.zero {
      offset += 1
    } else {
      guard Byte.isDigit(bytes[offset]) else {
        throw JSONFault(start == offset ? .unexpectedByte : .badNumber, at: start)
      }
      skipDigits()
    }
    if offset < bytes.count, bytes[offset] == UInt8(ascii: ".") {
      offset += 1
      try digits(from: start)
    }
    if offset < bytes.count, bytes[offset] | 0x20 == UInt8(ascii: "e") {
      offset += 1
      if offset < bytes.count, bytes[offset] == UInt8(ascii: "+") || bytes[offset] == 0x2D {
        offset += 1
      }
      try digits(from: start)
    }
    return start..<offset
  }

  private mutating func digits(from start: Int) throws(JSONFault) {
    guard offset < bytes.count else { throw fault(.unexpectedEnd) }
    guard Byte.isDigit(bytes[offset]) else { throw JSONFault(.badNumber, at: start) }
    skipDigits()
  }

  private mutating func skipDigits() {
    while offset < bytes.count, Byte.isDigit(bytes[offset]) { offset += 1 }
  }
}

/// RFC 8259, whole texts.
public enum JSONText {
  /// The first fault of a text; nil when it is one JSON value and nothing else. Bytes in strings
  /// that are not UTF-8 and escapes of lone surrogates are within the grammar's reach and taken:
  /// they are kept as they are, and mark the record they stand in.
  public static func fault(in bytes: [UInt8], limits: JSONLimits = .document) -> JSONFault? {
    do throws(JSONFault) {
      try withJSONCursor(bytes, limits: limits) { cursor throws(JSONFault) in
        try cursor.skipValue()
        try cursor.checkEnd()
      }
      return nil
    } catch {
      return error
    }
  }
}

extension JSONCursor {
  /// Steps over one value, and tells whether any object in it has a key twice.
  mutating func skipValueFindingDuplicates() throws(JSONFault) -> Bool {
    let start = offset
    let objects = try skipValue()
    guard objects > 0 else { return false }
    let end = offset
    offset = start
    defer { offset = end }
    return try hasDuplicateKeys()
  }

  /// Walks the value that is next, which is known to be well formed.
  private mutating func hasDuplicateKeys() throws(JSONFault) -> Bool {
    /// One entry a level: the names seen in an object, nil for an array.
    var levels: [Set<[UInt8]>?] = []
    repeat {
      let byte = try peek()
      switch byte {
      case Byte.openObject, Byte.openArray:
        offset += 1
        levels.append(byte == Byte.openObject ? [] : nil)
      case Byte.closeObject, Byte.closeArray:
        offset += 1
        levels.removeLast()
      case Byte.comma:
        offset += 1
      case Byte.quote:
        let token = try string()
        guard try take(Byte.colon) else { break }
        let isNew = levels[levels.count - 1]?.insert(unescaped(token).bytes).inserted
        if isNew == false { return true }
      default:
        try skipScalar()
      }
    } while !levels.isEmpty
    return false
  }
}

/// Why a text is not the JSON it should be, and where.
public struct JSONFault: Error, Hashable, Sendable {
  public var kind: Kind
  /// The byte at which it shows, counted from 0.
  public var offset: Int

  public init(_ kind: Kind, at offset: Int) {
    self.kind = kind
    self.offset = offset
  }

  public enum Kind: String, Hashable, CaseIterable, Sendable {
    /// The text stops before its value does.
    case unexpectedEnd
    /// A byte that cannot stand there.
    case unexpectedByte
    /// A number that JSON does not write so: `01`, `1.`, `+1`, `NaN`.
    case badNumber
    /// An escape other than `\" \\ \/ \b \f \n \r \t` and `\u` with four hexadecimal digits.
    case badEscape
    /// A raw control character in a string.
    case controlCharacter
    /// A byte order mark, or UTF-16: JSON is exchanged as UTF-8 without a mark.
    case otherEncoding
    /// Something after the value.
    case trailingBytes
    /// More bytes than are taken.
    case tooLarge
    /// More nesting than is taken.
    case tooDeep
    /// A string longer than is taken.
    case stringTooLong
    /// One object has a key twice.
    case duplicateKey
    /// A value of another type than the one expected.
    case wrongType
    /// A member that must be there is not.
    case missing
    /// Members that cannot both be true.
    case contradiction
  }
}

/// How much of a text is taken before it is refused (SEC-3.1).
public struct JSONLimits: Hashable, Sendable {
  /// Bytes of the whole text.
  public var bytes: Int
  /// Arrays and objects within one another. The reader keeps one byte a level and never recurses,
  /// so this only bounds memory.
  public var depth: Int
  /// Bytes of one string, as written.
  public var string: Int

  public init(bytes: Int, depth: Int = 1_000_000, string: Int = 16 << 20) {
    self.bytes = bytes
    self.depth = depth
    self.string = string
  }

  /// One reply of the service: 16 MiB.
  public static let page = JSONLimits(bytes: 16 << 20)
  /// A document the operator names: as large as memory allows.
  public static let document = JSONLimits(bytes: .max)
}
