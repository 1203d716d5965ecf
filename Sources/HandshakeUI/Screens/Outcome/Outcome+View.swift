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
      let isMore = lines.count - outcome.scroll > rest.rows
      let position = Line.position(scroll: outcome.scroll, rows: rest.rows, of: lines.count)
      canvas.inside(keys) { canvas in
        let more = isMore ? Line("  more below", .warning) : Line()
        canvas.draw(outcomeKeys(outcome), row: 0, before: more + position)
      }
    }
  }

  private func outcomeKeys(_ outcome: OutcomeScreen) -> Line {
    guard let next = outcome.next else {
      return Line(" Esc", .key) + Line(" back to the list   ") + Line("j k", .key)
        + Line(" scroll   ") + Line("5", .key) + Line(" (in the list): audit")
    }
    let left = next.sheet.steps.count - next.step
    return Line(" C", .key, bold: true) + Line(" go on: \(left) to confirm separately  ")
      + Line("Esc", .key) + Line(" stop here  ") + Line("j k", .key) + Line(" scroll")
  }

  /// Each answer with its result; behind an accept, what is left to do.
  func outcomeLines(_ outcome: OutcomeScreen, columns: Int) -> [Line] {
    let width = max(1, columns - 6)
    var lines = (Line("RESULT  ", .heading) + Line(outcome.counts))
      .wrapped(to: max(1, columns - 2), indent: 8).map { Line(" ") + $0 }
    lines.append(Line())
    if let cause = outcome.stopped { lines += [Line(" " + cause.words, .danger), Line()] }
    for (number, entry) in outcome.entries.enumerated() {
      let item = entry.item
      let mark = item.senderTrust?.mark ?? .ok
      let trust = mark == .like || mark == .new ? mark.label + Line("   ") : Line()
      var head = Line(" \(number + 1) \(item.answer.rawValue)", .plain, bold: true)
      head += item.seen.shape.otherLabel
      head += Line("  \(accountLabel(item.account))   ", .plain, bold: true)
      head += Line("\(senderLabel(item.seen))   ") + trust + resultLine(entry.result)
      // Wrapped, not cut: the result stands at its end.
      lines += head.wrapped(to: max(1, columns - 1), indent: 4)
      lines += explained(item, entry.result, width: width).map { Line("   ") + $0 }
      lines += afterwards(entry, width: width)
      lines.append(Line())
    }
    for item in outcome.skipped {
      lines += Line(
        "- \(item.answer.rawValue)  \(accountLabel(item.account))   \(item.id.text)   "
          + "skipped, still planned", .warning
      ).wrapped(to: columns - 2, indent: 2).map { Line(" ") + $0 }
    }
    return lines
  }

  private func afterwards(_ entry: OutcomeScreen.Entry, width: Int) -> [Line] {
    guard entry.item.answer == .accept, entry.result.outcome.isDone, let before = entry.before
    else { return [] }
    let steps = AfterAccept.steps(after: entry.item.seen, as: before)
    guard !steps.isEmpty else { return [] }
    return [Line("   NEXT STEPS", .heading)]
      + steps.flatMap { step in
        Line("[ ] \(step.words)").wrapped(to: width, indent: 4).map { Line("   ") + $0 }
      }
  }
}
