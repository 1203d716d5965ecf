/// A cursor over the bytes of a JSON text, strict by RFC 8259, without recursion or allocated
/// values.
///
/// SAFETY: holds a pointer into the caller's bytes. Cursors live only inside the closure that lent
/// it (`withJSONCursor`, `withUnsafeBufferPointer`), and every read is behind a check of `offset`.
struct JSONCursor {
  let bytes: UnsafeBufferPointer<UInt8>
  let limits: JSONLimits
  var offset = 0
  /// The closing brackets of the open arrays and objects, innermost last.
  ///
  /// They are kept between calls to save the allocation.
  var nesting: [UInt8] = []

  init(_ bytes: UnsafeBufferPointer<UInt8>, limits: JSONLimits) {
    self.bytes = bytes
    self.limits = limits
  }

  var isAtEnd: Bool { offset >= bytes.count }

  /// Returns a fault at the cursor's offset.
  func fault(_ kind: JSONFault.Kind) -> JSONFault { JSONFault(kind, at: offset) }

  /// Steps over the white space of JSON: space, line feed, carriage return and tab.
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

  /// Returns the next byte that is not white space, and stays before it.
  ///
  /// - Throws: `.unexpectedEnd` at the end of the text.
  @inline(__always)
  mutating func peek() throws(JSONFault) -> UInt8 {
    skipSpace()
    guard offset < bytes.count else { throw fault(.unexpectedEnd) }
    return bytes[offset]
  }

  /// Steps over `byte`, which must be next.
  ///
  /// - Throws: `.unexpectedByte` when another one is next, `.unexpectedEnd` at the end of the text.
  @inline(__always)
  mutating func expect(_ byte: UInt8) throws(JSONFault) {
    guard try peek() == byte else { throw fault(.unexpectedByte) }
    offset += 1
  }

  /// Steps over `byte` if it is next, and returns whether it was.
  ///
  /// - Throws: `.unexpectedEnd` at the end of the text.
  @inline(__always)
  mutating func take(_ byte: UInt8) throws(JSONFault) -> Bool {
    guard try peek() == byte else { return false }
    offset += 1
    return true
  }

  /// Steps over the separator after an element or a member.
  ///
  /// Returns true for a comma, after which another one follows, and false for `close`.
  ///
  /// - Throws: `.unexpectedByte` when neither is next, `.unexpectedEnd` at the end of the text.
  @inline(__always)
  mutating func takeComma(or close: UInt8) throws(JSONFault) -> Bool {
    let byte = try peek()
    guard byte == Byte.comma || byte == close else { throw fault(.unexpectedByte) }
    offset += 1
    return byte == Byte.comma
  }

  /// Refuses a text that is too large, begins with a byte order mark, or is UTF-16 or UTF-32.
  ///
  /// - Throws: `.tooLarge` above the limit, `.otherEncoding` for a mark or a zero among the first
  ///   two bytes.
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

  /// Refuses anything but white space after the cursor.
  ///
  /// - Throws: `.trailingBytes` at the first other byte.
  mutating func checkEnd() throws(JSONFault) {
    skipSpace()
    guard isAtEnd else { throw fault(.trailingBytes) }
  }
}

