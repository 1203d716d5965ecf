/// The command table as documents: docs/keys.md and the keys of the man page.
public enum KeyDocument {
  /// docs/keys.md
  public static var markdown: String {
    var text = """
      # Keys

      Generated from the command table (`make docs`); do not edit.

      Sending is never one key: `a`, `d` and `x` only plan, `C` reviews, and the review asks. Enter
      alone never sends. A key that cannot be used now says why.

      """
    for group in Command.Group.allCases {
      text += "\n## \(group.rawValue)\n\n| keys | command | where |\n|---|---|---|\n"
      for command in Command.allCases where command.group == group {
        let keys = command.chords.map { "`\(escaped($0.text))`" }.joined(separator: " ")
        text += "| \(keys) | \(command.title) | \(places(of: command)) |\n"
      }
    }
    return text
  }

  /// Entries of a man page's KEYS section, in roff.
  public static var roff: String {
    var text = ""
    for group in Command.Group.allCases {
      text += ".SS \(group.rawValue)\n"
      for command in Command.allCases where command.group == group {
        let keys = command.chords.map { roffEscaped($0.text) }.joined(separator: ", ")
        text += ".TP\n.B \(keys)\n\(roffEscaped(command.title))\n"
      }
    }
    return text
  }

  /// Where a command is valid, in the order of the places.
  static func places(of command: Command) -> String {
    if command.places == Set(Place.allCases) { return "everywhere" }
    let isOnScreens = Place.screens.isSubset(of: command.places)
    let rest = Place.allCases.filter {
      command.places.contains($0) && !(isOnScreens && Place.screens.contains($0))
    }
    return ((isOnScreens ? ["lists and texts"] : []) + rest.map(\.title)).joined(separator: ", ")
  }

  private static func escaped(_ text: String) -> String {
    text.map { $0 == "|" ? "\\|" : String($0) }.joined()
  }

  private static func roffEscaped(_ text: String) -> String {
    text.map { character in
      switch character {
      case "\\": "\\e"
      case "-": "\\-"
      case ".", "'": "\\&\(character)"
      default: String(character)
      }
    }.joined()
  }
}
