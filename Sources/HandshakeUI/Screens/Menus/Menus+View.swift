import Drawing
import Text

extension State {
  func draw(_ menu: Menu, _ canvas: inout Canvas) {
    canvas.box(dialogRect(rows: menu.items.count + 1), Line(menu.title, .heading)) { canvas in
      let rows = max(1, canvas.size.rows - 1)
      let first = max(0, menu.focus - rows + 1)
      let lines = menu.items.enumerated().map { index, item in
        let isFocused = index == menu.focus
        var line = Line(isFocused ? "> " : "  ", .focus) + Line(String(item.key), .key)
        line += Line("  " + item.title, item.obstacle == nil ? .plain : .quiet)
        if let obstacle = item.obstacle { line += Line("   \(obstacle)", .quiet) }
        return isFocused ? line.emboldened : line
      }
      var rest = canvas.bounds
      let keys = rest.takeBottom(1)
      canvas.draw(lines, from: first, in: rest)
      canvas.placeCursor(row: menu.focus - first, column: 0)
      let hints = Line("  Enter", .key) + Line(" or its letter   Esc back")
      canvas.draw(
        hints, row: keys.row, before: .position(menu.focus + 1, of: menu.items.count))
    }
  }

  func draw(_ panel: Panel, _ canvas: inout Canvas) {
    let text = PanelText(panel, in: self)
    let scroll = panel.scroll.scrolled(0, of: text.lines.count, in: text.rows)
    canvas.box(text.box, panel.title) { canvas in
      var rest = canvas.bounds
      let keys = rest.takeBottom(1)
      let padded = Rect(
        row: rest.row, column: rest.column + 1, rows: rest.rows, columns: rest.columns - 2)
      canvas.draw(text.lines, from: scroll, in: padded)
      canvas.placeCursor(row: 0, column: 1)
      let copies = panel.copied == nil ? Line() : Line("   y", .key) + Line(" copy")
      let hints = Line(" Esc", .key) + Line(" close") + copies
      canvas.draw(
        hints, row: keys.row,
        before: .position(scroll: scroll, rows: text.rows, of: text.lines.count))
    }
  }

  func draw(_ prompt: Prompt, _ canvas: inout Canvas) {
    canvas.box(dialogRect(rows: 3), Line(prompt.title, .heading)) { canvas in
      canvas.draw(Line(" > ", .heading) + Line(pen.typed(prompt.field.text), .input), row: 0)
      canvas.placeCursor(
        row: 0, column: 3 + DisplayWidth.of(pen.typed(prompt.field.beforeCursor)))
      canvas.draw(
        Line(" Enter", .key) + Line(" write (mode 0600, never overwrites)   Esc back"), row: 2)
    }
  }
}
