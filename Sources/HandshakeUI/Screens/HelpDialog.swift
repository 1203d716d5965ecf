import Drawing
import Model
import Text

/// The help: all keys, and a search over them.
struct HelpDialog: Equatable, Sendable {
  /// The context below the help; its commands are emphasised.
  let over: KeyContext
  var search = LineEditor()
  /// Whether letters go to the search text; otherwise they are keys.
  var isSearching = false
  var scroll = 0

  init(over place: KeyContext) {
    over = place
  }

  /// The commands that match the search, in the table's order.
  var commands: [Command] {
    let words = search.text.lowercased().split(separator: " ")
    return Command.allCases.filter { command in
      let text = "\(command.title) \(command.group.rawValue)".lowercased()
      let keys = command.chords.map(\.text)
      return words.allSatisfy { word in
        text.contains(word) || keys.contains { $0.lowercased() == word }
      }
    }
  }
}

extension State {
  mutating func press(_ key: Key, in help: HelpDialog) -> [Effect] {
    if help.isSearching { return search(key, in: help) }
    let command = Command.bound(to: [key], in: .help)
    if let effects = pressAnywhere(command) { return effects }
    var help = help
    switch command {
    case .look(.back), .look(.outward), .program(.quit), .program(.help): return back() ?? []
    case .find(.filter): help.isSearching = true
    case .move(let move): scroll(&help, move.distance(page: helpRows))
    // Enter closes the help as it does in a pager that was opened by mistake.
    default:
      if key == .enter { return back() ?? [] }
      notice = Notice(Command.reasonNotBound([key], in: .help), .refusal)
    }
    dialog = .help(help)
    return []
  }

  /// Handles a key while the search text is typed.
  private mutating func search(_ key: Key, in help: HelpDialog) -> [Effect] {
    var help = help
    switch key {
    case .control("c"): return interrupt()
    case .control("z"): return [.suspend]
    case .control("l"): return [.redraw]
    case .enter: help.isSearching = false
    case .escape:
      help.isSearching = false
      help.search.clear()
    case .down, .control("n"): scroll(&help, 1)
    case .up, .control("p"): scroll(&help, -1)
    case .pageDown: scroll(&help, helpRows)
    case .pageUp: scroll(&help, -helpRows)
    default:
      guard help.search.press(key) else { return [] }
      help.scroll = 0
    }
    dialog = .help(help)
    return []
  }

  private func scroll(_ help: inout HelpDialog, _ distance: Int) {
    help.scroll = help.scroll.scrolled(distance, of: helpLines(help).count, in: helpRows)
  }
}

extension State {
  func draw(_ help: HelpDialog, _ canvas: inout Canvas) {
    let lines = helpLines(help)
    let rect = dialogRect(rows: size.rows)
    canvas.box(rect, Line("HELP", .heading)) { canvas in
      let typed = Line(pen.typed(help.search.text), .input)
      if help.isSearching {
        canvas.draw(Line(" / ", .key) + typed, row: 0)
        canvas.placeCursor(
          row: 0, column: 3 + DisplayWidth.of(pen.typed(help.search.beforeCursor)))
      } else {
        let hint = Line(" / ", .key) + (typed.text.isEmpty ? Line("type to search", .quiet) : typed)
        canvas.draw(hint, row: 0)
        canvas.placeCursor(row: 0, column: 0)
      }
      var rest = canvas.bounds
      _ = rest.takeTop(2)
      let keys = rest.takeBottom(1)
      let scroll = help.scroll.scrolled(0, of: lines.count, in: rest.rows)
      canvas.draw(lines, from: scroll, in: rest)
      let hints =
        help.isSearching
        ? Line(" Enter", .key) + Line(" end search   ") + Line("Esc", .key)
          + Line(" clears it")
        : Line(" q ? Esc", .key) + Line(" close   ") + Line("j k PgUp PgDn", .key) + Line(" scroll")
      canvas.draw(
        hints, row: keys.row, before: .position(scroll: scroll, rows: rest.rows, of: lines.count))
    }
  }

  /// The number of help lines on the screen, without the border, the search line and the keys.
  var helpRows: Int { max(1, dialogRect(rows: size.rows).rows - 5) }

  /// Returns the groups of the command table, in one column, or two from 100 columns on.
  ///
  /// Commands that are valid in the context below are plain, the others are quiet.
  func helpLines(_ help: HelpDialog) -> [Line] {
    var lines: [Line] = []
    let commands = help.commands
    for group in Command.Group.allCases {
      let members = commands.filter { $0.group == group }
      guard !members.isEmpty else { continue }
      if !lines.isEmpty { lines.append(Line()) }
      lines.append(Line(" \(group.rawValue)", .heading))
      lines += helpRows(members, over: help.over)
    }
    return lines.isEmpty ? [Line(" no command matches", .warning)] : lines
  }

  private func helpRows(_ members: [Command], over place: KeyContext) -> [Line] {
    let width = dialogRect(rows: size.rows).columns - 2
    let columns = width >= 100 ? 2 : 1
    let each = width / columns
    let cells = members.map { command -> Line in
      let keys = command.chords.map(\.text).joined(separator: " ")
      let padding = String(repeating: " ", count: max(1, 17 - keys.utf8.count))
      let role: Role = command.places.contains(place) ? .plain : .quiet
      return (Line("  " + keys, .key) + Line(padding + command.title, role))
        .padded(to: each, pen.lines)
    }
    return stride(from: 0, to: cells.count, by: columns).map { start in
      cells[start..<min(start + columns, cells.count)].reduce(into: Line()) { $0 += $1 }
    }
  }
}
