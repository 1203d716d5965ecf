/// docs/configuration.md: the keys of `config.toml`, from the one list of them.
enum ConfigurationPage {
  static var text: String {
    let rows = ConfigurationFile.Key.allCases.map { key in
      "| `\(key.rawValue)` | \(key.type) | \(key.meaning) |\n"
    }
    return """
      # Configuration

      `$XDG_CONFIG_HOME/handshake/config.toml` (`~/.config/handshake/config.toml`), or the file of
      `--config`. It is read, never written. It must be yours or root's and writable by nobody else.
      It is TOML 1.0 with keys alone: text in quotes, whole numbers, `true`, `false`, lists of text, and
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
      "the service; `auto` is AWS where an AWS identity is configured, else the embedded organization"
    case .profiles: "AWS: look and act through these profiles of the AWS CLI"
    case .region: "AWS: the region, instead of the profile's"
    case .endpointURL: "AWS: ask its services here"
    case .store: "the embedded organization's file (also HANDSHAKE_STORE)"
    case .account: "look and act as this account alone (also HANDSHAKE_ACCOUNT)"
    case .readOnly: "never send anything"
    case .write: "AWS: let the screens send; without it they are read-only"
    case .ascii: "ASCII characters only"
    case .escDelay: "milliseconds that tell Escape from a key's sequence (50; 300 over SSH)"
    case .grace: "seconds in which any key stops what was confirmed (5)"
    case .log: "append to this log: JSON lines, rotated at 10 MiB"
    }
  }
}
