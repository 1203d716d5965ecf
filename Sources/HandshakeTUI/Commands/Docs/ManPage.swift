import ArgumentParser
import Text
import Wire

/// handshake(1), from the argument parser's own description of the commands.
enum ManPage {
  static func text() throws(CommandFailure) -> String {
    let dump = Array(HandshakeCommand._dumpHelp().utf8)
    guard let root = try? JSONValue.read(dump)["command"] else {
      throw CommandFailure(.failed, "the commands could not be described")
    }
    var page = Roff()
    page.raw(".TH HANDSHAKE 1 \"\" \"handshake \(Version.program)\" \"User commands\"")
    page.section("NAME")
    page.paragraph("handshake \\- review and answer AWS Organizations invitations")
    page.section("DESCRIPTION")
    page.prose(root.words("discussion"))
    page.section("COMMANDS")
    for command in root.commands { page.command(command, path: "handshake") }
    page.section("OPTIONS OF EVERY COMMAND")
    for option in root.options { page.option(option) }
    page.section("KEYS OF THE SCREENS")
    for group in KeysPage.groups {
      page.raw(".SS \(group.title)")
      for key in group.keys { page.item(key.keys, key.title) }
    }
    page.section("EXIT STATUS")
    for (number, meaning) in exits { page.item(number, meaning) }
    page.section("ENVIRONMENT")
    for (name, meaning) in environment { page.item(name, meaning) }
    page.section("FILES")
    for (path, meaning) in files { page.item(path, meaning) }
    return page.text
  }

  private static let exits = [
    ("0", "done"), ("1", "failed, nothing applied"), ("2", "called wrongly"),
    ("3", "partly: some ids done and some not, or a source or record could not be read"),
    ("4", "refused before sending by a safety rule"),
    ("5", "outcome unknown: do not send again; handshake journal tells"),
    ("10", "--expiring found something"), ("128+n", "ended by signal n"),
  ]

  private static let environment = [
    ("HANDSHAKE_STORE", "the embedded organization's file"),
    ("HANDSHAKE_ACCOUNT", "look and act as this account alone"),
    ("NO_COLOR", "not empty: no colours"),
    (
      "XDG_CONFIG_HOME, XDG_STATE_HOME, XDG_DATA_HOME", "where files lie; relative ones are ignored"
    ),
  ]

  private static let files = [
    ("$XDG_CONFIG_HOME/handshake/config.toml", "the configuration"),
    ("$XDG_CONFIG_HOME/handshake/read-only", "when it is there, nothing is ever sent"),
    ("$XDG_STATE_HOME/handshake/journal.jsonl", "what was sent, and what became of it"),
    ("$XDG_DATA_HOME/handshake/organization.sqlite", "the embedded organization"),
    ("STORE.trust.toml", "the organizations that are known"),
  ]
}

extension JSONValue {
  fileprivate func words(_ name: String) -> String {
    self[name]?.string.map { Sanitiser.render($0, for: .detail, in: .utf8) } ?? ""
  }

  fileprivate var commands: [JSONValue] {
    (self["subcommands"]?.array ?? []).filter { command in
      command["shouldDisplay"]?.bool != false && command.words("commandName") != "help"
    }
  }

  fileprivate var options: [JSONValue] {
    (self["arguments"]?.array ?? []).filter { $0["shouldDisplay"]?.bool != false }
  }

  /// Whether it stands in the group that every command has.
  fileprivate var isShared: Bool {
    words("sectionTitle") == "Everywhere" || words("valueName") == "help"
  }
}

/// Text in the man macros.
private struct Roff {
  private(set) var text = ""

  mutating func raw(_ line: String) { text += line + "\n" }
  mutating func section(_ name: String) { raw(".SH \(name)") }

  mutating func paragraph(_ words: String) { raw(words) }

  mutating func prose(_ words: String) {
    for part in words.split(separator: "\n\n") {
      raw(".PP")
      raw(Self.escaped(String(part)))
    }
  }

  mutating func item(_ name: String, _ meaning: String) {
    raw(".TP")
    raw("\\fB\(Self.escaped(name))\\fR")
    raw(Self.escaped(meaning))
  }

  mutating func command(_ command: JSONValue, path: String) {
    let name = path + " " + command.words("commandName")
    raw(".SS \(Self.escaped(name))")
    raw(Self.escaped(command.words("abstract")))
    let discussion = command.words("discussion")
    if !discussion.isEmpty { prose(discussion) }
    for argument in command.options where !argument.isShared { option(argument) }
    for inner in command.commands { self.command(inner, path: name) }
  }

  mutating func option(_ argument: JSONValue) {
    let value = argument.words("valueName")
    let names = (argument["names"]?.array ?? []).map { name in
      (name.words("kind") == "long" ? "--" : "-") + name.words("name")
    }
    let kind = argument.words("kind")
    let label = names.isEmpty ? value : names.joined(separator: ", ")
    item(kind == "option" ? "\(label) <\(value)>" : label, argument.words("abstract"))
  }

  /// Backslashes, hyphens that are typed, what is not ASCII, and lines that would be orders to roff.
  private static func escaped(_ words: String) -> String {
    words.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      let safe = line.replacing("\\", with: "\\e").replacing("-", with: "\\-")
      let ascii = safe.unicodeScalars.map { scalar in
        scalar.isASCII
          ? String(scalar) : "\\[u" + String(scalar.value, radix: 16, uppercase: true) + "]"
      }.joined()
      return (ascii.utf8.first == 0x2E || ascii.utf8.first == 0x27 ? "\\&" : "") + ascii
    }.joined(separator: "\n")
  }
}
