/// The signs that stand for what is not shown, and how they are told from text.
///
/// None can be forged: in the UTF-8 form `‹`, `›` and `⏎` from data are escaped, in the ASCII form
/// `<` is, and `…` is wherever a cut could be read into what follows it (SEC-1.5).
enum Escape {
  static let open = Array("\u{2039}".utf8)
  static let close = Array("\u{203A}".utf8)
  static let lineFeed = Array("\u{23CE}".utf8)
  static let ellipsis = "\u{2026}"
  static let dottedCircle = "\u{25CC}"

  /// `‹U+202E›`. Returns its columns.
  static func append(_ value: UInt32, in charset: Charset, to out: inout [UInt8]) -> Int {
    enclose(in: charset, &out) { out in
      out.append(contentsOf: [0x55, 0x2B])
      appendDigits(value, atLeast: 4, to: &out)
    }
  }

  /// `‹x80›`. Returns its columns.
  static func append(_ byte: UInt8, in charset: Charset, to out: inout [UInt8]) -> Int {
    enclose(in: charset, &out) { out in
      out.append(0x78)
      appendDigits(UInt32(byte), atLeast: 2, to: &out)
    }
  }

  /// `‹+3 marks›`. Returns its columns.
  static func append(marks count: Int, in charset: Charset, to out: inout [UInt8]) -> Int {
    enclose(in: charset, &out) { out in
      out.append(contentsOf: (count == 1 ? "+1 mark" : "+\(count) marks").utf8)
    }
  }

  /// `‹12 spaces›`. Returns its columns.
  static func append(blanks count: Int, in charset: Charset, to out: inout [UInt8]) -> Int {
    enclose(in: charset, &out) { out in out.append(contentsOf: "\(count) spaces".utf8) }
  }

  /// What ends a text that was cut: `…(+12)`, in ASCII `<+12>`.
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
