extension TOMLLines {
  /// The first line that must not reach the parser, and what is wrong with it. TOMLKit ends the
  /// program at a table's header that begins with no name, and at a brace or a line separator in a
  /// list where a value should stand; and it reads a text only up to its first NUL, so that what
  /// stands behind it would be passed over without a word.
  var refused: (line: Int, words: String)? {
    var text = TOMLText()
    for (index, line) in lines.enumerated() {
      var line = line
      if index == 0, line.starts(with: "\u{FEFF}".utf8) { line = line.dropFirst(3) }
      if line.contains(where: Self.isControl) { return (index + 1, "a control character") }
      if text.isOutside, Self.isHeaderWithoutName(line) {
        return (index + 1, "a table's name begins with a letter, a digit, - or _, or is quoted")
      }
      if text.findsStranger(in: line) {
        return (index + 1, "a brace, or a character beyond ASCII, that is not in quotes")
      }
    }
    return nil
  }

  /// What TOML allows nowhere: C0 but for tab and what ends a line, and DEL.
  private static func isControl(_ byte: UInt8) -> Bool {
    byte == 0x7F || (byte < 0x20 && byte != 0x09 && byte != 0x0D)
  }

  /// In a list of lists a line may look so too: nothing that is taken here.
  private static func isHeaderWithoutName(_ line: Substring.UTF8View) -> Bool {
    var rest = line.drop(while: isBlank)
    guard rest.first == UInt8(ascii: "[") else { return false }
    rest = rest.dropFirst().drop(while: isBlank)
    if rest.first == UInt8(ascii: "[") { rest = rest.dropFirst().drop(while: isBlank) }
    guard let first = rest.first else { return true }
    return !continuesName(first) && !"\"']".utf8.contains(first)
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}

/// Tells what stands within quotes or a comment from what does not, line by line; right up to the
/// first thing that is no TOML, where the parser stops.
private struct TOMLText {
  /// The three quotes that a string over several lines was opened with.
  private var open: UInt8?

  var isOutside: Bool { open == nil }

  /// Whether a brace or a byte beyond ASCII stands outside quotes and comments: TOML allows the second
  /// nowhere there, and no setting is an inline table.
  mutating func findsStranger(in line: Substring.UTF8View) -> Bool {
    var rest = line
    while let byte = rest.first {
      if let quote = open {
        rest = Self.behindEnd(of: [quote, quote, quote], in: rest, &open)
        continue
      }
      switch byte {
      case UInt8(ascii: "#"): return false
      case UInt8(ascii: "\""), UInt8(ascii: "'"):
        if rest.starts(with: [byte, byte, byte]) {
          open = byte
          rest = rest.dropFirst(3)
        } else {
          // It ends with its line, whether it is closed or not.
          var one: UInt8? = byte
          rest = Self.behindEnd(of: [byte], in: rest.dropFirst(), &one)
        }
      case UInt8(ascii: "{"), UInt8(ascii: "}"), 0x80...: return true
      default: rest = rest.dropFirst()
      }
    }
    return false
  }

  /// What stands behind the quotes that end a string, on this line.
  private static func behindEnd(
    of end: [UInt8], in line: Substring.UTF8View, _ open: inout UInt8?
  ) -> Substring.UTF8View {
    var rest = line
    while let byte = rest.first {
      if rest.starts(with: end) {
        open = nil
        rest = rest.dropFirst(end.count)
        // Up to two quotes of the text stand right before the three.
        for _ in 1..<max(end.count, 1) where rest.first == end[0] { rest = rest.dropFirst() }
        return rest
      }
      let isEscape = byte == UInt8(ascii: "\\") && end[0] == UInt8(ascii: "\"")
      rest = rest.dropFirst(isEscape ? 2 : 1)
    }
    return rest
  }
}
