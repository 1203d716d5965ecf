/// The signs that are shown for what is not shown itself, and how they differ from text.
///
/// Data cannot forge one: in the UTF-8 form `‹`, `›` and `⏎` from data are escaped, in the ASCII
/// form `<` is. `…` is escaped wherever it and what follows could be read as a cut (SEC-1.5).
enum Escape {
  static let open = Array("\u{2039}".utf8)
  static let close = Array("\u{203A}".utf8)
  static let lineFeed = Array("\u{23CE}".utf8)
  static let ellipsis = "\u{2026}"
  static let dottedCircle = "\u{25CC}"

  /// Appends the escape of a scalar, `‹U+202E›`, and returns its columns.
  static func append(_ value: UInt32, in charset: Charset, to out: inout [UInt8]) -> Int {
    enclose(in: charset, &out) { out in
      out.append(contentsOf: [0x55, 0x2B])
      appendDigits(value, atLeast: 4, to: &out)
    }
  }

  /// Appends the escape of a byte that is not UTF-8, `‹x80›`, and returns its columns.
  static func append(_ byte: UInt8, in charset: Charset, to out: inout [UInt8]) -> Int {
    enclose(in: charset, &out) { out in
      out.append(0x78)
      appendDigits(UInt32(byte), atLeast: 2, to: &out)
    }
  }

  /// Appends the count of marks left out, `‹+3 marks›`, and returns its columns.
  static func append(marks count: Int, in charset: Charset, to out: inout [UInt8]) -> Int {
    enclose(in: charset, &out) { out in
      out.append(contentsOf: (count == 1 ? "+1 mark" : "+\(count) marks").utf8)
    }
  }

  /// Appends the count of a run of spaces, `‹12 spaces›`, and returns its columns.
  static func append(blanks count: Int, in charset: Charset, to out: inout [UInt8]) -> Int {
    enclose(in: charset, &out) { out in out.append(contentsOf: "\(count) spaces".utf8) }
  }

  /// Returns the end of a text that was cut: `…(+12)`, in ASCII `<+12>`.
  static func cut(_ count: Int, in charset: Charset) -> String {
    charset == .ascii ? "<+\(count)>" : "\(ellipsis)(+\(count))"
  }

  private static func enclose(
    in charset: Charset, _ out: inout [UInt8], _ content: (inout [UInt8]) -> Void
  ) -> Int {
    if charset == .ascii { out.append(0x3C) } else { out.append(contentsOf: open) }
    let start = out.count
    content(&out)
    let columns = out.count - start + 2
    if charset == .ascii { out.append(0x3E) } else { out.append(contentsOf: close) }
    return columns
  }

  private static func appendDigits(_ value: UInt32, atLeast count: Int, to out: inout [UInt8]) {
    var digits = count
    while digits < 8, value >> UInt32(digits * 4) > 0 { digits += 1 }
    for place in (0..<digits).reversed() {
      let digit = UInt8(truncatingIfNeeded: value >> UInt32(place * 4) & 0xF)
      out.append(digit < 10 ? 0x30 + digit : 0x37 + digit)
    }
  }
}

/// A sign written by `Escape`, recognized in rendered text.
struct Sign {
  /// The content of a sign.
  enum Meaning {
    case scalar(UInt32)
    case byte(UInt8)
    case marks(Int)
    case blanks(Int)
    case cut(Int)
  }

  let meaning: Meaning
  /// The sign's length in bytes.
  let length: Int
  let columns: Int

  /// The number of characters of the text that the sign replaces.
  var stands: Int {
    switch meaning {
    case .scalar, .byte: 1
    case .marks(let count), .blanks(let count), .cut(let count): count
    }
  }

  /// The most bytes after the opening: `+999999999 marks` and the closing.
  private static let longest = 20

  /// Recognizes a sign of either charset that begins at the byte `start`; nil if there is none.
  init?(_ bytes: [UInt8], at start: Int) {
    guard start < bytes.count else { return nil }
    if bytes[start] == 0x3C {
      self.init(bytes, at: start, open: 1, close: [0x3E])
    } else if bytes[start] == 0xE2, bytes[start...].starts(with: Escape.open) {
      self.init(bytes, at: start, open: 3, close: Escape.close)
    } else if bytes[start] == 0xE2, bytes[start...].starts(with: Sign.cutOpening) {
      self.init(cut: bytes, at: start)
    } else {
      return nil
    }
  }

  static let cutOpening = Array((Escape.ellipsis + "(+").utf8)

  private init?(_ bytes: [UInt8], at start: Int, open: Int, close: [UInt8]) {
    let rest = bytes[(start + open)...].prefix(Sign.longest)
    guard let end = rest.firstIndex(of: close[0]), bytes[end...].starts(with: close) else {
      return nil
    }
    guard let meaning = Sign.meaning(of: bytes[(start + open)..<end], ascii: open == 1) else {
      return nil
    }
    self.meaning = meaning
    length = end + close.count - start
    columns = end - start - open + 2
  }

  private init?(cut bytes: [UInt8], at start: Int) {
    let opening = Sign.cutOpening.count
    let digits = bytes[(start + opening)...].prefix(Sign.longest).prefix { $0 != 0x29 }
    let end = start + opening + digits.count
    guard end < bytes.count, let count = Sign.decimal(digits) else { return nil }
    meaning = .cut(count)
    length = end + 1 - start
    columns = digits.count + 4
  }

  private static func meaning(of text: ArraySlice<UInt8>, ascii: Bool) -> Meaning? {
    if text.starts(with: "U+".utf8) {
      guard (6...8).contains(text.count), let value = hexadecimal(text.dropFirst(2)),
        value <= 0x10_FFFF
      else { return nil }
      return .scalar(value)
    }
    if text.first == 0x78 {
      guard text.count == 3, let value = hexadecimal(text.dropFirst()) else { return nil }
      return .byte(UInt8(truncatingIfNeeded: value))
    }
    if let count = decimal(text.prefix { $0.isASCIIDigit }), count > 1 {
      return text.drop { $0.isASCIIDigit }.elementsEqual(" spaces".utf8)
        ? .blanks(count) : nil
    }
    guard text.first == 0x2B else { return nil }
    let digits = text.dropFirst().prefix { $0.isASCIIDigit }
    guard let count = decimal(digits) else { return nil }
    let unit = text[digits.endIndex...]
    if unit.elementsEqual(" mark".utf8) || unit.elementsEqual(" marks".utf8) {
      return .marks(count)
    }
    return unit.isEmpty && ascii ? .cut(count) : nil
  }

  /// Reads one to nine digits, so few that sums of numbers written by data cannot overflow.
  private static func decimal(_ digits: ArraySlice<UInt8>) -> Int? {
    guard (1...9).contains(digits.count), digits.allSatisfy({ $0.isASCIIDigit }) else {
      return nil
    }
    return Int(String(decoding: digits, as: UTF8.self))
  }

  /// Reads hexadecimal digits, capitals only, as escapes are written.
  private static func hexadecimal(_ digits: ArraySlice<UInt8>) -> UInt32? {
    guard digits.allSatisfy({ $0.isASCIIDigit || (0x41...0x46).contains($0) }) else {
      return nil
    }
    return UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
  }
}
