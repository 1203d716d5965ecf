import Drawing
import Model
import Text

/// The help: all keys, and a search over them.
struct HelpScreen: Screen {
  /// The context below the help; its commands are emphasised.
  let over: KeyContext
  private(set) var search = LineEditor()
  /// Whether letters go to the search text; otherwise they are keys.
  private(set) var isSearching = false
  private(set) var scroll = 0

  init(over context: KeyContext) {
    over = context
  }

  var context: KeyContext { .help }
  var admitsQuestion: Bool { false }

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

  mutating func handle(_ event: ScreenEvent, _ session: inout Session) -> Reaction {
    let size = session.size
    switch event {
    case .key(let key) where isSearching: return type(key, size)
    // Enter closes the help as it does in a pager that was opened by mistake.
    case .key(.enter): return .close
    case .command(.look(.back)), .command(.look(.outward)), .command(.program(.quit)),
      .command(.program(.help)):
      return .close
    case .command(.find(.filter)): isSearching = true
    case .command(.move(let move)): scroll(by: move.distance(page: Self.rows(in: size)), size)
    case .message(.pasted(let text, _)) where isSearching:
      search.paste(text)
      scroll = 0
    case .key, .command, .message: return .unhandled
    }
    return .stay
  }

  /// Handles a key while the search text is typed.
  private mutating func type(_ key: Key, _ size: Size) -> Reaction {
    let rows = Self.rows(in: size)
    switch key {
    case .control("c"), .control("z"), .control("l"): return .unhandled
    case .enter: isSearching = false
    case .escape:
      isSearching = false
      search.clear()
    case .down, .control("n"): scroll(by: 1, size)
    case .up, .control("p"): scroll(by: -1, size)
    case .pageDown: scroll(by: rows, size)
    case .pageUp: scroll(by: -rows, size)
    default: if search.press(key) { scroll = 0 }
    }
    return .stay
  }

  private mutating func scroll(by distance: Int, _ size: Size) {
    scroll = scroll.scrolled(distance, of: lines(in: size).count, in: Self.rows(in: size))
  }
}

extension HelpScreen {
  func draw(_ session: Session, _ canvas: inout Canvas) {
    let format = session.format
    let lines = lines(in: canvas.size, canvas.lines)
    let rect = canvas.size.dialog(rows: canvas.size.rows)
    canvas.box(rect, Line("HELP", .heading)) { canvas in
      let typed = Line(format.typed(search.text), .input)
      if isSearching {
        canvas.draw(Line(" / ", .key) + typed, row: 0)
        canvas.placeCursor(
          row: 0, column: 3 + DisplayWidth.of(format.typed(search.beforeCursor)))
      } else {
        let hint = Line(" / ", .key) + (typed.text.isEmpty ? Line("type to search", .quiet) : typed)
        canvas.draw(hint, row: 0)
        canvas.placeCursor(row: 0, column: 0)
      }
      var rest = canvas.bounds
      _ = rest.takeTop(2)
      let keys = rest.takeBottom(1)
      let scroll = scroll.scrolled(0, of: lines.count, in: rest.rows)
      canvas.draw(lines, from: scroll, in: rest)
      let hints =
        isSearching
        ? Line(" Enter", .key) + Line(" end search   ") + Line("Esc", .key)
          + Line(" clears it")
        : Line(" q ? Esc", .key) + Line(" close   ") + Line("j k PgUp PgDn", .key) + Line(" scroll")
      canvas.draw(
        hints, row: keys.row, before: .position(scroll: scroll, rows: rest.rows, of: lines.count))
    }
  }

  /// The number of help lines on the screen, without the border, the search line and the keys.
  static func rows(in size: Size) -> Int { max(1, size.dialog(rows: size.rows).rows - 5) }

  /// Returns the groups of the command table, in one column, or two from 100 columns on.
  ///
  /// Commands that are valid in the context below are plain, the others are quiet.
  func lines(in size: Size, _ signs: LineSet = .of(.ascii)) -> [Line] {
    var lines: [Line] = []
    let commands = commands
    let columns = size.dialog(rows: size.rows).columns - 2
    for group in Command.Group.allCases {
      let members = commands.filter { $0.group == group }
      guard !members.isEmpty else { continue }
      if !lines.isEmpty { lines.append(Line()) }
      lines.append(Line(" \(group.rawValue)", .heading))
      lines += rows(of: members, columns, signs)
    }
    return lines.isEmpty ? [Line(" no command matches", .warning)] : lines
  }

  private func rows(of members: [Command], _ width: Int, _ signs: LineSet) -> [Line] {
    let columns = width >= 100 ? 2 : 1
    let each = width / columns
    let cells = members.map { command -> Line in
      let keys = command.chords.map(\.text).joined(separator: " ")
      let padding = String(repeating: " ", count: max(1, 17 - keys.utf8.count))
      let role: Role = command.places.contains(over) ? .plain : .quiet
      return (Line("  " + keys, .key) + Line(padding + command.title, role))
        .padded(to: each, signs)
    }
    return stride(from: 0, to: cells.count, by: columns).map { start in
      cells[start..<min(start + columns, cells.count)].reduce(into: Line()) { $0 += $1 }
    }
  }
}
