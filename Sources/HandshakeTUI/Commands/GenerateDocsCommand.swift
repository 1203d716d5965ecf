import Arguments
import Drawing
import HandshakeUI

/// The command `handshake generate-docs`, for `scripts/` and not for operators.
///
/// It prints the generated parts of docs/ and the man page.
struct GenerateDocsCommand: Subcommand {
  static let declaration = CommandDeclaration(
    "generate-docs", summary: "Print a generated document.", isHidden: true,
    start: GenerateDocsCommand()
  ) {
    [
      .positional("document", \.document, "keys, man or config.")
    ]
  }

  var document = Document.keys

  enum Document: String, CaseIterable, ArgumentValue {
    case keys
    case man
    case config
  }

  func perform(_ run: CommandContext) throws(CommandFailure) -> Status {
    switch document {
    case .keys: try run.put(KeysPage.text)
    case .man: try run.put(ManPage.text(run.settings.table))
    case .config: try run.put(ConfigurationPage.text(run.settings.table))
    }
    return .done
  }
}

/// The page docs/keys.md, from the command table that also makes the footer, the help and the keys.
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

  /// The commands with their keys, in the order of the help.
  static var groups: [(title: String, keys: [Key])] {
    Command.Group.allCases.map { group in
      let commands = Command.allCases.filter { $0.group == group }
      return (group.rawValue, commands.map(key))
    }
  }

  private static func key(_ command: Command) -> Key {
    let places = KeyContext.allCases.filter(command.places.contains).map(\.title)
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

  /// Returns code spans for a table's cell, in which a bar would end the cell and a backtick the
  /// span.
  private static func code(_ keys: String) -> String {
    keys.split(separator: " ").map { key in
      let safe = key.replacing("|", with: "\\|")
      return key.contains("`") ? "`` \(safe) ``" : "`\(safe)`"
    }.joined(separator: " ")
  }

  private static func escaped(_ text: String) -> String { text.replacing("|", with: "\\|") }
}

/// The page docs/configuration.md, from the table of settings.
enum ConfigurationPage {
  static func text(_ table: [SettingRow] = SettingRow.all) -> String {
    let rows = table.filter(\.isInFile).map { row in
      let cells = [
        "`\(row.key)`", row.kind.type, initial(row), row.flag.map { code($0.name) } ?? "",
        row.variable.map { code($0.name) } ?? "", row.help,
      ]
      return "| " + cells.joined(separator: " | ") + " |\n"
    }
    return head + rows.joined()
  }

  private static func initial(_ row: SettingRow) -> String {
    var words: String
    switch row.initial {
    case nil: words = row.key == "store" ? "`organization.sqlite`" : row.blank
    case .list: words = row.blank
    case .boolean(let isOn): words = code(String(isOn))
    case .number(let number): words = code(String(number))
    case .text(let text): words = code("\"\(text)\"")
    }
    if let variable = row.variable, case .suggests(.number(let number)) = variable.effect {
      words += "; \(code(String(number))) with \(variable.name)"
    }
    return words
  }

  private static func code(_ text: String) -> String { "`\(text)`" }

  private static let head = """
    # Configuration

    `$XDG_CONFIG_HOME/handshake/config.toml` (`~/.config/handshake/config.toml`), or the file of
    `--config`. It is never written. It must belong to you or root and be writable by nobody else.
    It is TOML 1.0 without tables: text in quotes, whole numbers, `true`, `false`, lists of text, and
    comments; tables, dates and fractions are errors. An unknown key is an error. Environment
    and flags override it; `handshake info` prints every value with its origin. An empty file `read-only` beside it makes every session read-only.

    | key | type | default | flag | variable | meaning |
    |---|---|---|---|---|---|

    """
}
