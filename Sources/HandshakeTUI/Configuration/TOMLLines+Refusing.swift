extension TOMLLines {
  /// The first line that must not reach the parser, and what is wrong with it. TOMLKit ends the
  /// program at a table's header that begins with no name, and reads a text only up to its first NUL,
  /// so that what stands behind it would be passed over without a word.
  var refused: (line: Int, words: String)? {
    for (index, line) in lines.enumerated() {
      if line.contains(where: Self.isControl) { return (index + 1, "a control character") }
      if Self.isHeaderWithoutName(line, isFirst: index == 0) {
        return (index + 1, "a table's name begins with a letter, a digit, - or _, or is quoted")
      }
    }
    return nil
  }

  /// What TOML allows nowhere: C0 but for tab and what ends a line, and DEL.
  private static func isControl(_ byte: UInt8) -> Bool {
    byte == 0x7F || (byte < 0x20 && byte != 0x09 && byte != 0x0D)
  }

  /// A table is nothing that is taken here, nor is a list of lists: so a line within a longer value
  /// that looks so may be refused too.
  private static func isHeaderWithoutName(_ line: Substring.UTF8View, isFirst: Bool) -> Bool {
    var rest = line
    if isFirst, rest.starts(with: "\u{FEFF}".utf8) { rest = rest.dropFirst(3) }
    rest = rest.drop(while: isBlank)
    guard rest.first == UInt8(ascii: "[") else { return false }
    rest = rest.dropFirst().drop(while: isBlank)
    if rest.first == UInt8(ascii: "[") { rest = rest.dropFirst().drop(while: isBlank) }
    guard let first = rest.first else { return true }
    return !continuesName(first) && !"\"']".utf8.contains(first)
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}
