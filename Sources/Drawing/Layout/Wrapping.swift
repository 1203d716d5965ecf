import Text

extension Line {
  /// Broken into lines of at most `columns`, at blanks where there are any. Each but the first
  /// begins with `indent` blanks.
  public func wrapped(to columns: Int, indent: Int = 0) -> [Line] {
    guard columns > 0 else { return [] }
    var lines: [Line] = []
    var line = Line()
    var used = 0
    func isFresh() -> Bool { used <= (lines.isEmpty ? 0 : min(indent, columns - 1)) }
    func breakLine() {
      lines.append(line)
      let blanks = min(indent, columns - 1)
      line = blanks > 0 ? Line(String(repeating: " ", count: blanks)) : Line()
      used = blanks
    }
    for piece in pieces {
      for word in Self.words(piece.text) {
        var rest = word
        var width = DisplayWidth.of(rest)
        if used + width > columns, !isFresh() {
          breakLine()
          rest = String(rest.drop { $0 == " " })
          width = DisplayWidth.of(rest)
        }
        if used + width > columns {
          let parts = DisplayWidth.pieces(
            rest, first: columns - used, rest: columns - min(indent, columns - 1))
          for part in parts.dropLast() {
            if !part.isEmpty { line.pieces.append(Piece(part, piece.style)) }
            breakLine()
          }
          rest = parts.last ?? ""
          width = DisplayWidth.of(rest)
        }
        guard !rest.isEmpty else { continue }
        line.pieces.append(Piece(rest, piece.style))
        used += width
      }
    }
    lines.append(line)
    return lines
  }

  /// Words with the blanks before them.
  private static func words(_ text: String) -> [String] {
    var words: [String] = []
    var word = ""
    var inBlanks = true
    for character in text {
      if character == " ", !inBlanks {
        words.append(word)
        word = ""
      }
      inBlanks = character == " "
      word.append(character)
    }
    if !word.isEmpty { words.append(word) }
    return words
  }
}
