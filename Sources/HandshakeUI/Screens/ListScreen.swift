import ReviewWording
import Drawing
import Model
import ReviewInbox
import Text

/// The screen of a list, with facts, plan and recent activity.
struct ListScreen {
  let state: State

  func draw(_ canvas: inout Canvas) {
    let layout = state.layout
    if isEmpty {
      drawEmpty(&canvas, layout)
    } else {
      drawParts(&canvas, layout)
    }
    canvas.inside(layout.plan) { PlanPane(state: state).draw(&$0) }
    if let activity = layout.activity {
      canvas.inside(activity) { ActivityPane(state: state).draw(&$0) }
    }
    let position = state.cursor.map { Line.position($0 + 1, of: state.lineCount) } ?? Line()
    FooterView(state: state, position: position).draw(
      &canvas, notice: layout.notice, footer: layout.footer)
  }

  private var isEmpty: Bool {
    state.lineCount == 0 && (state.tab.selection == nil || state.lists[state.tab].filter.isEmpty)
  }

  private func drawEmpty(_ canvas: inout Canvas, _ layout: ScreenLayout) {
    var rect = layout.list
    rect = Rect(
      row: rect.row, column: 0, rows: layout.plan.row - rect.row, columns: canvas.size.columns)
    canvas.inside(rect) { EmptyView(state: state).draw(&$0) }
  }

  private func drawParts(_ canvas: inout Canvas, _ layout: ScreenLayout) {
    if let sidebar = layout.sidebar {
      canvas.box(sidebar, Line("ACCOUNTS", .heading)) { SidebarView(state: state).draw(&$0) }
      canvas.box(layout.list, Line(state.tab.title.uppercased(), .heading)) {
        ListView(state: state).draw(&$0)
      }
      let title =
        state.focusedRow.map { state.idLabel($0) + $0.shape.otherLabel } ?? Line("FACTS", .heading)
      canvas.box(layout.facts, title) { FactsPane(state: state).draw(&$0) }
      return
    }
    canvas.inside(layout.list) { ListView(state: state).draw(&$0) }
    canvas.inside(layout.facts) { canvas in
      let pane = FactsPane(state: state)
      let focus = state.pane == .facts ? Line("> ", .focus, bold: true) : Line()
      // The rule keeps two columns on each side, and a space on each side of its title.
      let room = canvas.size.columns - 6 - focus.width
      canvas.rule(focus + pane.title(columns: room), row: 0)
      var rest = canvas.bounds
      _ = rest.takeTop(1)
      canvas.inside(rest) { pane.draw(&$0) }
    }
  }
}

/// The identity of a line in a list; the focus is one of these, never a line number.
enum LineKey: Hashable, Sendable {
  case row(RowKey)
  /// A profile; nil means all profiles.
  case profile(ProfileKey?)
  /// A record, by its number in the chain.
  case record(Int)

  var row: RowKey? {
    if case .row(let key) = self { key } else { nil }
  }
}

/// The state of one list's screen.
struct ListState: Equatable, Sendable {
  /// The focused line, kept while a filter hides it.
  var focus: LineKey?
  /// The line that is focused in place of one that is not shown.
  var standIn: LineKey?
  /// The screen line of `focus` while another line stands in for it.
  var hiddenLine = 0
  /// The focused line's distance from the list's first visible line.
  ///
  /// Rows added above the focused line scroll the list instead of moving that line.
  var screenLine = 0
  /// The position at which the focused line was last shown.
  var position = 0
  var marks: Set<RowKey> = []
  /// The beginning of a range; moving the cursor marks the rows between.
  var anchor: RowKey?
  /// The filter in effect, always a valid one.
  var filter = ""
  /// The filter before it was edited.
  var filterBefore = ""
  /// The error of the filter that is being typed.
  var filterProblem: RowFilter.Problem?
}

/// The visible lines of a list.
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

  /// Returns the marks of the focus and of a marked row.
  ///
  /// Only the focus mark is bold, so a cursor move changes nothing else of the list.
  private func gutter(_ key: LineKey, _ isFocused: Bool) -> Line {
    let isMarked = key.row.map { state.lists[state.tab].marks.contains($0) } ?? false
    return Line(isFocused ? ">" : " ", .focus, bold: isFocused)
      + Line(isMarked ? "*" : " ", .marked) + Line(" ")
  }

  /// Draws what hides all rows, and how to show them again.
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

  /// Draws whether the list is complete, below its last line.
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
        line += Line(summary.unlistableWords.map { "; " + $0 } ?? "", .warning)
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

/// The accounts, and the trust in the focused handshake's sender.
struct SidebarView {
  let state: State

  func draw(_ canvas: inout Canvas) {
    var lines = accounts(rows: max(4, canvas.size.rows - 8))
    lines += [Line(), Line("TRUST", .heading)] + trusts
    for (row, line) in lines.prefix(canvas.size.rows).enumerated() { canvas.draw(line, row: row) }
  }

  private func accounts(rows: Int) -> [Line] {
    var lines = [entry("all accounts", state.openCountOfAll, isChosen: state.scope == nil)]
    let profiles = state.inbox.roster
    let shown = profiles.count > rows - 1 ? rows - 2 : profiles.count
    for key in profiles.prefix(shown) {
      let isChosen = key.account != nil && state.scope == key.account
      lines.append(entry(state.name(of: key), count(key), isChosen: isChosen))
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
      return state.inbox.unresolvedProfile(name)?.error == nil ? "?" : "!"
    case .account(let account): return state.openCount(of: account)
    }
  }

  private func entry(_ name: String, _ count: String, isChosen: Bool) -> Line {
    let lines = LineSet.of(state.launch.charset)
    let role: Role = count == "!" ? .danger : isChosen ? .focus : .plain
    return Line(isChosen ? "> " : "  ", .focus) + Line(name, role).padded(to: 17, lines)
      + Line(count, role).padded(to: 5, lines, alignRight: true)
  }

  /// The trust mark of the focused row and its reason.
  private var trusts: [Line] {
    guard let row = state.focusedRow else { return [] }
    let trust = state.inbox.trustMark(of: row)
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
