import Drawing
import Model
import Review

/// What is known about the focused line: what AWS vouches for first, the sender's text after it.
struct FactsPane {
  let state: State

  func title(columns: Int) -> Line {
    switch state.cursor.flatMap({ state.lineKey(at: $0) }) {
    case .row(let key):
      state.inbox.row(key).map { HandshakeFacts(state: state, row: $0).title(columns: columns) }
        ?? Line()
    case .profile(let key):
      Line(key.map { state.name(of: $0) } ?? "all accounts", .heading)
    case .record(let number): Line("line \(number) of the journal", .heading)
    case nil: Line()
    }
  }

  func draw(_ canvas: inout Canvas) {
    let size = canvas.size
    switch state.cursor.flatMap({ state.lineKey(at: $0) }) {
    case .row(let key):
      guard let row = state.inbox.row(key) else { return }
      if state.layout.width == .narrow {
        draw(HandshakeFacts(state: state, row: row).lines(columns: size.columns), &canvas)
      } else {
        drawTree(row, &canvas)
      }
    case .profile(let key):
      draw(ProfileFacts(state: state, key: key).lines, &canvas)
    case .record(let number):
      draw(RecordFacts(state: state, number: number).lines, &canvas)
    case nil: break
    }
  }

  private func draw(_ lines: [Line], _ canvas: inout Canvas) {
    let wrapped = lines.flatMap { $0.wrapped(to: canvas.size.columns - 2, indent: 9) }
    let first = min(state.factsScroll, max(0, wrapped.count - canvas.size.rows))
    for (row, line) in wrapped.dropFirst(first).prefix(canvas.size.rows).enumerated() {
      let more = more(wrapped.count - first - canvas.size.rows, row, canvas)
      canvas.draw(Line(" ") + line, row: row, before: more)
    }
  }

  /// Lines that did not fit are announced in the last one that does.
  private func more(_ count: Int, _ row: Int, _ canvas: Canvas) -> Line {
    count > 0 && row == canvas.size.rows - 1 ? Line(" +\(count) more: Tab ", .quiet) : Line()
  }

  /// Tree and effects: side by side when medium, one below the other in the wide layout's pane.
  private func drawTree(_ row: Row, _ canvas: inout Canvas) {
    let facts = HandshakeFacts(state: state, row: row)
    var rest = canvas.bounds
    let verdict = rest.takeTop(1)
    canvas.inside(verdict) { $0.draw(Line(" ") + facts.verdict, row: 0) }
    let isWide = state.layout.width == .wide
    let side = isWide ? nil : Optional(rest.takeRight(rest.columns * 9 / 20))
    let entries = DetailEntries(
      row, in: state, columns: rest.columns - 2, sections: isWide ? [.effects, .checks] : [],
      beside: true
    ).entries
    let first = min(state.factsScroll, max(0, entries.count - rest.rows))
    canvas.inside(rest) { canvas in
      for (line, entry) in entries.dropFirst(first).prefix(rest.rows).enumerated() {
        let more = more(entries.count - first - rest.rows, line, canvas)
        canvas.draw(Line(" ") + state.text(of: entry, row), row: line, before: more)
      }
    }
    guard let side else { return }
    canvas.inside(side) { drawSide(row, &$0) }
  }

  private func drawSide(_ row: Row, _ canvas: inout Canvas) {
    let lines =
      [Line(state.title(of: .effects, row), .heading)] + state.effectLines(row) + [Line()]
      + [Line(state.title(of: .checks, row), .heading)] + state.checkLines(row)
    let wrapped = lines.flatMap { $0.wrapped(to: canvas.size.columns - 2, indent: 9) }
    for (index, line) in wrapped.prefix(canvas.size.rows).enumerated() {
      canvas.draw(line, row: index, column: 1)
    }
  }
}
