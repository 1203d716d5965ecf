/// The signs that stand for what is not shown, and how they are told from text.
///
/// None can be forged: in the UTF-8 form `‹`, `›` and `⏎` from data are escaped, in the ASCII form
/// `<` is, and `…` is wherever a cut could be read into what follows it.
enum Escape {
  static let open = "\u{2039}"
  static let close = "\u{203A}"
  static let lineFeed = "\u{23CE}"
  static let ellipsis = "\u{2026}"
  static let dottedCircle = "\u{25CC}"

  static func scalar(_ value: UInt32, in charset: Charset) -> String {
    enclosed("U+" + hexadecimal(value, digits: 4), in: charset)
  }

  static func byte(_ value: UInt8, in charset: Charset) -> String {
    enclosed("x" + hexadecimal(UInt32(value), digits: 2), in: charset)
  }

  static func marks(_ count: Int, in charset: Charset) -> String {
    enclosed(count == 1 ? "+1 mark" : "+\(count) marks", in: charset)
  }

  /// What ends a text that was cut: `…(+12)`, in ASCII `<+12>`.
  static func cut(_ count: Int, in charset: Charset) -> String {
    charset == .ascii ? "<+\(count)>" : "\(ellipsis)(+\(count))"
  }

  private static func enclosed(_ text: String, in charset: Charset) -> String {
    charset == .ascii ? "<" + text + ">" : open + text + close
  }

  private static func hexadecimal(_ value: UInt32, digits: Int) -> String {
    let text = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
  }
}
