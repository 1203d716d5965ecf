import Text

/// Escapes within a JSON string.
///
/// What is no Unicode is written so that the text stays valid JSON and valid UTF-8: a lone surrogate
/// as its own escape (`\ud800`), a stray byte 80–FF as `\udc80`–`\udcff`, the form that Python's
/// `surrogateescape` gives it and turns back into the byte. A high surrogate before either is written
/// as its three bytes: the two escapes would be read as one character, which nobody sent.
enum JSONEscaping {
  static func append(
    _ text: UnsafeBufferPointer<UInt8>, _ escapes: JSONStyle.Escapes, to out: inout [UInt8]
  ) {
    var place = 0
    var plain = 0
    while place < text.count {
      let byte = text[place]
      if byte >= 0x20, byte < 0x7F, byte != Byte.quote, byte != Byte.backslash {
        place += 1
        continue
      }
      let (unit, length) = UTF8Form.unit(at: place, in: text)
      if isKept(unit, escapes) {
        place += length
        continue
      }
      out.append(contentsOf: text[plain..<place])
      if wouldPair(unit, before: place + length, in: text) {
        for byte in text[place..<place + length] { append(.stray(byte), to: &out) }
      } else {
        append(unit, to: &out)
      }
      place += length
      plain = place
    }
    out.append(contentsOf: text[plain..<place])
  }

  private static func isKept(_ unit: UTF8Form.Unit, _ escapes: JSONStyle.Escapes) -> Bool {
    guard case .scalar(let value) = unit, value >= 0x20, value != 0x22, value != 0x5C else {
      return false
    }
    switch escapes {
    case .needed: return true
    case .safe: return value < 0x7F || Unicode.Scalar(value).map(DisplayWidth.isDrawn) == true
    case .ascii: return value < 0x7F
    }
  }

  /// Whether the escape of a lone high surrogate could become one character with the next escape.
  private static func wouldPair(
    _ unit: UTF8Form.Unit, before next: Int, in text: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    guard case .surrogate(0xD800...0xDBFF) = unit, next < text.count else { return false }
    // Another high surrogate may have to be written as bytes too.
    if case .scalar = UTF8Form.unit(at: next, in: text).0 { return false }
    return true
  }

  private static func append(_ unit: UTF8Form.Unit, to out: inout [UInt8]) {
    switch unit {
    case .stray(let byte): appendUnit(0xDC00 + UInt32(byte), to: &out)
    case .surrogate(let value): appendUnit(value, to: &out)
    case .scalar(let value):
      if let letter = shortForm(value) {
        out += [Byte.backslash, letter]
      } else if value < 0x10000 {
        appendUnit(value, to: &out)
      } else {
        appendUnit(0xD800 + (value - 0x10000) >> 10, to: &out)
        appendUnit(0xDC00 + (value - 0x10000) & 0x3FF, to: &out)
      }
    }
  }

  /// The two-character escapes, as Python's `json` uses them.
  private static func shortForm(_ value: UInt32) -> UInt8? {
    switch value {
    case 0x22, 0x5C: UInt8(value)
    case 0x08: UInt8(ascii: "b")
    case 0x09: UInt8(ascii: "t")
    case 0x0A: UInt8(ascii: "n")
    case 0x0C: UInt8(ascii: "f")
    case 0x0D: UInt8(ascii: "r")
    default: nil
    }
  }

  private static func appendUnit(_ value: UInt32, to out: inout [UInt8]) {
    out += [Byte.backslash, UInt8(ascii: "u")]
    for shift in [UInt32(12), 8, 4, 0] {
      let digit = UInt8(value >> shift & 0xF)
      out.append(digit < 10 ? Byte.zero + digit : UInt8(ascii: "a") + digit - 10)
    }
  }
}
