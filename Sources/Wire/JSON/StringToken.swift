import Text

/// A string of the text: the range of the bytes between its quotes, as written.
struct StringToken {
  var start: Int
  var end: Int
  var hasEscapes = false
  var hasHighBytes = false
}

extension JSONCursor {
  /// Steps over a string and returns its range.
  ///
  /// Escapes are checked, UTF-8 is not: malformed bytes are kept, and reported by `text(_:)`.
  ///
  /// - Throws: `.unexpectedByte` when no quote is next, `.unexpectedEnd` when the text ends in the
  ///   string, `.controlCharacter`, `.badEscape`, or `.stringTooLong` above the limit.
  mutating func string() throws(JSONFault) -> StringToken {
    try expect(Byte.quote)
    var token = StringToken(start: offset, end: offset)
    // Collects the high bits of bytes that are not ASCII.
    var high: UInt64 = 0
    var end = plainEnd(from: token.start, &high)
    while end >= bytes.count || bytes[end] != Byte.quote {
      offset = end
      guard end < bytes.count else { throw fault(.unexpectedEnd) }
      guard bytes[end] == Byte.backslash else { throw fault(.controlCharacter) }
      token.hasEscapes = true
      try escape()
      end = plainEnd(from: offset, &high)
    }
    token.end = end
    token.hasHighBytes = high & Self.highs != 0
    guard end - token.start <= limits.string else {
      throw JSONFault(.stringTooLong, at: token.start)
    }
    offset = end + 1
    return token
  }

  private static let ones: UInt64 = 0x0101_0101_0101_0101
  private static let highs: UInt64 = 0x8080_8080_8080_8080

  /// Returns the place of the next byte that is a quote, a backslash or a control character.
  ///
  /// The search reads eight bytes at a time while there are as many. The bits of all bytes before
  /// that place are added to `high`.
  @inline(__always)
  private func plainEnd(from start: Int, _ high: inout UInt64) -> Int {
    var place = start
    let lastWord = bytes.count &- 8
    while place <= lastWord {
      let word = UInt64(
        littleEndian: UnsafeRawBufferPointer(bytes).loadUnaligned(
          fromByteOffset: place, as: UInt64.self))
      let quotes = word ^ (Self.ones &* UInt64(Byte.quote))
      let backslashes = word ^ (Self.ones &* UInt64(Byte.backslash))
      // The high bit of each byte that is below 0x20, a quote or a backslash.
      let found =
        (((word &- Self.ones &* 0x20) & ~word) | ((quotes &- Self.ones) & ~quotes)
          | ((backslashes &- Self.ones) & ~backslashes)) & Self.highs
      guard found == 0 else {
        // Borrows only reach upwards: the lowest mark is right, and the bytes below it are plain.
        let bits = found.trailingZeroBitCount & ~7
        high |= word & ~(UInt64.max &<< UInt64(truncatingIfNeeded: bits))
        return place &+ bits &>> 3
      }
      high |= word
      place &+= 8
    }
    while place < bytes.count {
      let byte = bytes[place]
      guard byte >= 0x20, byte != Byte.quote, byte != Byte.backslash else { break }
      high |= UInt64(byte)
      place &+= 1
    }
    return place
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
        guard Hexadecimal.value(bytes[place]) != nil else { throw fault(.badEscape) }
      }
      offset += 6
    default: throw fault(.badEscape)
    }
  }
}

extension JSONCursor {
  /// Returns the bytes of a string as written, which is its text when it has no escapes.
  @inline(__always)
  func raw(_ token: StringToken) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(rebasing: bytes[token.start..<token.end])
  }

  /// Returns the text of a string, and whether it is well-formed Unicode.
  ///
  /// A lone surrogate becomes its three-byte form; invalid bytes are kept as they are.
  func text(_ token: StringToken) -> (text: Untrusted, isWellFormed: Bool) {
    let isUTF8 = !token.hasHighBytes || UTF8Form.isValid(raw(token))
    guard token.hasEscapes else { return (Untrusted(bytes: Array(raw(token))), isUTF8) }
    let (decoded, hasLoneSurrogate) = unescaped(token)
    return (Untrusted(bytes: decoded), isUTF8 && !hasLoneSurrogate)
  }

  /// Decodes the escapes of a string that `string()` has checked.
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
      UTF8Encoding.append(value, to: &out)
    }
    return (out, hasLoneSurrogate)
  }

  private func codeUnit(at place: Int) -> UInt32 {
    var value: UInt32 = 0
    for byte in bytes[place..<place + 4] {
      value = value << 4 | UInt32(Hexadecimal.value(byte) ?? 0)
    }
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

/// The decoding of UTF-8 that keeps invalid bytes apart instead of replacing them.
enum UTF8Form {
  /// A step through bytes that may not be UTF-8.
  enum Unit: Hashable {
    /// A Unicode scalar value in its shortest form.
    case scalar(UInt32)
    /// A surrogate in its three-byte form.
    case surrogate(UInt32)
    /// A byte that belongs to no scalar.
    case stray(UInt8)
  }

  /// Returns the unit that begins at `place`, and its length in bytes.
  static func unit(at place: Int, in bytes: UnsafeBufferPointer<UInt8>) -> (Unit, length: Int) {
    let lead = bytes[place]
    if lead < 0x80 { return (.scalar(UInt32(lead)), 1) }
    let length = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0
    guard length > 0, place + length <= bytes.count else { return (.stray(lead), 1) }
    var value = UInt32(lead) & (0x7F >> UInt32(length))
    for next in place + 1..<place + length {
      let byte = bytes[next]
      guard byte & 0xC0 == 0x80 else { return (.stray(lead), 1) }
      value = value << 6 | UInt32(byte & 0x3F)
    }
    // Over-long forms, and values above U+10FFFF.
    guard value >= (length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000), value <= 0x10FFFF else {
      return (.stray(lead), 1)
    }
    return ((0xD800...0xDFFF).contains(value) ? .surrogate(value) : .scalar(value), length)
  }

  /// Returns whether the bytes are UTF-8 without surrogates.
  static func isValid(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    var place = 0
    while place < bytes.count {
      if bytes[place] < 0x80 {
        place += 1
        continue
      }
      let (unit, length) = unit(at: place, in: bytes)
      guard case .scalar = unit else { return false }
      place += length
    }
    return true
  }
}
