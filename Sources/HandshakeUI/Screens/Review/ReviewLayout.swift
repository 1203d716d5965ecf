import Drawing
import Model
import Review

/// The review's box at a size: what scrolls, and what is always there below it.
struct ReviewLayout {
  let box: Rect
  let title: Line
  let body: [Line]
  let foot: [Line]
  /// Where the cursor stands in the foot.
  let cursor: Position?
  /// Lines of the body that are shown.
  let rows: Int

  /// The scroll at which the last line of the body is on the screen.
  var lastScroll: Int { max(0, body.count - rows) }

  init(_ review: ReviewDialog, in state: State) {
    let words = ConfirmationWords(
      review.current, letters: review.confirmation?.letters ?? "..",
      isHiding: review.isAlone && (review.confirmation?.hidesSender ?? true))
    let columns = state.dialogRect(rows: 1).columns
    let width = columns - 4
    body =
      review.isAlone
      ? state.aloneLines(review, words, width: width)
      : state.batchLines(review, words, width: width)
    // As high whatever is left to read.
    let footRows = state.confirmationLines(review, words, width: width, left: 0).lines.count
    let room = max(3, state.belowTitle.rows)
    let height = min(room, body.count + footRows + 2)
    rows = max(1, height - footRows - 2)
    let left = max(0, body.count - rows - review.scroll)
    (foot, cursor) = state.confirmationLines(review, words, width: width, left: left)
    box = state.belowTitle.centred(rows: height, columns: columns)
    let count = review.sheet.steps.count
    let step = count > 1 ? "  \(review.step + 1) of \(count)" : ""
    title = Self.title(review, words, step: step, columns: columns - 6)
  }

  /// With what is confirmed alone and why, or how many senders are look-alikes; which step it is stands
  /// only where it fits.
  private static func title(
    _ review: ReviewDialog, _ words: ConfirmationWords, step: String, columns: Int
  ) -> Line {
    var title = Line("REVIEW: \(words.title)", .heading, bold: true)
    if let line = review.line {
      title += line.item.seen.shape.otherLabel
      let reasons = line.ruling.reasons.map(\.title).joined(separator: ", ")
      title += Line("  \(reasons)", .danger, bold: true)
    } else if review.sheet.lookAlikeCount > 0 {
      title += Line("  \(review.sheet.lookAlikeCount) like!", .danger, bold: true)
    }
    return title.width + step.utf8.count <= columns ? title + Line(step, .heading) : title
  }
}

extension State {
  func draw(_ review: ReviewDialog, _ canvas: inout Canvas) {
    let layout = ReviewLayout(review, in: self)
    canvas.box(layout.box, layout.title) { canvas in
      var rest = canvas.bounds
      rest = Rect(
        row: rest.row, column: rest.column + 1, rows: rest.rows, columns: rest.columns - 2)
      let foot = rest.takeBottom(layout.foot.count)
      let scroll = min(review.scroll, layout.lastScroll)
      let left = layout.lastScroll - scroll
      let more =
        left > 0
        ? Line(" +\(left) \(left == 1 ? "line" : "lines"): Down ", .warning, bold: true) : Line()
      canvas.inside(rest) { canvas in
        for (row, line) in layout.body.dropFirst(scroll).prefix(rest.rows).enumerated() {
          canvas.draw(line, row: row, before: row == rest.rows - 1 ? more : Line())
        }
      }
      canvas.draw(layout.foot, from: 0, in: foot)
      if let cursor = layout.cursor {
        canvas.placeCursor(row: foot.row + cursor.row, column: foot.column + cursor.column)
      }
    }
  }
}
