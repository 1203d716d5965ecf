import Drawing
import Model
import ReviewInbox
import Text

/// A menu of a few items.
struct Menu: Equatable, Sendable {
  var title: String
  var items: [Item]
  var focus = 0

  struct Item: Equatable, Sendable {
    var key: Unicode.Scalar
    var title: String
    var choice: Choice
    /// The reason why the item cannot be chosen.
    var disabledReason: String?
  }

  enum Choice: Equatable, Sendable {
    case order(RowOrder)
    case copy(what: String, text: String)
  }

  static func orders(current: RowOrder) -> Menu {
    let items = RowOrder.Field.allCases.map { field -> Item in
      let isCurrent = field == current.field
      let order = RowOrder(field, descending: isCurrent ? !current.isDescending : false)
      let mark =
        isCurrent ? (current.isDescending ? "  now: descending" : "  now: ascending") : ""
      return Item(
        key: field.rawValue.unicodeScalars.first ?? "?", title: field.title + mark,
        choice: .order(order))
    }
    return Menu(
      title: "ORDER BY", items: items.uniquelyKeyed,
      focus: RowOrder.Field.allCases.firstIndex(of: current.field) ?? 0)
  }
}

extension RowOrder.Field {
  fileprivate var title: String {
    switch self {
    case .expires: "expiry"
    case .sent: "time sent"
    case .org: "organization id"
    case .account: "account"
    case .state: "state"
    case .action: "kind"
    case .id: "handshake id"
    case .trust: "trust, look-alikes first"
    }
  }
}

extension [Menu.Item] {
  /// The items with distinct letters: a later item takes the next unused letter of its title.
  fileprivate var uniquelyKeyed: [Menu.Item] {
    // The letters that move in a menu do not choose an item.
    var taken: Set<Unicode.Scalar> = ["j", "k", "l", "h", "g", "G"]
    return map { item in
      var item = item
      let candidates = [item.key] + item.title.unicodeScalars.filter { $0.properties.isLowercase }
      item.key = candidates.first { !taken.contains($0) } ?? "?"
      taken.insert(item.key)
      return item
    }
  }
}

extension State {
  mutating func press(_ key: Key, in menu: Menu) -> [Effect] {
    let command = Command.bound(to: [key], in: .menu)
    if let effects = pressAnywhere(command) { return effects }
    if case .character(let scalar) = key,
      let index = menu.items.firstIndex(where: { $0.key == scalar })
    {
      return choose(menu.items[index])
    }
    switch command {
    case .look(.back), .look(.outward), .program(.quit): return back() ?? []
    case .look(.open):
      guard menu.items.indices.contains(menu.focus) else { return [] }
      return choose(menu.items[menu.focus])
    case .move(let move):
      var menu = menu
      let target = menu.focus + move.distance(page: menu.items.count)
      menu.focus = min(max(0, target), max(0, menu.items.count - 1))
      dialog = .menu(menu)
    default: notice = Notice(Command.reasonNotBound([key], in: .menu), .refusal)
    }
    return []
  }

  private mutating func choose(_ item: Menu.Item) -> [Effect] {
    dialog = nil
    if let disabledReason = item.disabledReason {
      notice = Notice(disabledReason, .refusal)
      return []
    }
    switch item.choice {
    case .order(let order):
      setOrder(order)
      return []
    case .copy(let what, let text): return copy(text, as: what)
    }
  }
}

/// A panel with a text.
struct Panel: Equatable, Sendable {
  var title: Line
  var lines: [Line]
  var scroll = 0
  /// The text that `y` copies.
  var copied: String?
  /// The indentation of a wrapped line's continuation.
  var indent: Int

  init(_ title: Line, _ lines: [Line], copying text: String? = nil, indent: Int = 0) {
    self.title = title
    self.lines = lines
    copied = text
    self.indent = indent
  }
}

/// A panel's lines, wrapped for the screen's size, and its box.
struct PanelText {
  let lines: [Line]
  let box: Rect
  /// The number of visible lines, without the border and the keys.
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

/// A dialog that asks for the path to export to.
struct Prompt: Equatable, Sendable {
  var title: String
  var field: LineEditor
  /// The bytes to write.
  var bytes: [UInt8]
}

extension State {
  mutating func press(_ key: Key, in prompt: Prompt) -> [Effect] {
    switch key {
    case .enter:
      dialog = nil
      guard !prompt.field.text.isEmpty else { return [] }
      let token = requests.begin(.writing("exported to"))
      return [.export(token, path: prompt.field.text, bytes: prompt.bytes)]
    case .escape, .control("c"):
      dialog = nil
      return []
    case .control("z"): return [.suspend]
    case .control("l"): return [.redraw]
    default:
      var prompt = prompt
      guard prompt.field.press(key) else { return [] }
      dialog = .prompt(prompt)
      return []
    }
  }
}

extension State {
  func draw(_ menu: Menu, _ canvas: inout Canvas) {
    canvas.box(dialogRect(rows: menu.items.count + 1), Line(menu.title, .heading)) { canvas in
      let rows = max(1, canvas.size.rows - 1)
      let first = max(0, menu.focus - rows + 1)
      let lines = menu.items.enumerated().map { index, item in
        let isFocused = index == menu.focus
        var line = Line(isFocused ? "> " : "  ", .focus) + Line(String(item.key), .key)
        line += Line("  " + item.title, item.disabledReason == nil ? .plain : .quiet)
        if let disabledReason = item.disabledReason { line += Line("   \(disabledReason)", .quiet) }
        return isFocused ? line.emboldened : line
      }
      var rest = canvas.bounds
      let keys = rest.takeBottom(1)
      canvas.draw(lines, from: first, in: rest)
      canvas.placeCursor(row: menu.focus - first, column: 0)
      let hints = Line("  Enter", .key) + Line(" or its letter   Esc back")
      canvas.draw(
        hints, row: keys.row, before: .position(menu.focus + 1, of: menu.items.count))
    }
  }

  func draw(_ panel: Panel, _ canvas: inout Canvas) {
    let text = PanelText(panel, in: self)
    let scroll = panel.scroll.scrolled(0, of: text.lines.count, in: text.rows)
    canvas.box(text.box, panel.title) { canvas in
      var rest = canvas.bounds
      let keys = rest.takeBottom(1)
      let padded = Rect(
        row: rest.row, column: rest.column + 1, rows: rest.rows, columns: rest.columns - 2)
      canvas.draw(text.lines, from: scroll, in: padded)
      canvas.placeCursor(row: 0, column: 1)
      let copies = panel.copied == nil ? Line() : Line("   y", .key) + Line(" copy")
      let hints = Line(" Esc", .key) + Line(" close") + copies
      canvas.draw(
        hints, row: keys.row,
        before: .position(scroll: scroll, rows: text.rows, of: text.lines.count))
    }
  }

  func draw(_ prompt: Prompt, _ canvas: inout Canvas) {
    canvas.box(dialogRect(rows: 3), Line(prompt.title, .heading)) { canvas in
      canvas.draw(Line(" > ", .heading) + Line(pen.typed(prompt.field.text), .input), row: 0)
      canvas.placeCursor(
        row: 0, column: 3 + DisplayWidth.of(pen.typed(prompt.field.beforeCursor)))
      canvas.draw(
        Line(" Enter", .key) + Line(" write (mode 0600, never overwrites)   Esc back"), row: 2)
    }
  }
}
