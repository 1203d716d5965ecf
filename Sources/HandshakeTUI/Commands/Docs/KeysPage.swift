import HandshakeUI

/// docs/keys.md, from the command table that the footer, the help and the keys themselves come from.
enum KeysPage {
  typealias Key = (keys: String, title: String, places: String)

  static var text: String {
    groups.reduce(into: head) { page, group in
      page += "\n## \(group.title)\n\n| keys | what | where |\n|---|---|---|\n"
      for key in group.keys {
        page += "| \(code(key.keys)) | \(escaped(key.title)) | \(key.places) |\n"
      }
    }
  }

  /// The commands in the help's order.
  static var groups: [(title: String, keys: [Key])] {
    HandshakeUI.Command.Group.allCases.map { group in
      let commands = HandshakeUI.Command.allCases.filter { $0.group == group }
      return (group.rawValue, commands.map(key))
    }
  }

  private static func key(_ command: HandshakeUI.Command) -> Key {
    let places = Place.allCases.filter(command.places.contains).map(\.title)
    return (
      command.chords.map(\.text).joined(separator: " "), command.title,
      places.joined(separator: ", ")
    )
  }

  private static let head = """
    # Keys

    Generated from the command table by `make docs`. `C-x` is x with Control, `S-Tab` Tab with
    Shift. A key that cannot be used now says why. Nothing is sent but through the review.

    """

  /// A code span in a table: a bar would end the cell, a backtick the span.
  private static func code(_ keys: String) -> String {
    keys.split(separator: " ").map { key in
      let safe = key.replacing("|", with: "\\|")
      return key.contains("`") ? "`` \(safe) ``" : "`\(safe)`"
    }.joined(separator: " ")
  }

  private static func escaped(_ text: String) -> String { text.replacing("|", with: "\\|") }
}
