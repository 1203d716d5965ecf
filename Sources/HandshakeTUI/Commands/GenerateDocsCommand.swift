import ArgumentParser
import Drawing
import HandshakeUI

/// The command `handshake generate-docs`, for `scripts/` and not for operators.
///
/// It prints the generated parts of docs/ and the man page.
struct GenerateDocsCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "generate-docs", abstract: "Print a generated document.", shouldDisplay: false)

  enum Document: String, CaseIterable, ExpressibleByArgument, Sendable {
    case keys
    case man
    case config
  }

  @ParentCommand var root: HandshakeCommand
  @OptionGroup(title: "Global options") var global: GlobalOptions

  @Argument(help: "keys, man or config.")
  var document: Document

  func perform(_ run: CommandContext) throws(CommandFailure) -> Status {
    switch document {
    case .keys: try run.put(KeysPage.text)
    case .man: try run.put(try ManPage.text())
    case .config: try run.put(ConfigurationPage.text)
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

/// The page docs/configuration.md, from the list of the keys of `config.toml`.
enum ConfigurationPage {
  static var text: String {
    let rows = ConfigurationFile.Key.allCases.map { key in
      "| `\(key.rawValue)` | \(key.type) | \(key.meaning) |\n"
    }
    return """
      # Configuration

      `$XDG_CONFIG_HOME/handshake/config.toml` (`~/.config/handshake/config.toml`), or the file of
      `--config`. It is never written. It must belong to you or root and be writable by nobody else.
      It is TOML 1.0 without tables: text in quotes, whole numbers, `true`, `false`, lists of text, and
      comments; tables, dates and fractions are errors. An unknown key is an error. Environment
      and flags override it; `handshake info` prints every value with its origin. An empty file `read-only` beside it makes every session read-only.

      | key | type | meaning |
      |---|---|---|

      """ + rows.joined()
  }
}

extension ConfigurationFile.Key {
  var type: String {
    switch self {
    case .backend: "`\"local\"`, `\"aws\"`, `\"auto\"`"
    case .profiles: "list of names in quotes"
    case .region, .endpointURL: "text in quotes"
    case .store, .log: "absolute path, or `~/…`"
    case .account: "12 digits in quotes"
    case .readOnly, .write, .ascii: "boolean"
    case .escDelay: "1 to 2000"
    case .grace: "0 to 60"
    }
  }

  var meaning: String {
    switch self {
    case .backend:
      "the service; `auto` is AWS if an AWS identity is configured, else the embedded organization"
    case .profiles: "AWS: use these profiles of the AWS CLI"
    case .region: "AWS: the region, instead of the profile's"
    case .endpointURL: "AWS: the endpoint of its services"
    case .store: "the embedded organization's file (also HANDSHAKE_STORE)"
    case .account: "use only this account (also HANDSHAKE_ACCOUNT)"
    case .readOnly: "never send anything"
    case .write: "AWS: allow the screens to send; without it they are read-only"
    case .ascii: "ASCII characters only"
    case .escDelay:
      "milliseconds to wait for the rest of a key sequence after Escape (50; 300 over SSH)"
    case .grace: "seconds between a confirmation and the request, in which any key stops it (5)"
    case .log: "append to this log: JSON lines, rotated at 10 MiB"
    }
  }
}
