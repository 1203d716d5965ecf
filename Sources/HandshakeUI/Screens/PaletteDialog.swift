import Drawing
import Model
import Text

/// The command palette: all commands, found by the letters of their titles in order.
struct PaletteDialog: Equatable, Sendable {
  let over: KeyContext
  private(set) var search = LineEditor()
  private(set) var focus = 0
  private(set) var found: [Command]

  init(over place: KeyContext) {
    over = place
    found = Self.commands(over: place, matching: "")
  }

  mutating func press(_ key: Key) -> Bool {
    guard search.press(key) else { return false }
    look()
    return true
  }

  mutating func paste(_ text: Untrusted) {
    search.paste(text)
    look()
  }

  mutating func move(_ distance: Int) {
    focus = min(max(0, focus + distance), max(0, found.count - 1))
  }

  var chosen: Command? { found.indices.contains(focus) ? found[focus] : nil }

  private mutating func look() {
    found = Self.commands(over: over, matching: search.text)
    focus = 0
  }

  /// Returns the commands of a context that match; the best match first, else in the table's order.
  private static func commands(over place: KeyContext, matching text: String) -> [Command] {
    Command.allCases.enumerated()
      .filter { $0.element.places.contains(place) }
      .compactMap { index, command in
        fuzzyScore(of: text, in: command.title).map { (command, $0, index) }
      }
      .sorted { ($0.1, $0.2) < ($1.1, $1.2) }
      .map(\.0)
  }

  /// Returns the distance of the letters in `title`, ignoring spaces; nil unless all occur in
  /// order.
  static func fuzzyScore(of text: String, in title: String) -> Int? {
    let title = Array(title.lowercased().unicodeScalars)
    var place = 0
    var score = 0
    for letter in text.lowercased().unicodeScalars where letter != " " {
      guard let found = title[place...].firstIndex(of: letter) else { return nil }
      // The beginning of a word counts as adjacent to the last letter.
      let startsWord = found == 0 || title[found - 1] == " "
      score += found == place || startsWord ? 0 : found - place
      place = found + 1
    }
    return score
  }
}

extension State {
  mutating func press(_ key: Key, in palette: PaletteDialog) -> [Effect] {
    var palette = palette
    switch key {
    case .escape: return back() ?? []
    case .control("c"): return interrupt()
    case .control("z"): return [.suspend]
    case .control("l"): return [.redraw]
    case .down, .control("n"), .tab: palette.move(1)
    case .up, .control("p"), .backTab: palette.move(-1)
    case .pageDown: palette.move(max(1, size.rows - 8))
    case .pageUp: palette.move(-max(1, size.rows - 8))
    case .enter:
      dialog = nil
      return palette.chosen.map { attempt($0) } ?? []
    default:
      guard palette.press(key) else { return [] }
    }
    dialog = .palette(palette)
    return []
  }
}

extension State {
  func draw(_ palette: PaletteDialog, _ canvas: inout Canvas) {
    let rect = dialogRect(rows: min(palette.found.count + 3, max(6, size.rows - 6)))
    canvas.box(rect, Line("COMMANDS: type to find, Enter runs it", .heading)) { canvas in
      canvas.draw(
        Line(" : ", .heading) + Line(pen.typed(palette.search.text), .input), row: 0)
      canvas.placeCursor(
        row: 0, column: 3 + DisplayWidth.of(pen.typed(palette.search.beforeCursor)))
      var rest = canvas.bounds
      _ = rest.takeTop(1)
      let first = max(0, palette.focus - rest.rows + 1)
      let lines = palette.found.enumerated().map { index, command in
        paletteRow(command, isFocused: index == palette.focus, width: rest.columns)
      }
      let shown = lines.isEmpty ? [Line("   no command matches", .warning)] : lines
      canvas.draw(shown, from: first, in: rest)
    }
  }

  private func paletteRow(_ command: Command, isFocused: Bool, width: Int) -> Line {
    let keys = command.chords.map(\.text).joined(separator: " ")
    let padding = String(repeating: " ", count: max(1, 34 - command.title.utf8.count))
    var line = Line(isFocused ? ">  " : "   ", .focus) + Line(command.title + padding)
    line += Line(keys, .key)
    if let disabledReason = command.disabledReason(in: self) {
      line += Line("   \(disabledReason)", .quiet)
    }
    return (isFocused ? line.emboldened : line).cut(to: width, pen.lines)
  }
}
