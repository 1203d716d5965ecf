/// Finds the lines on which top-level names of a TOML text stand; the parser tells positions of
/// syntax errors only.
struct TOMLLines {
  /// As bytes: of Characters, CR LF is one, and a mark makes another one of a quote.
  let lines: [Substring.UTF8View]

  init(_ text: String) {
    lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
  }

  /// The first line, counted from 1, that sets `name` or opens a table of that name; 1 when none is
  /// found.
  func line(of name: String) -> Int {
    let index = lines.firstIndex { line in
      var rest = line.drop { " \t[".utf8.contains($0) }
      for quote in "\"'".utf8 where rest.first == quote { rest = rest.dropFirst() }
      guard rest.starts(with: name.utf8) else { return false }
      let next = rest.dropFirst(name.utf8.count).first
      return next.map { !Self.continuesName($0) } ?? true
    }
    return (index ?? 0) + 1
  }

  static func continuesName(_ byte: UInt8) -> Bool {
    let isLetter = (0x41...0x5A).contains(byte & 0xDF)
    return isLetter || (0x30...0x39).contains(byte) || byte == 0x5F || byte == 0x2D
  }
}
