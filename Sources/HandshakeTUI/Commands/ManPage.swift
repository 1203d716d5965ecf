import ArgumentParser
import Text
import Wire

/// The page handshake(1), from the argument parser's own description of the commands.
enum ManPage {
  /// Returns the page in roff's man macros.
  ///
  /// - Throws: `CommandFailure` when the parser's description cannot be read.
  static func text(_ table: [SettingRow] = SettingRow.all) throws(CommandFailure) -> String {
    let dump = Array(HandshakeCommand._dumpHelp().utf8)
    guard let root = try? JSONValue.read(dump)["command"] else {
      throw CommandFailure(.failed, "the commands cannot be listed")
    }
    var page = Roff()
    page.raw(
      ".TH HANDSHAKE 1 \"\(Version.date)\" \"handshake \(Version.program)\" \"User Commands\"")
    page.section("NAME")
    page.raw("handshake \\- review and answer AWS Organizations invitations")
    page.section("SYNOPSIS")
    page.synopsis(of: root.commands)
    page.section("DESCRIPTION")
    page.prose(root.words("discussion"), beginsSection: true)
    page.section("COMMANDS")
    for command in root.commands { page.command(command, path: "handshake") }
    page.section("OPTIONS")
    page.raw("Every command takes these, before or after its name.")
    for option in root.options { page.option(option) }
    page.section("KEYS OF THE SCREENS")
    for group in KeysPage.groups {
      page.raw(".SS \(group.title)")
      for key in group.keys { page.item(key.keys, key.title) }
    }
    page.section("EXIT STATUS")
    for (number, meaning) in exits { page.item(number, meaning) }
    page.section("ENVIRONMENT")
    for (name, meaning) in variables(table) + environment { page.item(name, meaning) }
    page.section("FILES")
    for (path, meaning) in files { page.item(path, meaning) }
    page.section("EXAMPLES")
    for (index, example) in examples.enumerated() {
      if index > 0 { page.raw(".PP") }
      page.example(example.0, example.1)
    }
    page.section("SEE ALSO")
    page.seeAlso(
      [("aws", "1"), ("jq", "1"), ("terminfo", "5")],
      url: "https://docs.aws.amazon.com/organizations/latest/APIReference/")
    return page.text
  }

  private static let exits = [
    ("0", "done"), ("1", "failed, nothing applied"), ("2", "usage error"),
    ("3", "partial: some ids applied and some not, or an account or record could not be read"),
    ("4", "refused before sending by a safety rule"),
    ("5", "outcome unknown: do not send it again; see handshake journal"),
    ("10", "--expiring found handshakes"), ("128+n", "ended by signal n"),
  ]

  /// The variables that set a setting.
  private static func variables(_ table: [SettingRow]) -> [(String, String)] {
    table.compactMap { row in
      guard let variable = row.variable else { return nil }
      let overriding = row.flag.map { " \($0.name) overrides it." } ?? ""
      return (variable.name, (variable.help ?? row.help) + overriding)
    }
  }

  private static let environment = [
    (
      "AWS_PROFILE, AWS_REGION, AWS_CONFIG_FILE, AWS_ENDPOINT_URL, AWS_CA_BUNDLE",
      "As for the AWS CLI, with its other variables. Any AWS identity selects AWS, unless --backend "
        + "or a store says otherwise."
    ),
    ("HTTPS_PROXY, ALL_PROXY, NO_PROXY", "As for curl."),
    (
      "HOME",
      "The home directory, used without the XDG variables; if unset, that of the passwd entry."
    ),
    (
      "XDG_CONFIG_HOME, XDG_STATE_HOME, XDG_DATA_HOME",
      "Directories of the files below. Relative paths are ignored."
    ),
    ("TERM, TERMINFO", "The terminal, and the directory of its description."),
    ("LC_ALL, LC_CTYPE, LANG", "Select UTF-8 or ASCII output."),
    ("TZ", "The time zone that the screens show beside UTC."),
  ]

  private static let files = [
    ("$XDG_CONFIG_HOME/handshake/config.toml", "The configuration (~/.config)."),
    ("$XDG_CONFIG_HOME/handshake/read-only", "If it exists, nothing is ever sent."),
    (
      "$XDG_CONFIG_HOME/handshake/trust.toml",
      "The trust list for AWS. That of an embedded organization is STORE.trust.toml beside the "
        + "store."
    ),
    (
      "$XDG_STATE_HOME/handshake/journal.jsonl",
      "The journal: what was sent, and the outcomes (~/.local/state)."
    ),
    (
      "$XDG_DATA_HOME/handshake/organization.sqlite",
      "The embedded organization (~/.local/share)."
    ),
  ]

