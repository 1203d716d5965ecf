import Text

extension Line {
  /// Returns the line broken into lines of at most `columns`, at blanks where there are any.
  ///
  /// Each line but the first begins with `indent` blanks; where the break is within a sender's text, `~ `
  /// follows them, so that no row begins with a sender's text that is not marked as such.
  public func wrapped(to columns: Int, indent: Int = 0) -> [Line] {
    guard columns > 0 else { return [] }
    var lines: [Line] = []
    var line = Line()
    var used = 0
    var start = 0
    func breakLine(within style: Style) {
      lines.append(line)
      let blanks = min(indent, columns - 1)
      line = blanks > 0 ? Line(String(repeating: " ", count: blanks)) : Line()
      if let sign = Self.sign(style, columns, indent) { line.pieces.append(sign) }
      start = line.width
      used = start
    }
    for piece in pieces {
      let sign = Self.sign(piece.style, columns, indent)?.text.utf8.count ?? 0
      for word in Self.words(piece.text) {
        var rest = word
        var width = DisplayWidth.of(rest)
        if used + width > columns, used > start {
          breakLine(within: piece.style)
          rest = String(rest.drop { $0 == " " })
          width = DisplayWidth.of(rest)
        }
        if used + width > columns {
          let parts = DisplayWidth.pieces(
            rest, first: columns - used, rest: columns - min(indent, columns - 1) - sign)
          for part in parts.dropLast() {
            if !part.isEmpty { line.pieces.append(Piece(part, piece.style)) }
            breakLine(within: piece.style)
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

  /// Returns the mark of a row that a sender's text goes on in; `nil` for our own text, and where there is no
  /// room for both.
  private static func sign(_ style: Style, _ columns: Int, _ indent: Int) -> Piece? {
    style.role == .sender && columns >= indent + 8 ? Piece("~ ", Style(role: .sender)) : nil
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
