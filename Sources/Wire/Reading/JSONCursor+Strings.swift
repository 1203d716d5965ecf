import Text

/// A string of the text: the bytes between its quotes, as written.
struct StringToken {
  var start: Int
  var end: Int
  var hasEscapes = false
  var hasHighBytes = false
}

extension JSONCursor {
  /// Steps over a string. Escapes are checked, UTF-8 is not: what is malformed is kept, and noticed
  /// by `text(_:)`.
  mutating func string() throws(JSONFault) -> StringToken {
    try expect(Byte.quote)
    var token = StringToken(start: offset, end: offset)
    while true {
      if skipPlain() { token.hasHighBytes = true }
      guard offset < bytes.count else { throw fault(.unexpectedEnd) }
      let byte = bytes[offset]
      if byte == Byte.quote { break }
      guard byte == Byte.backslash else { throw fault(.controlCharacter) }
      token.hasEscapes = true
      try escape()
    }
    token.end = offset
    guard token.end - token.start <= limits.string else {
      throw JSONFault(.stringTooLong, at: token.start)
    }
    offset += 1
    return token
  }

  /// Steps over what stands for itself, eight bytes at a time while there are as many.
  /// - Returns: whether any of it was not ASCII.
  @inline(__always)
  private mutating func skipPlain() -> Bool {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let highs: UInt64 = 0x8080_8080_8080_8080
    var high: UInt64 = 0
    while offset + 8 <= bytes.count {
      let word = UnsafeRawBufferPointer(bytes).loadUnaligned(
        fromByteOffset: offset, as: UInt64.self)
      let quotes = word ^ (ones &* UInt64(Byte.quote))
      let backslashes = word ^ (ones &* UInt64(Byte.backslash))
      // The high bit of each byte that is below 20, a quote or a backslash.
      let found =
        (((word &- ones &* 0x20) & ~word) | ((quotes &- ones) & ~quotes)
          | ((backslashes &- ones) & ~backslashes)) & highs
      guard found == 0 else {
        // Borrows only reach upwards: the lowest mark is right.
        let bits = UInt64(littleEndian: found).trailingZeroBitCount & ~7
        offset += bits >> 3
        return (high | UInt64(littleEndian: word) & (1 << UInt64(bits) &- 1) & highs) != 0
      }
      high |= word & highs
      offset += 8
    }
    var last: UInt8 = 0
    while offset < bytes.count {
      let byte = bytes[offset]
      guard byte >= 0x20, byte != Byte.quote, byte != Byte.backslash else { break }
      last |= byte
      offset += 1
    }
    return high != 0 || last >= 0x80
  }

  private mutating func escape() throws(JSONFault) {
    guard offset + 1 < bytes.count else {
      offset = bytes.count
      throw fault(.unexpectedEnd)
    }
    switch bytes[offset + 1] {
    case Byte.quote, Byte.backslash, UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      offset += 2
    case UInt8(ascii: "u"):
      for place in offset + 2..<offset + 6 {
        guard place < bytes.count else { throw JSONFault(.unexpectedEnd, at: bytes.count) }
        guard Self.hexDigit(bytes[place]) != nil else { throw fault(.badEscape) }
      }
      offset += 6
    default: throw fault(.badEscape)
    }
  }

  static func hexDigit(_ byte: UInt8) -> UInt32? {
    switch byte {
    case 0x30...0x39: UInt32(byte - 0x30)
    case 0x41...0x46: UInt32(byte - 0x37)
    case 0x61...0x66: UInt32(byte - 0x57)
    default: nil
    }
  }
}

extension JSONCursor {
  /// The bytes of a string without escapes.
  @inline(__always)
  func raw(_ token: StringToken) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(rebasing: bytes[token.start..<token.end])
  }

  /// What a string says, and whether it is well-formed Unicode. A lone surrogate stands as its
  /// three-byte form, bad bytes stand as they are.
  func text(_ token: StringToken) -> (text: Untrusted, isWellFormed: Bool) {
    let isUTF8 = !token.hasHighBytes || UTF8Form.isValid(raw(token))
    guard token.hasEscapes else { return (Untrusted(bytes: Array(raw(token))), isUTF8) }
    let (decoded, hasLoneSurrogate) = unescaped(token)
    return (Untrusted(bytes: decoded), isUTF8 && !hasLoneSurrogate)
  }

  /// Undoes the escapes of a string that `string()` has checked.
  func unescaped(_ token: StringToken) -> (bytes: [UInt8], hasLoneSurrogate: Bool) {
    var out: [UInt8] = []
    out.reserveCapacity(token.end - token.start)
    var place = token.start
    var hasLoneSurrogate = false
    while place < token.end {
      guard bytes[place] == Byte.backslash else {
        var end = place + 1
        while end < token.end, bytes[end] != Byte.backslash { end += 1 }
        out.append(contentsOf: bytes[place..<end])
        place = end
        continue
      }
      let letter = bytes[place + 1]
      guard letter == UInt8(ascii: "u") else {
        out.append(Self.meaning(ofEscape: letter))
        place += 2
        continue
      }
      var value = codeUnit(at: place + 2)
      place += 6
      if (0xD800...0xDBFF).contains(value), place + 6 <= token.end,
        bytes[place] == Byte.backslash, bytes[place + 1] == UInt8(ascii: "u"),
        case let low = codeUnit(at: place + 2), (0xDC00...0xDFFF).contains(low)
      {
        value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
        place += 6
      }
      if (0xD800...0xDFFF).contains(value) { hasLoneSurrogate = true }
      UTF8Form.append(value, to: &out)
    }
    return (out, hasLoneSurrogate)
  }

  private func codeUnit(at place: Int) -> UInt32 {
    var value: UInt32 = 0
    for byte in bytes[place..<place + 4] { value = value << 4 | (Self.hexDigit(byte) ?? 0) }
    return value
  }

  private static func meaning(ofEscape letter: UInt8) -> UInt8 {
    switch letter {
    case UInt8(ascii: "b"): 0x08
    case UInt8(ascii: "f"): 0x0C
    case UInt8(ascii: "n"): 0x0A
    case UInt8(ascii: "r"): 0x0D
    case UInt8(ascii: "t"): 0x09
    default: letter
    }
  }
}
