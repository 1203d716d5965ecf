import Drawing
import Review

/// The keys that matter here, and the line above them for what was just done or refused.
struct FooterView {
  let state: State

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
      if let problem { canvas.draw(problem, row: 0, column: min(canvas.size.columns / 2, 30)) }
      FieldView(label: label, field: field, pen: state.pen).draw(&canvas, row: 0, column: 0)
      return
    }
    guard let notice = state.notice else {
      // A list that is empty because of it must go on saying so.
      if let problem { canvas.draw(problem, row: 0) }
      return
    }
    let role: Role =
      switch notice.kind {
      case .news: .quiet
      case .refusal: .warning
      case .fault: .danger
      }
    canvas.draw(Line(" " + notice.text, role), row: 0)
  }

  /// Why the filter of the list in front is none.
  private var problem: Line? {
    guard state.detail == nil, let problem = state.lists[state.tab].filterProblem else {
      return nil
    }
    let words = Explanation(problem, in: state.launch.charset)
    return Line(" \(words.why) \(words.remedy) ", .warning)
  }

  private func lines(columns: Int, rows: Int) -> [Line] {
    var lines: [Line] = []
    var line = Line()
    for hint in Self.hints(in: state.place) {
      let piece = hint.line(isUsable: hint.commands.contains { $0.obstacle(in: state) == nil })
      if line.width + piece.width + 2 > columns {
        lines.append(line)
        line = Line()
        if lines.count == rows { return lines }
      }
      line += Line(line.pieces.isEmpty ? " " : "  ") + piece
    }
    return lines + [line]
  }

  /// Several commands under one short word.
  struct Hint {
    var commands: [Command]
    var word: String

    /// The first keys of the commands, from the table.
    var keys: String {
      commands.compactMap { $0.chords.first?.text }.joined(separator: "/")
    }

    func line(isUsable: Bool) -> Line {
      isUsable
        ? Line(keys, .key, bold: true) + Line(" " + word) : Line("\(keys) \(word)", .quiet)
    }
  }

  /// The most wanted first: what does not fit is in the help.
  static func hints(in place: Place) -> [Hint] {
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

  private static func textHints(in place: Place) -> [Hint] {
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
  let pen: Pen

  func draw(_ canvas: inout Canvas, row: Int, column: Int) {
    let before = Line(label, .key) + Line("> ", .key) + Line(pen.typed(field.beforeCursor), .input)
    let all = pen.typed(field.text)
    let room = canvas.size.columns - column - 1
    // A text longer than the field shows its end, where it is typed.
    let skipped = max(0, before.width - room)
    let text = Line(label, .key) + Line("> ", .key) + Line(all, .input)
    canvas.draw(text.dropping(skipped), row: row, column: column)
    canvas.placeCursor(row: row, column: column + before.width - skipped)
  }
}

extension Line {
  /// Without its first columns.
  fileprivate func dropping(_ columns: Int) -> Line {
    guard columns > 0 else { return self }
    let kept = String(text.dropFirst(columns))
    return Line(kept, .input)
  }
}
