import Drawing
import Model
import Review
import Text

extension State {
  func draw(_ outcome: OutcomeScreen, _ canvas: inout Canvas) {
    var rest = Rect(size)
    _ = rest.takeTop(2)
    canvas.inside(rest) { canvas in
      canvas.clear()
      var rest = canvas.bounds
      let keys = rest.takeBottom(1)
      let lines = outcomeLines(outcome, columns: size.columns)
      canvas.draw(lines, from: outcome.scroll, in: rest)
      canvas.placeCursor(row: 0, column: 0)
      let more = lines.count - outcome.scroll > rest.rows ? "   more below" : ""
      let line =
        Line(" Esc", .key) + Line(" back to the list   ") + Line("j k", .key)
        + Line(" scroll   ") + Line("5", .key) + Line(" in the list: the journal")
        + Line(more, .warning)
      canvas.draw([line], from: 0, in: keys)
    }
  }

  /// Each answer with what became of it; behind an accept, what is left to do.
  func outcomeLines(_ outcome: OutcomeScreen, columns: Int) -> [Line] {
    let width = max(1, columns - 6)
    let done = outcome.entries.count { $0.result.outcome.isDone }
    var lines = [
      Line(" WHAT BECAME OF IT  ", .heading)
        + Line("\(done) of \(outcome.entries.count) done"),
      Line(),
    ]
    if let cause = outcome.stopped { lines += [Line(" " + cause.words, .danger), Line()] }
    for (number, entry) in outcome.entries.enumerated() {
      let item = entry.item
      // Only what stands out: the result is not to leave the line.
      let mark = item.senderTrust?.mark ?? .ok
      let trust = mark == .like || mark == .new ? mark.label + Line("   ") : Line()
      var head = Line(" \(number + 1) \(item.answer.rawValue)", .plain, bold: true)
      head += item.seen.shape.otherLabel
      head += Line("  \(accountLabel(item.account))   ", .plain, bold: true)
      head += Line("\(senderLabel(item.seen))   ") + trust + resultLine(entry.result)
      lines.append(head)
      lines += explained(item, entry.result, width: width).map { Line("   ") + $0 }
      lines += afterwards(entry, width: width)
      lines.append(Line())
    }
    return lines
  }

  private func afterwards(_ entry: OutcomeScreen.Entry, width: Int) -> [Line] {
    guard entry.item.answer == .accept, entry.result.outcome.isDone, let before = entry.before
    else { return [] }
    let steps = AfterAccept.steps(after: entry.item.seen, as: before)
    guard !steps.isEmpty else { return [] }
    return [Line("   WHAT TO DO NOW", .heading)]
      + steps.flatMap { step in
        Line("[ ] \(step.words)").wrapped(to: width, indent: 4).map { Line("   ") + $0 }
      }
  }
}
