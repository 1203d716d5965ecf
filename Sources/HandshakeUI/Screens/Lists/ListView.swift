import Drawing
import Model
import Review
import Text

/// The lines of a list that are on the screen, and no others.
struct ListView {
  let state: State

  func draw(_ canvas: inout Canvas) {
    let height = max(0, canvas.size.rows - 1)
    let first = state.firstLine
    let last = min(state.lineCount, first + height)
    let keys = (first..<max(first, last)).compactMap { state.lineKey(at: $0) }
    let table = ListTable(state: state, columns: canvas.size.columns - 3)
    canvas.draw(Line("   ") + table.heading, row: 0)
    if keys.isEmpty { return drawHidden(&canvas) }
    let cursor = state.cursor
    for (index, key) in keys.enumerated() {
      let isFocused = first + index == cursor
      canvas.draw(gutter(key, isFocused) + table.line(key), row: 1 + index)
      if isFocused, state.field == nil { canvas.placeCursor(row: 1 + index, column: 0) }
    }
    if keys.count + 2 < height { drawEnd(&canvas, row: keys.count + 2) }
  }

  /// The mark of the focus and that of a marked row: all that a cursor move changes of the list, so
  /// the mark alone is bold.
  private func gutter(_ key: LineKey, _ isFocused: Bool) -> Line {
    let isMarked = key.row.map { state.lists[state.tab].marks.contains($0) } ?? false
    return Line(isFocused ? ">" : " ", .focus, bold: isFocused)
      + Line(isMarked ? "*" : " ", .marked) + Line(" ")
  }

  /// No row is shown though there are some: what hides them, and how they are seen again.
  private func drawHidden(_ canvas: inout Canvas) {
    guard let selection = state.tab.selection else { return }
    let filter = state.lists[state.tab].filter
    func count(_ filter: RowFilter, _ scope: AccountID?) -> Int {
      state.inbox.count(in: selection, filter: filter, scope: scope, at: state.now)
    }
    let acting = state.inbox.listing(selection).filter
    var lines = [Line("No row matches the filter ", .warning) + Line(state.pen.typed(filter))]
    let whose = state.scope == nil ? "" : " of \(state.whose)"
    let hidden = count(.none, state.scope)
    lines.append(Line("It hides \(hidden) \(hidden == 1 ? "row" : "rows")\(whose)."))
    if state.scope != nil {
      let others = count(acting, nil)
      lines.append(Line("\(others) match in all accounts; only \(state.whose) is shown."))
    }
    lines.append(Line("Esc", .key) + Line(" clears it   ") + Line("/", .key) + Line(" changes it"))
    if state.scope != nil { lines[lines.count - 1] += Line("   4", .key) + Line(" accounts") }
    let wrapped = lines.flatMap { $0.wrapped(to: max(1, canvas.size.columns - 4), indent: 2) }
    for (row, line) in wrapped.enumerated() { canvas.draw(line, row: 2 + row, column: 2) }
    if state.field == nil { canvas.placeCursor(row: 2, column: 0) }
  }

  /// Below the last line: whether that is all.
  private func drawEnd(_ canvas: inout Canvas, row: Int) {
    guard let selection = state.tab.selection else { return }
    let listing = state.inbox.listing(selection)
    let summary = state.sourceSummary
    var line: Line
    if summary.waiting > 0 {
      line = Line("still reading \(summary.waiting) of \(summary.total) accounts", .warning)
    } else if state.launch.backend == .document {
      line = Line("end of the document", .quiet)
    } else if summary.complete == 0 {
      line = Line("end of what was read before: nothing could be read now", .warning)
    } else {
      line = Line(
        "end of list: all pages of \(summary.complete) \(summary.complete == 1 ? "account" : "accounts") read",
        .quiet)
      if state.tab != .inbox {
        line += Line(summary.withheldWords.map { "; " + $0 } ?? "", .warning)
      }
    }
    if listing.count < listing.total {
      line += Line("; the filter hides \(listing.total - listing.count)", .warning)
    }
    canvas.draw(Line(" ") + line, row: row)
    guard !summary.failed.isEmpty, row + 1 < canvas.size.rows else { return }
    let names = summary.failed.prefix(3).map { state.name(of: $0) }.joined(separator: ", ")
    canvas.draw(
      Line(" NOT CHECKED, so unknown: \(names)", .danger), row: row + 1)
  }
}
