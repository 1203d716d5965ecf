import Drawing
import Model
import Review
import Text

extension State {
  /// What is under way, over everything but the title.
  func draw(_ sending: SendingScreen, _ canvas: inout Canvas) {
    var rest = Rect(size)
    _ = rest.takeTop(2)
    canvas.inside(rest) { canvas in
      canvas.clear()
      var rest = canvas.bounds
      let head = rest.takeTop(3)
      let keys = rest.takeBottom(1)
      let explained = rest.takeBottom(min(7, max(min(5, rest.rows / 2), rest.rows / 3)))
      canvas.draw(sendingHead(sending), from: 0, in: head)
      let rows = sendingRows(sending)
      let first = max(0, min(sending.focus - rest.rows + 2, rows.count - rest.rows + 1))
      canvas.draw([sendingHeading] + rows.dropFirst(first), from: 0, in: rest)
      canvas.placeCursor(row: rest.row + 1 + sending.focus - first, column: 0)
      canvas.draw(sendingDetail(sending), from: 0, in: explained)
      let stop =
        sending.isStopping
        ? Line(" Stopping after this request. s again: stop waiting for it too")
        : Line(" s", .key) + Line(" stop after this request   ") + Line("j k", .key)
          + Line(" rows" + (size.columns < 70 ? "" : "   Safe to disconnect"))
          + Line(size.columns < 110 ? "" : ": outcomes are checked at the next start")
      canvas.inside(keys) { canvas in
        canvas.draw(stop, row: 0, before: .position(sending.focus + 1, of: sending.items.count))
      }
    }
  }

  private func sendingHead(_ sending: SendingScreen) -> [Line] {
    let count = sending.items.count
    let bad = sending.results.compactMap(\.self).count { !$0.outcome.isDone }
    let width = max(10, min(60, size.columns - 50))
    let full = count == 0 ? 0 : width * sending.done / count
    let bar = String(repeating: "#", count: full) + String(repeating: "-", count: width - full)
    let told =
      "  \(sending.done) of \(count) done   \(bad) not applied   \(count - sending.done) left"
    let reason =
      sending.review.reason.isEmpty ? "" : pen.exact(Untrusted(bytes: sending.review.reason))
    return [
      Line(" Sending  ", .heading) + Line(reason),
      Line(" [\(bar)]") + Line(told),
      Line(String(repeating: pen.lines.horizontal, count: size.columns), .border),
    ]
  }

  private var sendingHeading: Line {
    sendingColumns.heading(pen.lines)
  }

  private enum SendingColumn: Hashable, Sendable {
    case number, action, account, organization, result
  }

  private var sendingColumns: ColumnLayout<SendingColumn> {
    ColumnLayout(
      [
        Column(.number, "  #", width: 3, alignRight: true),
        Column(.action, "ACTION", width: 7),
        Column(.account, "ACCOUNT", width: 24, stretch: 12),
        Column(.organization, "ORGANIZATION", width: 14, stretch: 24, leaves: 1),
        Column(.result, "RESULT", width: 22, stretch: 20),
      ], in: size.columns - 1)
  }

  private func sendingRows(_ sending: SendingScreen) -> [Line] {
    let columns = sendingColumns
    return sending.items.indices.map { index in
      let item = sending.items[index]
      let result = sending.results[index].map(resultLine) ?? stageLine(sending, index)
      let row = columns.row(pen.lines) { column in
        switch column {
        case .number: Line("\(index + 1)")
        case .action: Line(item.answer.rawValue)
        case .account: Line(accountLabel(item.account))
        case .organization: Line(senderLabel(item.seen))
        case .result: result
        }
      }
      let isFocused = index == sending.focus
      return Line(isFocused ? ">" : " ", .focus, bold: isFocused)
        + (isFocused ? row.emboldened : row)
    }
  }

  private func stageLine(_ sending: SendingScreen, _ index: Int) -> Line {
    let left = sending.waitEnds.map { max(.zero, $0 - uptime) } ?? .zero
    return switch sending.stages[index] {
    case nil: Line("queued", .quiet)
    case .waiting(_, .pace): Line("AWS rate limit: in \(left.wholeSeconds) s", .quiet)
    case .waiting(_, .retry): Line("not sent: trying again in \(left.wholeSeconds) s", .warning)
    case .waiting(_, .reconcile(let inquiry)): Line(inquiry.shortWords(waiting: left), .warning)
    case .reconciling(let inquiry): Line(inquiry.shortWords(waiting: nil), .warning)
    case .checking: Line("reading before sending")
    case .sending: Line("SENDING", .warning, bold: true)
    }
  }

  func resultLine(_ result: ErrandResult) -> Line {
    switch result.outcome {
    case .done(let handshake, let proof):
      Line("done \(handshake?.state.map { pen.name($0) } ?? "")", .good)
        + Line(proof == nil ? "" : " (confirmed by reading)")
    case .refused: Line("FAIL refused", .danger)
    case .notSent: Line("FAIL not sent", .danger)
    case .heldBack(let cause): Line("Not sent: \(cause.brief)", .danger)
    case .notApplied(let state, _):
      Line("FAIL sent, not applied" + (state.map { ": \(pen.name($0))" } ?? ""), .danger)
    case .unknown: Line("????  OUTCOME UNKNOWN", .danger, bold: true)
    case .notTried: Line("--   not sent", .warning)
    }
  }

  private func sendingDetail(_ sending: SendingScreen) -> [Line] {
    guard let item = sending.items[safe: sending.focus] else { return [] }
    let rule = Line(String(repeating: pen.lines.horizontal, count: size.columns), .border)
    guard case .some(let result) = sending.results[safe: sending.focus] ?? nil else {
      return [rule, Line(" \(item.id.text)", .quiet)]
        + inquiryLines(sending, width: size.columns - 2).map { Line(" ") + $0 }
    }
    return [rule] + explained(item, result, width: size.columns - 2).map { Line(" ") + $0 }
  }

  /// Why the focused handshake is read again, how often, and when next.
  private func inquiryLines(_ sending: SendingScreen, width: Int) -> [Line] {
    let left = sending.waitEnds.map { max(.zero, $0 - uptime) }
    return switch sending.stages[safe: sending.focus] ?? nil {
    case .waiting(_, .reconcile(let inquiry)), .reconciling(let inquiry):
      Line(inquiry.words(waiting: left, in: launch.charset), .warning).wrapped(to: width)
    default: []
    }
  }

  /// What, why and the remedy.
  func explained(_ item: PlanItem, _ result: ErrandResult, width: Int) -> [Line] {
    let words = Explanation(result.outcome, of: .answer(item), in: launch.charset)
    var lines = Line(words.what, result.outcome.isDone ? .good : .danger).wrapped(to: width)
    if !words.why.isEmpty { lines += Line(words.why).wrapped(to: width) }
    if !words.remedy.isEmpty {
      lines += (Line("remedy: ", .heading) + Line(words.remedy)).wrapped(to: width, indent: 2)
    }
    if let id = words.requestID { lines.append(Line("request id \(id)", .quiet)) }
    if let fault = result.unwritten {
      lines += Line(Explanation(fault, in: launch.charset).why, .danger).wrapped(to: width)
    }
    return lines
  }
}

extension ErrandOutcome {
  var isDone: Bool {
    if case .done = self { true } else { false }
  }
}
