import Drawing
import Review

/// A text that is only told.
struct Panel: Equatable, Sendable {
  var title: Line
  var lines: [Line]
  var scroll = 0
  /// What `y` copies.
  var copied: String?
  /// Blanks before what a line goes on with.
  var indent: Int

  init(_ title: Line, _ lines: [Line], copying text: String? = nil, indent: Int = 0) {
    self.title = title
    self.lines = lines
    copied = text
    self.indent = indent
  }
}

/// A panel's lines as they are wrapped at a size, and how many of them are on the screen.
struct PanelText {
  let lines: [Line]
  let box: Rect
  /// Without the border and the keys.
  var rows: Int { max(1, box.rows - 3) }

  init(_ panel: Panel, in state: State) {
    let width = max(1, state.dialogRect(rows: 1).columns - 4)
    lines = panel.lines.flatMap { $0.wrapped(to: width, indent: panel.indent) }
    box = state.dialogRect(rows: lines.count + 1)
  }
}

extension State {
  mutating func press(_ key: Key, in panel: Panel) -> [Effect] {
    let command = Command.bound(to: [key], in: .panel)
    if let effects = pressAnywhere(command) { return effects }
    switch command {
    case .look(.back), .look(.outward), .program(.quit): return back() ?? []
    case .take(.copyID):
      guard let text = panel.copied else { return [] }
      return copy(text, as: "this panel")
    case .move(let move):
      var panel = panel
      let text = PanelText(panel, in: self)
      panel.scroll = panel.scroll.scrolled(
        move.distance(page: text.rows), of: text.lines.count, in: text.rows)
      dialog = .panel(panel)
    default: notice = Notice(Command.reasonNotBound([key], in: .panel), .refusal)
    }
    return []
  }
}
