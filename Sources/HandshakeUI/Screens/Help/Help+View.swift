import Drawing
import Text

extension State {
  func draw(_ help: HelpDialog, _ canvas: inout Canvas) {
    let lines = helpLines(help)
    let rect = dialogRect(rows: size.rows)
    canvas.box(rect, Line("HELP", .heading)) { canvas in
      let typed = Line(pen.typed(help.search.text), .input)
      if help.isSearching {
        canvas.draw(Line(" / ", .key) + typed, row: 0)
        canvas.placeCursor(
          row: 0, column: 3 + DisplayWidth.of(pen.typed(help.search.beforeCursor)))
      } else {
        let hint = Line(" / ", .key) + (typed.text.isEmpty ? Line("type to search", .quiet) : typed)
        canvas.draw(hint, row: 0)
        canvas.placeCursor(row: 0, column: 0)
      }
      var rest = canvas.bounds
      _ = rest.takeTop(2)
      let keys = rest.takeBottom(1)
      let scroll = help.scroll.scrolled(0, of: lines.count, in: rest.rows)
      canvas.draw(lines, from: scroll, in: rest)
      let hints =
        help.isSearching
        ? Line(" Enter", .key) + Line(" end search   ") + Line("Esc", .key)
          + Line(" clears it")
        : Line(" q ? Esc", .key) + Line(" close   ") + Line("j k PgUp PgDn", .key) + Line(" scroll")
      canvas.draw(
        hints, row: keys.row, before: .position(scroll: scroll, rows: rest.rows, of: lines.count))
    }
  }

  /// Lines of the help that are on the screen: without the border, the search and the keys.
  var helpRows: Int { max(1, dialogRect(rows: size.rows).rows - 5) }

  /// The groups of the command table in columns: one at 80, two where there is room. What is valid
  /// where the operator was stands in plain; the rest is quiet.
  func helpLines(_ help: HelpDialog) -> [Line] {
    var lines: [Line] = []
    let commands = help.commands
    for group in Command.Group.allCases {
      let members = commands.filter { $0.group == group }
      guard !members.isEmpty else { continue }
      if !lines.isEmpty { lines.append(Line()) }
      lines.append(Line(" \(group.rawValue)", .heading))
      lines += helpRows(members, over: help.over)
    }
    return lines.isEmpty ? [Line(" no command matches", .warning)] : lines
  }

  private func helpRows(_ members: [Command], over place: Place) -> [Line] {
    let width = dialogRect(rows: size.rows).columns - 2
    let columns = width >= 100 ? 2 : 1
    let each = width / columns
    let cells = members.map { command -> Line in
      let keys = command.chords.map(\.text).joined(separator: " ")
      let padding = String(repeating: " ", count: max(1, 17 - keys.utf8.count))
      let role: Role = command.places.contains(place) ? .plain : .quiet
      return (Line("  " + keys, .key) + Line(padding + command.title, role))
        .padded(to: each, pen.lines)
    }
    return stride(from: 0, to: cells.count, by: columns).map { start in
      cells[start..<min(start + columns, cells.count)].reduce(into: Line()) { $0 += $1 }
    }
  }
}
