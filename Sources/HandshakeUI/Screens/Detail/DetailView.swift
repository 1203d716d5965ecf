import Drawing
import Model
import Review

/// One handshake, opened.
struct DetailView {
  let state: State

  func draw(_ canvas: inout Canvas) {
    guard let detail = state.detail else { return }
    let layout = DetailLayout(state.size, isRaw: detail.raw != nil)
    FooterView(state: state).draw(&canvas, notice: layout.notice, footer: layout.footer)
    canvas.inside(layout.plan) { PlanPane(state: state).draw(&$0) }
    guard let row = state.inbox.row(detail.key) else {
      canvas.inside(layout.main) {
        $0.draw(Line(" this handshake is not there any more", .warning), row: 0)
      }
      return
    }
    drawBanner(row, &canvas, layout.banner)
    if let raw = detail.raw, layout.raw == nil {
      canvas.inside(layout.main) { drawRaw(row, scroll: raw.scroll, &$0, hasFocus: true) }
      return
    }
    canvas.inside(layout.main) { drawEntries(row, &$0, hasFocus: detail.raw == nil) }
    if let side = layout.side { canvas.inside(side) { drawSide(row, &$0) } }
    if let rect = layout.raw {
      canvas.box(rect, Line("RAW", .heading)) {
        drawRaw(row, scroll: detail.raw?.scroll ?? 0, &$0, hasFocus: detail.raw != nil)
      }
    }
  }

  private func drawBanner(_ row: Row, _ canvas: inout Canvas, _ rect: Rect) {
    canvas.inside(rect) { canvas in
      canvas.rule(HandshakeFacts(state: state, row: row).verdict, row: 0, heavy: true)
    }
  }

  private func drawEntries(_ row: Row, _ canvas: inout Canvas, hasFocus: Bool) {
    let entries = state.detailEntries(row)
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

  private func drawRaw(_ row: Row, scroll: Int, _ canvas: inout Canvas, hasFocus: Bool) {
    let lines = state.rawLines(row)
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
    for (index, line) in wrapped.prefix(canvas.size.rows).enumerated() {
      canvas.draw(line, row: index, column: 1)
    }
  }
}
