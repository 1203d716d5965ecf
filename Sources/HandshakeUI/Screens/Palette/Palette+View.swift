import Drawing
import Text

extension State {
  func draw(_ palette: PaletteDialog, _ canvas: inout Canvas) {
    let rect = dialogRect(rows: min(palette.found.count + 3, max(6, size.rows - 6)))
    canvas.box(rect, Line("COMMANDS: type to find, Enter runs it", .heading)) { canvas in
      canvas.draw(
        Line(" : ", .heading) + Line(pen.typed(palette.search.text), .input), row: 0)
      canvas.placeCursor(
        row: 0, column: 3 + DisplayWidth.of(pen.typed(palette.search.beforeCursor)))
      var rest = canvas.bounds
      _ = rest.takeTop(1)
      let first = max(0, palette.focus - rest.rows + 1)
      let lines = palette.found.enumerated().map { index, command in
        paletteRow(command, isFocused: index == palette.focus, width: rest.columns)
      }
      let shown = lines.isEmpty ? [Line("   no command matches", .warning)] : lines
      canvas.draw(shown, from: first, in: rest)
    }
  }

  private func paletteRow(_ command: Command, isFocused: Bool, width: Int) -> Line {
    let keys = command.chords.map(\.text).joined(separator: " ")
    let padding = String(repeating: " ", count: max(1, 34 - command.title.utf8.count))
    var line = Line(isFocused ? ">  " : "   ", .focus) + Line(command.title + padding)
    line += Line(keys, .key)
    if let obstacle = command.obstacle(in: self) { line += Line("   \(obstacle)", .quiet) }
    return (isFocused ? line.emboldened : line).cut(to: width, pen.lines)
  }
}
