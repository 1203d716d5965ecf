import Drawing
import Review

/// The end of the journal.
struct ActivityPane {
  let state: State

  func draw(_ canvas: inout Canvas) {
    let title = Line("ACTIVITY (end of the journal)", .heading)
    if state.layout.width == .wide {
      canvas.box(canvas.bounds, title) { drawRecords(&$0) }
      return
    }
    canvas.rule(title, row: 0)
    var rest = canvas.bounds
    _ = rest.takeTop(1)
    canvas.inside(rest) { drawRecords(&$0) }
  }

  private func drawRecords(_ canvas: inout Canvas) {
    if let fault = state.journal.fault {
      let words = Explanation(fault, in: state.launch.charset)
      let lines = Line("\(words.what) \(words.why) \(words.remedy)", .danger)
        .wrapped(to: max(1, canvas.size.columns - 2))
      canvas.draw(lines.map { Line(" ") + $0 }, from: 0, in: canvas.bounds)
      return
    }
    let records = state.journal.records.suffix(canvas.size.rows).reversed()
    if records.isEmpty { canvas.draw(Line(" nothing yet", .quiet), row: 0) }
    for (row, record) in records.enumerated() {
      let cells = RecordCells(state: state, record: record)
      let line =
        cells.cell(.time) + Line("  ") + cells.cell(.handshakeID) + Line("  ")
        + cells.cell(.event) + Line("  ") + cells.cell(.who) + Line("  ")
        + cells.cell(.why)
      canvas.draw(Line(" ") + line, row: row)
    }
  }
}
