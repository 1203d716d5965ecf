import Drawing
import Model
import Review

/// One handshake, opened.
struct DetailView {
  let state: State

  func draw(_ canvas: inout Canvas) {
    guard let detail = state.detail else { return }
    let layout = DetailLayout(state.size, isRaw: detail.raw != nil)
    canvas.inside(layout.plan) { PlanPane(state: state).draw(&$0) }
    guard let row = state.inbox.row(detail.key) else {
      canvas.inside(layout.main) {
        $0.draw(Line(" this handshake is no longer listed", .warning), row: 0)
      }
      FooterView(state: state, position: Line())
        .draw(&canvas, notice: layout.notice, footer: layout.footer)
      return
    }
    let entries = state.detailEntries(row)
    let lines = detail.raw == nil ? [] : state.rawLines(row)
    let scroll = detail.raw?.scroll.scrolled(0, of: lines.count, in: layout.rawRows) ?? 0
    let position =
      detail.raw == nil
      ? Line.position(state.detailCursor(entries) + 1, of: entries.count)
      : Line.position(min(scroll + layout.rawRows, lines.count), of: lines.count)
    FooterView(state: state, position: position)
      .draw(&canvas, notice: layout.notice, footer: layout.footer)
    drawBanner(row, &canvas, layout.banner)
    if detail.raw != nil, layout.raw == nil {
      canvas.inside(layout.main) { drawRaw(lines, scroll: scroll, &$0, hasFocus: true) }
      return
    }
    canvas.inside(layout.main) { drawEntries(entries, row, &$0, hasFocus: detail.raw == nil) }
    if let side = layout.side { canvas.inside(side) { drawSide(row, &$0) } }
    if let rect = layout.raw {
      canvas.box(rect, Line("RAW", .heading)) {
        let all = lines.isEmpty ? state.rawLines(row) : lines
        drawRaw(all, scroll: scroll, &$0, hasFocus: detail.raw != nil)
      }
    }
  }

  private func drawBanner(_ row: Row, _ canvas: inout Canvas, _ rect: Rect) {
    canvas.inside(rect) { canvas in
      canvas.rule(HandshakeFacts(state: state, row: row).verdict, row: 0, heavy: true)
    }
  }

  private func drawEntries(
    _ entries: [Entry], _ row: Row, _ canvas: inout Canvas, hasFocus: Bool
  ) {
    let first = state.detailFirstLine(entries)
    let cursor = state.detailCursor(entries)
    let shown = entries.dropFirst(first).prefix(canvas.size.rows)
    let left = entries.count - first - canvas.size.rows
    for (index, entry) in zip(shown.indices, shown) {
      let isFocused = index == cursor && hasFocus
      let line = Line(isFocused ? ">" : " ", .focus) + state.text(of: entry, row)
      let isLast = index - first == canvas.size.rows - 1
      canvas.draw(
        isFocused ? line.emboldened : line, row: index - first,
        before: isLast && left > 0 ? Line(" +\(left) ", .quiet) : Line())
      if isFocused, state.field == nil { canvas.placeCursor(row: index - first, column: 0) }
    }
  }

  private func drawRaw(
    _ lines: [String], scroll: Int, _ canvas: inout Canvas, hasFocus: Bool
  ) {
    for (index, line) in lines.dropFirst(scroll).prefix(canvas.size.rows).enumerated() {
      canvas.draw(Line(" " + line), row: index)
    }
    if hasFocus { canvas.placeCursor(row: 0, column: 0) }
  }

  private func drawSide(_ row: Row, _ canvas: inout Canvas) {
    let facts = HandshakeFacts(state: state, row: row)
    let lines =
      [Line("WHO", .heading)] + facts.who + [
        Line(), Line(state.title(of: .effects, row), .heading),
      ]
      + state.effectLines(row)
    let wrapped = lines.flatMap { $0.wrapped(to: canvas.size.columns - 2, indent: 9) }
    let left = wrapped.count - canvas.size.rows
    for (index, line) in wrapped.prefix(canvas.size.rows).enumerated() {
      let isLast = index == canvas.size.rows - 1
      canvas.draw(
        line, row: index, column: 1,
        before: isLast && left > 0 ? Line(" +\(left) more below the tree ", .quiet) : Line())
    }
  }
}
