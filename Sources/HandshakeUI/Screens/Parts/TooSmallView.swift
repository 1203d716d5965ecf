import Drawing
import Model
import Review

/// Too small to review safely, and still the truth about what is staged and sent.
struct TooSmallView {
  let state: State

  func draw(_ canvas: inout Canvas) {
    let least = ScreenLayout.least
    let size = canvas.size
    var lines = [
      Line("handshake  too small to review safely", .warning),
      Line(
        "need \(least.columns) x \(least.rows), have \(size.columns) x \(size.rows)", .plain),
      Line(),
    ]
    lines += standing
    lines += [
      Line("the plan keys are off at this size"), Line(),
      Line("enlarge the window, or: handshake list", .quiet),
      Line("q quit   C-z suspend", .key),
    ]
    // The fewer rows, the less of the advice.
    let shown = size.rows < lines.count ? standing + [lines[0], lines[1]] : lines
    for (row, line) in shown.enumerated() { canvas.draw(line, row: row) }
    canvas.placeCursor(row: 0, column: 0)
  }

  private var standing: [Line] {
    if case .sending(let sending) = state.dialog {
      let text = "\(sending.done) of \(sending.items.count) done"
      return [Line("SENDING: \(text)", .danger)]
    }
    let plan = state.plan
    let counts =
      "\(plan.count(of: .accept)) to accept, \(plan.count(of: .decline)) to decline, "
      + "\(plan.count(of: .cancel)) to cancel"
    let sent = state.deeds.count
    let what = sent == 0 ? "nothing sent" : "\(sent) sent before, nothing being sent now"
    return plan.isEmpty
      ? [Line("nothing planned, \(what)")]
      : [Line("plan: \(counts)"), Line("      \(what)")]
  }
}
