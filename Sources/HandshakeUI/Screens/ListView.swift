import Drawing
import Model
import ReviewAnswering
import ReviewInbox
import ReviewJournal
import ReviewWording
import Text

extension ListScreen {
  func draw(_ session: Session, _ canvas: inout Canvas) {
    draw(session, &canvas, isCovered: false)
  }

  /// Draws the screen; below another one that has the keys it shows none.
  func draw(_ session: Session, _ canvas: inout Canvas, isCovered: Bool) {
    let layout = ScreenLayout(session.size)
    if lineCount(session) == 0, tab.selection == nil || current.filter.isEmpty {
      var rect = layout.list
      rect = Rect(
        row: rect.row, column: 0, rows: layout.plan.row - rect.row, columns: canvas.size.columns)
      canvas.inside(rect) { EmptyView(list: self, session: session).draw(&$0) }
    } else {
      drawParts(session, &canvas, layout)
    }
    canvas.inside(layout.plan) { PlanPane(session: session).draw(&$0) }
    if let activity = layout.activity {
      canvas.inside(activity) { ActivityPane(session: session).draw(&$0) }
    }
    let position = cursor(session).map { Line.position($0 + 1, of: lineCount(session)) } ?? Line()
    let footer = footer(session, position, isCovered: isCovered)
    footer.draw(session, &canvas, notice: layout.notice, footer: layout.footer)
  }

  private func drawParts(
    _ session: Session, _ canvas: inout Canvas, _ layout: ScreenLayout
  ) {
    if let sidebar = layout.sidebar {
      canvas.box(sidebar, Line("ACCOUNTS", .heading)) {
        SidebarView(list: self, session: session).draw(&$0)
      }
      canvas.box(layout.list, Line(tab.title.uppercased(), .heading)) {
        ListView(list: self, session: session).draw(&$0)
      }
      let title =
        focusedRow(session).map { session.labels.id(of: $0) + $0.shape.otherLabel }
        ?? Line("FACTS", .heading)
      canvas.box(layout.facts, title) { FactsPane(list: self, session: session).draw(&$0) }
      return
    }
    canvas.inside(layout.list) { ListView(list: self, session: session).draw(&$0) }
    canvas.inside(layout.facts) { canvas in
      let pane = FactsPane(list: self, session: session)
      let focus = self.pane == .facts ? Line("> ", .focus, bold: true) : Line()
      // The rule keeps two columns on each side, and a space on each side of its title.
      let room = canvas.size.columns - 6 - focus.width
      canvas.rule(focus + pane.title(columns: room), row: 0)
      var rest = canvas.bounds
      _ = rest.takeTop(1)
      canvas.inside(rest) { pane.draw(&$0) }
    }
  }
}

// MARK: - Header and footer

extension ListScreen {
  /// The parts of the header about the list.
  func header(_ session: Session) -> [HeaderView.Part] {
    guard let selection = tab.selection else { return [] }
    let listing = session.inbox.listing(selection)
    let sign = session.launch.charset == .utf8 ? (up: "↑", down: "↓") : (up: "^", down: "v")
    let order = listing.order
    let direction = order.isDescending ? sign.down : sign.up
    var parts = [
      HeaderView.Part(line: filterLine(session.format), weight: current.filter.isEmpty ? 1 : 8),
      HeaderView.Part(line: Line("sort:\(order.field.rawValue)\(direction)"), weight: 2),
      HeaderView.Part(line: Line("\(listing.count) of \(listing.total)"), weight: 4),
    ]
    if listing.waiting > 0 {
      parts.append(HeaderView.Part(line: Line("\(listing.waiting) new, r", .warning), weight: 9))
    }
    if !current.marks.isEmpty {
      let hidden = session.inbox.hidden(of: current.marks, in: selection)
      let text = "\(current.marks.count) marked" + (hidden > 0 ? ", \(hidden) hidden" : "")
      parts.append(HeaderView.Part(line: Line(text, .marked), weight: 6))
    }
    return parts
  }

  /// The filter in effect, whatever is being typed.
  private func filterLine(_ format: Formatter) -> Line {
    guard !current.filter.isEmpty else { return Line("/ no filter", .quiet) }
    return Line("/ ", .key) + Line(format.typed(current.filter), .warning)
  }

