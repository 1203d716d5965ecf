import Drawing
import Model
import ReviewInbox

/// The pane of facts about the focused line: AWS's facts first, the sender's text after them.
struct FactsPane {
  let list: ListScreen
  let session: Session

  func title(columns: Int) -> Line {
    switch line {
    case .row(let key):
      session.inbox.row(key).map {
        HandshakeFacts(session: session, row: $0).title(columns: columns)
      }
        ?? Line()
    case .profile(let key):
      Line(key.map { session.labels.name(of: $0) } ?? "all accounts", .heading)
    case .record(let number): Line("line \(number) of the journal", .heading)
    case nil: Line()
    }
  }

  private var line: LineKey? { list.focusedLine(session) }

  // MARK: Content

  private enum Content {
    case text([Line])
    /// The tree of a handshake, below the verdict on its sender.
    case tree(Row, verdict: [Line], [Entry])
  }

  private var isWide: Bool { ScreenLayout(session.size).width == .wide }

  /// The size inside the border, or below the rule.
  private var size: Size {
    let rect = ScreenLayout(session.size).facts
    return isWide ? rect.inset.size : Size(columns: rect.columns, rows: rect.rows - 1)
  }

  /// The columns of the part beside the tree; 0 if there is no room.
  private var sideColumns: Int {
    ScreenLayout(session.size).width == .medium ? size.columns * 9 / 20 : 0
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
    case .row(let key): session.inbox.row(key).map { content(of: $0) }
    case .profile(let key): .text(wrapped(ProfileFacts(session: session, key: key).lines))
    case .record(let number): .text(wrapped(RecordFacts(session: session, number: number).lines))
    case nil: nil
    }
  }

  private func content(of row: Row) -> Content {
    let facts = HandshakeFacts(session: session, row: row)
    if ScreenLayout(session.size).width == .narrow {
      return .text(wrapped(facts.lines(columns: size.columns)))
    }
    let entries = DetailEntries(
      row, in: session, columns: size.columns - sideColumns - 2,
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
    let first = list.factsScroll.scrolled(0, of: count, in: rows)
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
      let text = EntryText(row, in: session)
      drawScrolled(entries.count, &canvas) { Line(" ") + text.line(of: entries[$0]) }
    }
    if side.columns > 0 { canvas.inside(side) { drawSide(row, &$0) } }
  }

  private func drawSide(_ row: Row, _ canvas: inout Canvas) {
    let told = HandshakeSections(session: session, row: row)
    let lines =
      [Line(told.title(of: .effects), .heading)] + told.effectLines + [Line()]
      + [Line(told.title(of: .checks), .heading)] + told.checkLines
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
