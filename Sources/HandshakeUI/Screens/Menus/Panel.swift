import Drawing
import Review

/// A text that is only told.
struct Panel: Equatable, Sendable {
  var title: Line
  var lines: [Line]
  var scroll = 0
  /// What `y` copies.
  var copied: String?

  init(_ title: Line, _ lines: [Line], copying text: String? = nil) {
    self.title = title
    self.lines = lines
    copied = text
  }
}

extension State {
  mutating func press(_ key: Key, in panel: Panel) -> [Effect] {
    let command = Command.bound(to: [key], in: .panel)
    if let effects = pressAnywhere(command) { return effects }
    switch command {
    case .look(.back), .program(.quit): return back() ?? []
    case .take(.copyID):
      guard let text = panel.copied else { return [] }
      return copy(text, as: "this panel")
    case .move(let move):
      var panel = panel
      let page = max(1, size.rows - 6)
      panel.scroll = min(
        max(0, panel.scroll + move.distance(page: page)), max(0, panel.lines.count - 1))
      dialog = .panel(panel)
    default: break
    }
    return []
  }
}
