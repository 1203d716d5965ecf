import Drawing
import Model
import Review

/// A list with its facts, the plan, and what was done lately.
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
      // The rule keeps two columns on each side, and a blank on each side of its title.
      let room = canvas.size.columns - 6 - focus.width
      canvas.rule(focus + pane.title(columns: room), row: 0)
      var rest = canvas.bounds
      _ = rest.takeTop(1)
      canvas.inside(rest) { pane.draw(&$0) }
    }
  }
}