/// The bytes of JSON's grammar.
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
///
/// - Throws: The fault of `checkStart`, or the one that `body` throws.
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
  /// Steps over one value of any kind and depth, checking all of it, and returns how many objects
  /// it had.
  ///
  /// The value itself is counted when it is an object.
  ///
  /// - Throws: The first fault of the value, among them `.tooDeep` and `.stringTooLong` for the
  ///   limits.
  @discardableResult
  mutating func skipValue() throws(JSONFault) -> Int {
    nesting.removeAll(keepingCapacity: true)
    var objects = 0
    while true {
      if try beginsContainer(&objects) { continue }
      // A value has ended: close the containers that end with it.
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

  /// Steps over the name of a member and its colon, and returns the name.
  ///
  /// - Throws: The fault of the string, `.unexpectedByte` when a string or the colon is missing.
  @inline(__always)
  @discardableResult
  mutating func key() throws(JSONFault) -> StringToken {
    let token = try string()
    try expect(Byte.colon)
    return token
  }

  /// Steps over a string, number, `true`, `false` or `null`.
  ///
  /// - Throws: The first fault of the value; `.unexpectedByte` when none of them is next.
  mutating func skipScalar() throws(JSONFault) {
    switch try peek() {
    case Byte.quote: _ = try string()
    case UInt8(ascii: "t"): try literal("true")
    case UInt8(ascii: "f"): try literal("false")
    case UInt8(ascii: "n"): try literal("null")
    default: _ = try number()
    }
  }

  /// Steps over `name`, which must be next.
  ///
  /// - Throws: `.unexpectedByte` when something else is next, `.unexpectedEnd` when the text ends
  ///   in it.
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

  /// Steps over `null` if it is next, because to the service null means absent.
  ///
  /// - Throws: `.unexpectedByte` when another word begins with `n`, `.unexpectedEnd` when the text
  ///   ends.
  @inline(__always)
  mutating func takeNull() throws(JSONFault) -> Bool {
    guard try peek() == UInt8(ascii: "n") else { return false }
    try literal("null")
    return true
  }

  /// Steps over a number and returns the range of its bytes, as it is written.
  ///
  /// - Throws: `.badNumber` at its start, `.unexpectedByte` when no number is next,
  ///   `.unexpectedEnd` when the text ends in it.
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

/// The check of whole texts against RFC 8259.
public enum JSONText {
  /// Returns the first fault of a text; nil when it is one JSON value and nothing else.
  ///
  /// Bytes in strings that are not UTF-8, and escapes of lone surrogates, are accepted by the
  /// grammar. They are kept as they are, and a record that contains them is damaged.
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
  /// Steps over one value, and returns whether any object in it has a name twice.
  ///
  /// - Throws: The first fault of the value, as `skipValue` does.
  mutating func skipValueFindingDuplicates() throws(JSONFault) -> Bool {
    let start = offset
    let objects = try skipValue()
    guard objects > 0 else { return false }
    let end = offset
    offset = start
    defer { offset = end }
    return try hasDuplicateKeys()
  }

  /// Returns whether an object in the next value, which is known to be well formed, has a name
  /// twice.
  private mutating func hasDuplicateKeys() throws(JSONFault) -> Bool {
    /// One entry for each level: the names seen in an object, nil for an array.
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

/// The reason why a text is not the expected JSON, and the place.
public struct JSONFault: Error, Hashable, Sendable {
  /// The rule that was broken.
  public var kind: Kind
  /// The place of the fault in bytes from the start of the text.
  public var offset: Int

  /// Combines a kind with a byte offset.
  public init(_ kind: Kind, at offset: Int) {
    self.kind = kind
    self.offset = offset
  }

  /// The rules that a text can break.
  public enum Kind: String, Hashable, CaseIterable, Sendable {
    /// The text ends before its value does.
    case unexpectedEnd
    /// A byte that the grammar does not allow at this place.
    case unexpectedByte
    /// A number without the digits that must follow `-`, `.` or `e`: `-x`, `1.x`.
    case badNumber
    /// An escape other than `\" \\ \/ \b \f \n \r \t` and `\u` with four hexadecimal digits.
    case badEscape
    /// A raw control character in a string.
    case controlCharacter
    /// A byte order mark, or UTF-16: JSON is exchanged as UTF-8 without a mark.
    case otherEncoding
    /// Something after the value.
    case trailingBytes
    /// More bytes than the limit.
    case tooLarge
    /// More levels of arrays and objects than the limit.
    case tooDeep
    /// A string longer than the limit.
    case stringTooLong
    /// An object with a name twice.
    case duplicateKey
    /// A value of another type than the one expected.
    case wrongType
    /// A required member is absent.
    case missing
    /// Members that cannot both be true.
    case contradiction
  }
}

/// The sizes above which a text is refused (SEC-3.1).
public struct JSONLimits: Hashable, Sendable {
  /// The size of the whole text in bytes.
  public var bytes: Int
  /// The levels of arrays and objects within one another.
  ///
  /// The reader keeps one byte a level and never recurses, so this only bounds memory.
  public var depth: Int
  /// The length of one string in bytes, as written.
  public var string: Int

  /// Sets the three limits; strings may have 16 MiB by default.
  public init(bytes: Int, depth: Int = 1_000_000, string: Int = 16 << 20) {
    self.bytes = bytes
    self.depth = depth
    self.string = string
  }

  /// The limits of one reply of the service: 16 MiB.
  public static let page = JSONLimits(bytes: 16 << 20)
  /// The limits of a document that the operator names: as large as memory allows.
  public static let document = JSONLimits(bytes: .max)
}
