import Drawing
import Text

/// All keys, and a search over them.
struct HelpDialog: Equatable, Sendable {
  /// Where the operator was: what is valid there comes first.
  let over: Place
  var search = LineEditor()
  /// Whether letters go to the search; else they are keys.
  var isSearching = false
  var scroll = 0

  init(over place: Place) {
    over = place
  }

  /// The commands that the search leaves, in the table's order.
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
    // As it closes a text in a pager that was opened by mistake.
    default:
      if key == .enter { return back() ?? [] }
      notice = Notice(Command.reasonNotBound([key], in: .help), .refusal)
    }
    dialog = .help(help)
    return []
  }

  /// A key while the search is typed.
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