  private static let examples = [
    ("Open the screens on the embedded organization:", ["handshake --backend local"]),
    (
      "List the pending handshakes of two profiles, those that expire first on top:",
      ["handshake list --profile prod --profile dev --sort expires"]
    ),
    (
      "Accept an invitation from the organization that the ticket names:",
      [
        "handshake accept h-examplehandshakeid111 \\",
        "    --expect-org o-exampleorgid --reason OPS-123",
      ]
    ),
    (
      "Show the effects of a decline without sending it:",
      ["handshake decline h-examplehandshakeid111 --reason OPS-124 --dry-run"]
    ),
    (
      "List handshakes from the output of the AWS CLI:",
      [
        "aws organizations list-handshakes-for-account --output json |",
        "    handshake list --input -",
      ]
    ),
    (
      "Check in a script whether any expires within two days (exit status 10):",
      ["handshake list --expiring 48h"]
    ),
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

  /// Whether the option is in the group that every command has.
  fileprivate var isShared: Bool {
    words("sectionTitle") == "Global options" || words("valueName") == "help"
  }
}

/// A text in roff's man macros.
private struct Roff {
  private(set) var text = ""

  mutating func raw(_ line: String) { text += line + "\n" }
  mutating func section(_ name: String) { raw(".SH \(name)") }

  /// Appends running text, in lines of at most 78 bytes where its words allow that.
  mutating func filled(_ words: String) {
    for paragraph in words.split(separator: "\n") {
      var line = ""
      for word in paragraph.split(separator: " ") {
        let longer = line.isEmpty ? String(word) : "\(line) \(word)"
        if Self.escaped(longer).utf8.count > 78, !line.isEmpty {
          raw(Self.escaped(line))
          line = String(word)
        } else {
          line = longer
        }
      }
      raw(Self.escaped(line))
    }
  }

  /// Appends paragraphs; the first one after a heading (`beginsSection`) needs no macro.
  mutating func prose(_ words: String, beginsSection: Bool = false) {
    for (index, part) in words.split(separator: "\n\n").enumerated() {
      if index > 0 || !beginsSection { raw(".PP") }
      filled(String(part))
    }
  }

  mutating func item(_ name: String, _ meaning: String) {
    raw(".TP")
    raw("\\fB\(Self.escaped(name))\\fR")
    filled(meaning)
  }

  /// Appends one line for each command: its words, options and arguments.
  mutating func synopsis(of commands: [JSONValue]) {
    raw("\\fBhandshake\\fR [\\fIoptions\\fR] [\\fIid\\fR]")
    for command in commands where command.words("commandName") != "tui" {
      synopsis(of: command, path: "handshake")
    }
  }

  private mutating func synopsis(of command: JSONValue, path: String) {
    let name = path + " " + command.words("commandName")
    for inner in command.commands { synopsis(of: inner, path: name) }
    guard command.commands.isEmpty else { return }
    let places = command.options.filter { $0.words("kind") == "positional" }.map { argument in
      let shown = "\\fI\(Self.escaped(argument.words("valueName")))\\fR"
      let repeated = argument["isRepeating"]?.bool == true ? shown + " ..." : shown
      return argument["isOptional"]?.bool == true ? "[\(repeated)]" : repeated
    }
    raw(".br")
    raw((["\\fB\(Self.escaped(name))\\fR", "[\\fIoptions\\fR]"] + places).joined(separator: " "))
  }

  mutating func example(_ meaning: String, _ lines: [String]) {
    filled(meaning)
    raw(".RS 4")
    raw(".nf")
    for line in lines { raw(Self.escaped(line)) }
    raw(".fi")
    raw(".RE")
  }

  mutating func seeAlso(_ pages: [(name: String, section: String)], url: String) {
    for page in pages { raw(".BR \(page.name) (\(page.section)),") }
    raw(Self.escaped(url))
  }

  mutating func command(_ command: JSONValue, path: String) {
    let name = path + " " + command.words("commandName")
    raw(".SS \(Self.escaped(name))")
    filled(command.words("abstract"))
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

  /// The replacements of characters that ASCII devices lack.
  private static let ascii: [Unicode.Scalar: String] = [
    "…": "...", "‹": "<", "›": ">", "–": "-", "—": "-", "’": "'", "“": "\"", "”": "\"", "→": "->",
  ]

  /// Escapes backslashes, hyphens, non-ASCII text, and lines that roff would take for requests.
  private static func escaped(_ words: String) -> String {
    words.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      let plain = line.unicodeScalars.map { ascii[$0] ?? ($0.isASCII ? String($0) : "?") }.joined()
      let safe = plain.replacing("\\", with: "\\e").replacing("-", with: "\\-")
        .replacing("~", with: "\\(ti").replacing("^", with: "\\(ha")
      return (safe.utf8.first == 0x2E || safe.utf8.first == 0x27 ? "\\&" : "") + safe
    }.joined(separator: "\n")
  }
}
