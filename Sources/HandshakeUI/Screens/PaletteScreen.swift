import Drawing
import Model
import Text

/// The command palette: all commands, found by the letters of their titles in order.
struct PaletteScreen: Screen {
  /// The screen below, which carries out the command that is chosen.
  let below: any Screen
  private(set) var search = LineEditor()
  private(set) var focus = 0
  private(set) var found: [Command]

  init(over screen: any Screen) {
    below = screen
    found = Self.commands(over: screen.context, matching: "")
  }

  static func == (one: PaletteScreen, other: PaletteScreen) -> Bool {
    one.below.isEqual(to: other.below) && one.search == other.search && one.focus == other.focus
  }

  var context: KeyContext { .palette }
  var admitsQuestion: Bool { false }

  func showsInLastRow(_ notice: Notice) -> Bool { false }

  mutating func handle(_ event: ScreenEvent, _ session: inout Session) -> Reaction {
    let page = max(1, session.size.rows - 8)
    switch event {
    case .key(.escape): return .close
    // They mean here what the table says.
    case .key(.control("c")), .key(.control("z")), .key(.control("l")): return .unhandled
    case .key(.down), .key(.control("n")), .key(.tab): move(1)
    case .key(.up), .key(.control("p")), .key(.backTab): move(-1)
    case .key(.pageDown): move(page)
    case .key(.pageUp): move(-page)
    case .key(.enter): return chosen.map { Reaction(changes: [.run($0)]) } ?? .close
    case .key(let key): if search.press(key) { look() }
    case .message(.pasted(let text, _)):
      search.paste(text)
      look()
    case .command, .message: return .unhandled
    }
    return .stay
  }

  private mutating func move(_ distance: Int) {
    focus = min(max(0, focus + distance), max(0, found.count - 1))
  }

  private var chosen: Command? { found.indices.contains(focus) ? found[focus] : nil }

  private mutating func look() {
    found = Self.commands(over: below.context, matching: search.text)
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

extension PaletteScreen {
  func draw(_ session: Session, _ canvas: inout Canvas) {
    let format = session.format
    let size = canvas.size
    let rect = size.dialog(rows: min(found.count + 3, max(6, size.rows - 6)))
    canvas.box(rect, Line("COMMANDS: type to find, Enter runs it", .heading)) { canvas in
      canvas.draw(
        Line(" : ", .heading) + Line(format.typed(search.text), .input), row: 0)
      canvas.placeCursor(
        row: 0, column: 3 + DisplayWidth.of(format.typed(search.beforeCursor)))
      var rest = canvas.bounds
      _ = rest.takeTop(1)
      let first = max(0, focus - rest.rows + 1)
      let lines = found.enumerated().map { index, command in
        row(command, isFocused: index == focus, width: rest.columns, session)
      }
      let shown = lines.isEmpty ? [Line("   no command matches", .warning)] : lines
      canvas.draw(shown, from: first, in: rest)
    }
  }

  private func row(
    _ command: Command, isFocused: Bool, width: Int, _ session: Session
  ) -> Line {
    let keys = command.chords.map(\.text).joined(separator: " ")
    let padding = String(repeating: " ", count: max(1, 34 - command.title.utf8.count))
    var line = Line(isFocused ? ">  " : "   ", .focus) + Line(command.title + padding)
    line += Line(keys, .key)
    if let disabledReason = below.disabledReason(of: command, session) {
      line += Line("   \(disabledReason)", .quiet)
    }
    return (isFocused ? line.emboldened : line).cut(to: width, session.format.lines)
  }
}