  private func footer(_ session: Session, _ position: Line, isCovered: Bool) -> FooterView {
    FooterView(
      position: position,
      field: field.map { FieldView(label: " filter ", field: $0, keys: fieldKeys(session)) },
      hints: isCovered ? [] : hints(session),
      isUsable: { disabledReason(of: $0, session) == nil })
  }

  /// The line below the filter: its error, or the keys of the field.
  private func fieldKeys(_ session: Session) -> Line {
    if let problem = current.filterProblem {
      return Line(" \(Explanation(problem, in: session.launch.charset).why)", .warning)
    }
    var line = FieldView.keys(done: "apply")
    for key in RowFilter.keys where line.width + key.utf8.count + 3 <= session.size.columns {
      line += Line("  \(key):", .quiet)
    }
    return line
  }

  private func hints(_ session: Session) -> [Hint] {
    guard tab.selection != nil else {
      return [
        Hint([.move(.down), .move(.up)], "move"),
        Hint([.look(.open)], "open"),
        Hint([.program(.refresh), .program(.refreshAll)], "refresh, all"),
        Hint([.send(.review)], "review+send"),
        Hint([.program(.palette)], "commands"),
        Hint([.program(.help)], "help"),
        Hint([.program(.quit)], "quit"),
      ]
    }
    // Planning acts on the marked rows if there are any.
    let marked = current.marks.isEmpty ? 0 : shownMarks(session).count
    return [
      Hint([.move(.down), .move(.up)], "move"),
      Hint([.mark(.toggle)], "mark"),
      Hint(
        [.stage(.accept), .stage(.decline), .stage(.cancel)],
        marked > 0 ? "plan \(marked) marked" : "plan"),
      Hint([.stage(.drop)], "unplan"),
      Hint([.send(.review)], "review+send"),
      Hint([.program(.help)], "help"),
      Hint([.look(.open)], "open"),
      Hint([.find(.filter)], "filter"),
      Hint([.find(.order)], "order"),
      Hint([.mark(.range), .mark(.all)], "range, all"),
      Hint([.go(.pick)], "profiles"),
      Hint([.program(.refresh)], "refresh"),
      Hint([.take(.copyID)], "copy"),
      Hint([.program(.palette)], "commands"),
      Hint([.program(.quit)], "quit"),
    ]
  }
}

/// The visible lines of a list.
struct ListView {
  let list: ListScreen
  let session: Session

  func draw(_ canvas: inout Canvas) {
    let height = max(0, canvas.size.rows - 1)
    let first = list.firstLine(session)
    let last = min(list.lineCount(session), first + height)
    let keys = (first..<max(first, last)).compactMap { list.lineKey(at: $0, session) }
    let table = ListTable(list.tab, session, columns: canvas.size.columns - 3)
    canvas.draw(Line("   ") + table.heading, row: 0)
    if keys.isEmpty { return drawHidden(&canvas) }
    let cursor = list.cursor(session)
    for (index, key) in keys.enumerated() {
      let isFocused = first + index == cursor
      canvas.draw(gutter(key, isFocused) + table.line(key), row: 1 + index)
      if isFocused, list.field == nil { canvas.placeCursor(row: 1 + index, column: 0) }
    }
    if keys.count + 2 < height { drawEnd(&canvas, row: keys.count + 2) }
  }

  /// Returns the marks of the focus and of a marked row.
  ///
  /// Only the focus mark is bold, so a cursor move changes nothing else of the list.
  private func gutter(_ key: LineKey, _ isFocused: Bool) -> Line {
    let isMarked = key.row.map { list.current.marks.contains($0) } ?? false
    return Line(isFocused ? ">" : " ", .focus, bold: isFocused)
      + Line(isMarked ? "*" : " ", .marked) + Line(" ")
  }

  /// Draws what hides all rows, and how to show them again.
  private func drawHidden(_ canvas: inout Canvas) {
    guard let selection = list.tab.selection else { return }
    let filter = list.current.filter
    func count(_ filter: RowFilter, _ scope: AccountID?) -> Int {
      session.inbox.count(in: selection, filter: filter, scope: scope, at: session.now)
    }
    let acting = session.inbox.listing(selection).filter
    var lines = [Line("No row matches the filter ", .warning) + Line(session.format.typed(filter))]
    let whose = session.scope == nil ? "" : " of \(session.whose)"
    let hidden = count(.none, session.scope)
    lines.append(Line("It hides \(hidden) \(hidden == 1 ? "row" : "rows")\(whose)."))
    if session.scope != nil {
      let others = count(acting, nil)
      lines.append(Line("\(others) match in all accounts; only \(session.whose) is shown."))
    }
    lines.append(Line("Esc", .key) + Line(" clears it   ") + Line("/", .key) + Line(" changes it"))
    if session.scope != nil { lines[lines.count - 1] += Line("   4", .key) + Line(" accounts") }
    let wrapped = lines.flatMap { $0.wrapped(to: max(1, canvas.size.columns - 4), indent: 2) }
    for (row, line) in wrapped.enumerated() { canvas.draw(line, row: 2 + row, column: 2) }
    if list.field == nil { canvas.placeCursor(row: 2, column: 0) }
  }

