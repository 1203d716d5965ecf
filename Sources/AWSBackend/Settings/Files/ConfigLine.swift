/// The pieces of a line. What is white is what Python takes for it, so that a blank that was copied from
/// a page (U+00A0) is one here as well.
enum ConfigLine {
  static func isUTF8(_ text: ArraySlice<UInt8>) -> Bool {
    text.allSatisfy { $0 < 0x80 } || String(validating: text, as: UTF8.self) != nil
  }

  /// What stands between the white ends of a line, and the number of white characters before it.
  static func content(of text: ArraySlice<UInt8>) -> (depth: Int, text: ArraySlice<UInt8>) {
    var rest = text
    var depth = 0
    while let length = leadingBlank(rest) {
      rest = rest.dropFirst(length)
      depth += 1
    }
    while let length = trailingBlank(rest) { rest = rest.dropLast(length) }
    return (depth, rest)
  }

  /// What stands left and right of the first of these signs, without white ends.
  static func halves(
    _ text: ArraySlice<UInt8>, at signs: StaticString
  ) -> (ArraySlice<UInt8>, ArraySlice<UInt8>)? {
    let sign = text.firstIndex { byte in
      signs.withUTF8Buffer { $0.contains(byte) }
    }
    guard let sign else { return nil }
    return (content(of: text[..<sign]).text, content(of: text[(sign + 1)...]).text)
  }

  /// The key in lower case, when it holds only what the names of settings hold.
  static func key(_ text: ArraySlice<UInt8>) -> String? {
    guard !text.isEmpty, text.allSatisfy(isKeyByte) else { return nil }
    return String(decoding: text, as: UTF8.self).lowercased()
  }

  static func isKeyByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "_-/.%@:+".utf8.contains(byte)
    }
  }

  // MARK: White

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || (0x09...0x0D).contains(byte) || (0x1C...0x1F).contains(byte)
  }

  /// The bytes of the white space character at the start; nil for any other character.
  private static func leadingBlank(_ text: ArraySlice<UInt8>) -> Int? {
    guard let first = text.first else { return nil }
    if first < 0x80 { return isBlank(first) ? 1 : nil }
    return wide.first { text.starts(with: $0) }?.count
  }

  private static func trailingBlank(_ text: ArraySlice<UInt8>) -> Int? {
    guard let last = text.last else { return nil }
    if last < 0x80 { return isBlank(last) ? 1 : nil }
    return wide.first { text.suffix($0.count).elementsEqual($0) }?.count
  }

  /// The white characters beyond ASCII.
  private static let wide: [[UInt8]] = [
    "\u{85}", "\u{A0}", "\u{1680}", "\u{2000}", "\u{2001}", "\u{2002}", "\u{2003}", "\u{2004}",
    "\u{2005}", "\u{2006}", "\u{2007}", "\u{2008}", "\u{2009}", "\u{200A}", "\u{2028}", "\u{2029}",
    "\u{202F}", "\u{205F}", "\u{3000}",
  ].map { Array(($0 as String).utf8) }
}
