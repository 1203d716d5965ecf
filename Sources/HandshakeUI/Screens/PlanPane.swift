import Drawing
import Model
import ReviewAnswering
import ReviewInbox
import ReviewWording

/// The pane of the plan: always its counts, and its items if there is room.
struct PlanPane {
  let session: Session

  func draw(_ canvas: inout Canvas) {
    let isBox = ScreenLayout(session.size).width == .wide && canvas.size.rows > 3
    guard isBox else {
      canvas.rule(counts, row: 0)
      var rest = canvas.bounds
      _ = rest.takeTop(1)
      canvas.inside(rest) { drawItems(&$0) }
      return
    }
    canvas.box(canvas.bounds, counts) { drawItems(&$0) }
  }

  private var counts: Line {
    let plan = session.plan
    func count(_ answer: Answer) -> Line {
      let count = plan.count(of: answer)
      return Line("\(answer.rawValue) \(count)  ", count > 0 ? .marked : .quiet)
    }
    return Line("PLAN  ", .heading) + count(.accept) + count(.decline) + count(.cancel)
      + Line(safety, .quiet)
  }

  /// The reminder that nothing is sent yet, shortened on a narrow screen.
  private var safety: String {
    if session.launch.mode == .readOnly { return "read-only" }
    return session.size.columns < 72 ? "nothing is sent" : "nothing is sent until C"
  }

  private func drawItems(_ canvas: inout Canvas) {
    let items = session.plan.inSendingOrder
    let rows = canvas.size.rows
    guard rows > 0 else { return }
    let shown = items.count > rows ? rows - 1 : rows
    for (index, item) in items.prefix(shown).enumerated() {
      canvas.draw(line(item, number: index + 1), row: index)
    }
    if items.count > rows {
      canvas.draw(Line(" and \(items.count - shown) more: C shows all", .quiet), row: rows - 1)
    }
  }

  private func line(_ item: PlanItem, number: Int) -> Line {
    let lines = LineSet.of(session.launch.charset)
    let sheet = ReviewSheet.Line(item, in: session.inbox, shownIn: RowSelection.screens)
    let checks =
      session.inbox.row(item.id).map {
        Check.all(item.answer, to: $0, in: session.inbox, with: session.plan, at: session.now)
      } ?? []
    let passed = checks.count { $0.verdict == .passed }
    let organization = item.seen.senderOrganization?.text ?? "?"
    // Ids are never cut; the account's name is dropped before them.
    let hasRoom = 43 + organization.utf8.count <= ScreenLayout(session.size).plan.columns
    let account =
      hasRoom ? Line(session.labels.name(of: item.account)).padded(to: 16, lines) : Line()
    return Line(" \(number) ".padded(to: 4), .quiet)
      + Line(item.answer.rawValue.padded(to: 8), .marked) + account
      + Line(hasRoom ? " \(item.account.text)  " : "\(item.account.text) ", .quiet)
      + Line(organization) + Line("  ") + sheet.mark.label + item.seen.shape.otherLabel
      + Line("  \(passed)/\(checks.count) checks", passed == checks.count ? .good : .warning)
      + (sheet.ruling.tier == .t3 ? Line("  confirmed alone", .warning) : Line())
      + (LastResult(of: item.id, in: session) == .unknown
        ? Line("  barred: an attempt is unresolved", .danger) : Line())
      + (sheet.isHidden ? Line("  hidden by a filter", .warning) : Line())
  }
}

/// The pane with the last records of the journal.
struct ActivityPane {
  let session: Session

  func draw(_ canvas: inout Canvas) {
    let title = Line("ACTIVITY (end of the journal)", .heading)
    if ScreenLayout(session.size).width == .wide {
      canvas.box(canvas.bounds, title) { drawRecords(&$0) }
      return
    }
    canvas.rule(title, row: 0)
    var rest = canvas.bounds
    _ = rest.takeTop(1)
    canvas.inside(rest) { drawRecords(&$0) }
  }

  private func drawRecords(_ canvas: inout Canvas) {
    if let fault = session.journal.fault {
      let words = Explanation(fault, in: session.launch.charset)
      let lines = Line("\(words.what) \(words.why) \(words.remedy)", .danger)
        .wrapped(to: max(1, canvas.size.columns - 2))
      canvas.draw(lines.map { Line(" ") + $0 }, from: 0, in: canvas.bounds)
      return
    }
    let records = session.journal.records.suffix(canvas.size.rows).reversed()
    if records.isEmpty { canvas.draw(Line(" nothing yet", .quiet), row: 0) }
    for (row, record) in records.enumerated() {
      let cells = RecordCells(session: session, record: record)
      let line =
        cells.cell(.time) + Line("  ") + cells.cell(.handshakeID) + Line("  ")
        + cells.cell(.event) + Line("  ") + cells.cell(.who) + Line("  ")
        + cells.cell(.why)
      canvas.draw(Line(" ") + line, row: row)
    }
  }
}
