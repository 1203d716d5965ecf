import Drawing
import Model
import ReviewAnswering
import ReviewInbox
import ReviewWording
import Text

/// The footer with the most important keys, and the notice line above it.
struct FooterView {
  let state: State
  /// The position of the focus.
  let position: Line

  func draw(_ canvas: inout Canvas, notice: Rect, footer: Rect) {
    canvas.inside(notice) { drawNotice(&$0) }
    canvas.inside(footer) { canvas in
      for (row, line) in lines(columns: canvas.size.columns, rows: canvas.size.rows).enumerated() {
        canvas.draw(line, row: row)
      }
    }
  }

  private func drawNotice(_ canvas: inout Canvas) {
    if let field = state.field {
      let label = state.detail == nil ? " filter " : " search "
      var rest = canvas.bounds
      let right = rest.takeRight(position.width)
      canvas.inside(right) { $0.draw(position, row: 0) }
      canvas.inside(rest) {
        FieldView(label: label, field: field, pen: state.pen).draw(&$0, row: 0, column: 0)
      }
      return
    }
    let shown = state.noticeBelow == nil ? state.notice : nil
    let notice = shown.map { Line(" " + $0.text, $0.role) } ?? Line()
    let isCut = notice.width + position.width > canvas.size.columns
    let more = isCut ? Line(" M", .key) + Line(": all ", .quiet) : Line()
    canvas.draw(notice, row: 0, before: more + position)
  }

  /// Returns the line below a text field: the filter's error, or the keys of the field.
  private func fieldLine(columns: Int) -> Line {
    let list = state.lists[state.tab]
    if state.detail == nil, let problem = list.filterProblem {
      let words = Explanation(problem, in: state.launch.charset)
      return Line(" \(words.why)", .warning)
    }
    var line = Line(" Enter", .key) + Line(state.detail == nil ? " apply  " : " find  ")
    line += Line("Esc", .key) + Line(" undo  ") + Line("C-u C-w", .key) + Line(" delete")
    guard state.detail == nil else { return line }
    for key in RowFilter.keys where line.width + key.utf8.count + 3 <= columns {
      line += Line("  \(key):", .quiet)
    }
    return line
  }

  /// Returns a hint's word; planning acts on the marked rows if there are any.
  private func word(_ hint: Hint) -> String {
    guard state.place == .list, case .stage(let stage) = hint.commands.first, stage != .drop else {
      return hint.word
    }
    let marked = state.shownMarks.count
    return marked > 0 ? "\(hint.word) \(marked) marked" : hint.word
  }

  private func lines(columns: Int, rows: Int) -> [Line] {
    if state.field != nil { return [fieldLine(columns: columns)] }
    var lines: [Line] = []
    var line = Line()
    for var hint in Self.hints(in: state.place) {
      hint.word = word(hint)
      let piece = hint.line(
        isUsable: hint.commands.contains { $0.disabledReason(in: state) == nil })
      if line.width + piece.width + 2 > columns {
        lines.append(line)
        line = Line()
        if lines.count == rows { return lines }
      }
      line += Line(line.pieces.isEmpty ? " " : "  ") + piece
    }
    return lines + [line]
  }

  /// A hint for one or several commands with one short word.
  struct Hint {
    var commands: [Command]
    var word: String

    /// The first keys of the commands, from the command table.
    var keys: String {
      commands.compactMap { $0.chords.first?.text }.joined(separator: "/")
    }

    func line(isUsable: Bool) -> Line {
      isUsable
        ? Line(keys, .key, bold: true) + Line(" " + word) : Line("\(keys) \(word)", .quiet)
    }
  }

  /// Returns the hints of a context, the most important first; those that do not fit are in the
  /// help.
  static func hints(in place: KeyContext) -> [Hint] {
    switch place {
    case .list:
      [
        Hint(commands: [.move(.down), .move(.up)], word: "move"),
        Hint(commands: [.mark(.toggle)], word: "mark"),
        Hint(commands: [.stage(.accept), .stage(.decline), .stage(.cancel)], word: "plan"),
        Hint(commands: [.stage(.drop)], word: "unplan"),
        Hint(commands: [.send(.review)], word: "review+send"),
        Hint(commands: [.program(.help)], word: "help"),
        Hint(commands: [.look(.open)], word: "open"),
        Hint(commands: [.find(.filter)], word: "filter"),
        Hint(commands: [.find(.order)], word: "order"),
        Hint(commands: [.mark(.range), .mark(.all)], word: "range, all"),
        Hint(commands: [.go(.pick)], word: "profiles"),
        Hint(commands: [.program(.refresh)], word: "refresh"),
        Hint(commands: [.take(.copyID)], word: "copy"),
        Hint(commands: [.program(.palette)], word: "commands"),
        Hint(commands: [.program(.quit)], word: "quit"),
      ]
    case .profiles, .audit:
      [
        Hint(commands: [.move(.down), .move(.up)], word: "move"),
        Hint(commands: [.look(.open)], word: "open"),
        Hint(commands: [.program(.refresh), .program(.refreshAll)], word: "refresh, all"),
        Hint(commands: [.send(.review)], word: "review+send"),
        Hint(commands: [.program(.palette)], word: "commands"),
        Hint(commands: [.program(.help)], word: "help"),
        Hint(commands: [.program(.quit)], word: "quit"),
      ]
    case .detail, .raw: textHints(in: place)
    case .panel, .menu, .help, .palette, .review, .sending, .outcome, .login, .code:
      []
    }
  }

  private static func textHints(in place: KeyContext) -> [Hint] {
    let staging =
      place == .detail
      ? [Hint(commands: [.stage(.accept), .stage(.decline), .stage(.cancel)], word: "plan only")]
      : []
    return staging + [
      Hint(commands: [.move(.nextHandshake), .move(.previousHandshake)], word: "next/prev"),
      Hint(commands: [.look(.raw)], word: "raw JSON"),
      Hint(commands: [.take(.copyID), .take(.copyMenu)], word: "copy, menu"),
      Hint(commands: [.program(.help)], word: "help"),
      Hint(commands: [.look(.back)], word: "back"),
      Hint(commands: [.look(.trust)], word: "why trust"),
      Hint(commands: [.find(.filter), .find(.nextMatch)], word: "search"),
      Hint(commands: [.look(.fold), .look(.unfoldAll), .look(.closeAll)], word: "fold"),
      Hint(commands: [.take(.export)], word: "export"),
      Hint(commands: [.send(.review)], word: "review+send"),
    ]
  }
}

/// A text field with the terminal's cursor in it.
struct FieldView {
  let label: String
  let field: LineEditor
  let pen: Formatter

  func draw(_ canvas: inout Canvas, row: Int, column: Int) {
    let before = Line(label, .key) + Line("> ", .key) + Line(pen.typed(field.beforeCursor), .input)
    let all = pen.typed(field.text)
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
