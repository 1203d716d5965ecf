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