  /// Draws whether the list is complete, below its last line.
  private func drawEnd(_ canvas: inout Canvas, row: Int) {
    guard let selection = list.tab.selection else { return }
    let listing = session.inbox.listing(selection)
    let summary = session.sourceSummary
    var line: Line
    if summary.waiting > 0 {
      line = Line("still reading \(summary.waiting) of \(summary.total) accounts", .warning)
    } else if session.launch.backend == .document {
      line = Line("end of the document", .quiet)
    } else if summary.complete == 0 {
      line = Line("end of what was read before: nothing could be read now", .warning)
    } else {
      line = Line(
        "end of list: all pages of \(summary.complete) \(summary.complete == 1 ? "account" : "accounts") read",
        .quiet)
      if list.tab != .inbox {
        line += Line(summary.unlistableWords.map { "; " + $0 } ?? "", .warning)
      }
    }
    if listing.count < listing.total {
      line += Line("; the filter hides \(listing.total - listing.count)", .warning)
    }
    canvas.draw(Line(" ") + line, row: row)
    guard !summary.failed.isEmpty, row + 1 < canvas.size.rows else { return }
    let names = summary.failed.prefix(3).map { session.labels.name(of: $0) }.joined(separator: ", ")
    canvas.draw(
      Line(" NOT CHECKED, so unknown: \(names)", .danger), row: row + 1)
  }
}

/// The accounts, and the trust in the focused handshake's sender.
struct SidebarView {
  let list: ListScreen
  let session: Session

  func draw(_ canvas: inout Canvas) {
    var lines = accounts(rows: max(4, canvas.size.rows - 8))
    lines += [Line(), Line("TRUST", .heading)] + trusts
    for (row, line) in lines.prefix(canvas.size.rows).enumerated() { canvas.draw(line, row: row) }
  }

  private func accounts(rows: Int) -> [Line] {
    var lines = [
      entry(
        "all accounts", OpenCounts(inbox: session.inbox).ofAll(session.currentOverview),
        isChosen: session.scope == nil)
    ]
    let profiles = session.inbox.roster
    let shown = profiles.count > rows - 1 ? rows - 2 : profiles.count
    for key in profiles.prefix(shown) {
      let isChosen = key.account != nil && session.scope == key.account
      lines.append(entry(session.labels.name(of: key), count(key), isChosen: isChosen))
    }
    if shown < profiles.count {
      lines.append(Line("  \(profiles.count - shown) more (4: all)", .quiet))
    }
    return lines
  }

  /// Returns the number of open handshakes, never zero for a profile that was not read.
  private func count(_ key: ProfileKey) -> String {
    switch key {
    case .unresolved(let name):
      return session.inbox.unresolvedProfile(name)?.error == nil ? "?" : "!"
    case .account(let account): return OpenCounts(inbox: session.inbox).of(account)
    }
  }

  private func entry(_ name: String, _ count: String, isChosen: Bool) -> Line {
    let lines = LineSet.of(session.launch.charset)
    let role: Role = count == "!" ? .danger : isChosen ? .focus : .plain
    return Line(isChosen ? "> " : "  ", .focus) + Line(name, role).padded(to: 17, lines)
      + Line(count, role).padded(to: 5, lines, alignRight: true)
  }

  /// The trust mark of the focused row and its reason.
  private var trusts: [Line] {
    guard let row = list.focusedRow(session) else { return [] }
    let trust = session.inbox.trustMark(of: row)
    return trust.reason.split(separator: " ").reduce(into: [Line("  ") + trust.label]) {
      lines, word in
      if let last = lines.last, lines.count > 1, last.width + word.utf8.count + 1 <= 24 {
        lines[lines.count - 1] += Line(" \(word)", .quiet)
      } else {
        lines.append(Line("  \(word)", .quiet))
      }
    }
  }
}
