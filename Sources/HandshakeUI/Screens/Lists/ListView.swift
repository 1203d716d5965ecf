import Drawing
import Model
import Review

/// The lines of a list that are on the screen, and no others.
struct ListView {
  let state: State

  func draw(_ canvas: inout Canvas) {
    let height = max(0, canvas.size.rows - 1)
    let first = state.firstLine
    let last = min(state.lineCount, first + height)
    let keys = (first..<max(first, last)).compactMap { state.lineKey(at: $0) }
    let table = ListTable(state: state, keys: keys, columns: canvas.size.columns - 3)
    canvas.draw(Line("   ") + table.heading, row: 0)
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
    } else {
      line = Line(
        "end of list: every page of \(summary.complete) \(summary.complete == 1 ? "account" : "accounts") was read",
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
