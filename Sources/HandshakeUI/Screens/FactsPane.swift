import Drawing
import Model
import ReviewInbox

/// The pane of facts about the focused line: AWS's facts first, the sender's text after them.
struct FactsPane {
  let state: State

  func title(columns: Int) -> Line {
    switch line {
    case .row(let key):
      state.inbox.row(key).map { HandshakeFacts(state: state, row: $0).title(columns: columns) }
        ?? Line()
    case .profile(let key):
      Line(key.map { state.name(of: $0) } ?? "all accounts", .heading)
    case .record(let number): Line("line \(number) of the journal", .heading)
    case nil: Line()
    }
  }

  private var line: LineKey? { state.cursor.flatMap { state.lineKey(at: $0) } }

  // MARK: Content

  private enum Content {
    case text([Line])
    /// The tree of a handshake, below the verdict on its sender.
    case tree(Row, verdict: [Line], [Entry])
  }

  private var isWide: Bool { state.layout.width == .wide }

  /// The size inside the border, or below the rule.
  private var size: Size {
    let rect = state.layout.facts
    return isWide ? rect.inset.size : Size(columns: rect.columns, rows: rect.rows - 1)
  }

  /// The columns of the part beside the tree; 0 if there is no room.
  private var sideColumns: Int {
    state.layout.width == .medium ? size.columns * 9 / 20 : 0
  }

  /// The number of lines on the screen.
  var rows: Int {
    guard case .tree(_, let verdict, _) = content else { return max(1, size.rows) }
    return max(1, size.rows - verdict.count)
  }

  /// The number of lines in total.
  var lineCount: Int {
    switch content {
    case .text(let lines): lines.count
    case .tree(_, _, let entries): entries.count
    case nil: 0
    }
  }

  private var content: Content? {
    switch line {
    case .row(let key): state.inbox.row(key).map { content(of: $0) }
    case .profile(let key): .text(wrapped(ProfileFacts(state: state, key: key).lines))
    case .record(let number): .text(wrapped(RecordFacts(state: state, number: number).lines))
    case nil: nil
    }
  }

  private func content(of row: Row) -> Content {
    let facts = HandshakeFacts(state: state, row: row)
    if state.layout.width == .narrow { return .text(wrapped(facts.lines(columns: size.columns))) }
    let entries = DetailEntries(
      row, in: state, columns: size.columns - sideColumns - 2,
      sections: isWide ? [.damage, .effects, .checks] : [.damage], beside: true
    ).entries
    let verdict = facts.verdict.wrapped(to: max(1, size.columns - 2), indent: 4)
    return .tree(row, verdict: verdict, entries)
  }

  private func wrapped(_ lines: [Line]) -> [Line] {
    lines.flatMap { $0.wrapped(to: max(1, size.columns - 2), indent: 9) }
  }

  // MARK: Drawing

  func draw(_ canvas: inout Canvas) {
    switch content {
    case .text(let lines): drawScrolled(lines.count, &canvas) { Line(" ") + lines[$0] }
    case .tree(let row, let verdict, let entries): drawTree(row, verdict, entries, &canvas)
    case nil: break
    }
  }

  /// Draws the lines from the scroll position on.
  ///
  /// The last visible line says how many more there are.
  private func drawScrolled(_ count: Int, _ canvas: inout Canvas, _ line: (Int) -> Line) {
    let rows = canvas.size.rows
    let first = state.factsScroll.scrolled(0, of: count, in: rows)
    for row in 0..<max(0, min(rows, count - first)) {
      let left = count - first - rows
      let more = left > 0 && row == rows - 1 ? Line(" +\(left) more: Tab ", .quiet) : Line()
      canvas.draw(line(first + row), row: row, before: more)
    }
  }

  /// Draws tree and effects: side by side in the medium layout, one below the other in the wide
  /// one.
  private func drawTree(
    _ row: Row, _ verdict: [Line], _ entries: [Entry], _ canvas: inout Canvas
  ) {
    var rest = canvas.bounds
    canvas.draw(verdict.map { Line(" ") + $0 }, from: 0, in: rest.takeTop(verdict.count))
    let side = rest.takeRight(sideColumns)
    canvas.inside(rest) { canvas in
      drawScrolled(entries.count, &canvas) { Line(" ") + state.text(of: entries[$0], row) }
    }
    if side.columns > 0 { canvas.inside(side) { drawSide(row, &$0) } }
  }

  private func drawSide(_ row: Row, _ canvas: inout Canvas) {
    let lines =
      [Line(state.title(of: .effects, row), .heading)] + state.effectLines(row) + [Line()]
      + [Line(state.title(of: .checks, row), .heading)] + state.checkLines(row)
    let wrapped = lines.flatMap { $0.wrapped(to: max(1, canvas.size.columns - 2), indent: 9) }
    let left = wrapped.count - canvas.size.rows
    for (index, line) in wrapped.prefix(canvas.size.rows).enumerated() {
      let isLast = index == canvas.size.rows - 1
      canvas.draw(
        line, row: index, column: 1,
        before: isLast && left > 0 ? Line(" +\(left) more: Enter ", .quiet) : Line())
    }
  }
}
