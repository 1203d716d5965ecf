import Drawing
import Model
import ReviewAnswering
import ReviewInbox
import ReviewJournal
import ReviewWording
import Text

/// The notice line and the footer of a list or an opened handshake: the position of the focus, the
/// most important keys, and the text field while something is typed.
struct FooterView {
  /// The position of the focus.
  let position: Line
  let field: FieldView?
  /// The keys, the most important first; those that do not fit are in the help.
  let hints: [Hint]
  /// Whether a command can be used.
  let isUsable: (Command) -> Bool

  func draw(_ session: Session, _ canvas: inout Canvas, notice: Rect, footer: Rect) {
    canvas.inside(notice) { drawNotice(session, &$0) }
    canvas.inside(footer) { canvas in
      let size = canvas.size
      for (row, line) in lines(columns: size.columns, rows: size.rows).enumerated() {
        canvas.draw(line, row: row)
      }
    }
  }

  private func drawNotice(_ session: Session, _ canvas: inout Canvas) {
    if let field {
      var rest = canvas.bounds
      let right = rest.takeRight(position.width)
      canvas.inside(right) { $0.draw(position, row: 0) }
      canvas.inside(rest) { field.draw(session.format, &$0, row: 0, column: 0) }
      return
    }
    let notice = session.notice.map { Line(" " + $0.text, $0.role) } ?? Line()
    let isCut = notice.width + position.width > canvas.size.columns
    let more = isCut ? Line(" M", .key) + Line(": all ", .quiet) : Line()
    canvas.draw(notice, row: 0, before: more + position)
  }

  private func lines(columns: Int, rows: Int) -> [Line] {
    if let field { return [field.keys] }
    var lines: [Line] = []
    var line = Line()
    for hint in hints {
      let piece = hint.line(isUsable)
      if line.width + piece.width + 2 > columns {
        lines.append(line)
        line = Line()
        if lines.count == rows { return lines }
      }
      line += Line(line.pieces.isEmpty ? " " : "  ") + piece
    }
    return lines + [line]
  }
}

/// A hint for one or several commands with one short word.
struct Hint {
  var commands: [Command]
  var word: String

  init(_ commands: [Command], _ word: String) {
    self.commands = commands
    self.word = word
  }

  /// The first keys of the commands, from the command table.
  var keys: String {
    commands.compactMap { $0.chords.first?.text }.joined(separator: "/")
  }

  /// Returns the hint, quiet if none of the commands can be used.
  func line(_ isUsable: (Command) -> Bool) -> Line {
    commands.contains(where: isUsable)
      ? Line(keys, .key, bold: true) + Line(" " + word) : Line("\(keys) \(word)", .quiet)
  }
}

/// A text field with the terminal's cursor in it.
struct FieldView {
  let label: String
  let field: LineEditor
  /// The line below the field.
  let keys: Line

  /// Returns the keys of a field, which Enter ends.
  static func keys(done: String) -> Line {
    Line(" Enter", .key) + Line(" \(done)  ") + Line("Esc", .key) + Line(" undo  ")
      + Line("C-u C-w", .key) + Line(" delete")
  }

  func draw(_ format: Formatter, _ canvas: inout Canvas, row: Int, column: Int) {
    let before =
      Line(label, .key) + Line("> ", .key) + Line(format.typed(field.beforeCursor), .input)
    let all = format.typed(field.text)
    let room = canvas.size.columns - column - 1
    // A text longer than the field shows its end, where the operator types.
    let skipped = max(0, before.width - room)
    let text = Line(label, .key) + Line("> ", .key) + Line(all, .input)
    canvas.draw(text.dropping(skipped), row: row, column: column)
    canvas.placeCursor(row: row, column: column + before.width - skipped)
  }
}

extension Line {
  /// Returns the line without its first columns; half of a wide glyph is left as a blank.
  fileprivate func dropping(_ columns: Int) -> Line {
    var left = columns
    return Line(
      pieces.compactMap { piece in
        guard left > 0 else { return piece }
        var kept = ""
        for glyph in DisplayWidth.glyphs(piece.text) {
          if left > 0 {
            left -= glyph.columns
            if left < 0 { kept = " " }
          } else {
            kept += glyph.text
          }
        }
        return kept.isEmpty ? nil : Piece(kept, piece.style)
      })
  }
}
