import Drawing
import Text

/// All keys, and a search over them.
struct HelpDialog: Equatable, Sendable {
  /// Where the operator was: what is valid there comes first.
  let over: Place
  var search = LineEditor()
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
    var help = help
    switch key {
    case .escape, .enter, .function(1):
      return back() ?? []
    case .control("c"): return interrupt()
    case .control("z"): return [.suspend]
    case .control("l"): return [.redraw]
    case .down, .control("n"): help.scroll += 1
    case .up, .control("p"): help.scroll = max(0, help.scroll - 1)
    case .pageDown: help.scroll += max(1, size.rows - 8)
    case .pageUp: help.scroll = max(0, help.scroll - max(1, size.rows - 8))
    default:
      guard help.search.press(key) else { return [] }
      help.scroll = 0
    }
    help.scroll = min(help.scroll, max(0, helpLines(help).count - 1))
    dialog = .help(help)
    return []
  }
}
