import Arguments
import Text

/// The page handshake(1), from the declarations of the commands and the table of settings.
enum ManPage {
  /// Returns the page in roff's man macros.
  static func text(_ table: [SettingRow] = SettingRow.all) -> String {
    let grammar = HandshakeCommand.grammar(table)
    let root = grammar.root
    var page = Roff()
    page.raw(
      ".TH HANDSHAKE 1 \"\(Version.date)\" \"handshake \(Version.program)\" \"User Commands\"")
    page.section("NAME")
    page.raw("handshake \\- review and answer AWS Organizations invitations")
    page.section("SYNOPSIS")
    page.synopsis(of: root.visibleChildren)
    page.section("DESCRIPTION")
    page.prose(root.discussion, beginsSection: true)
    page.section("COMMANDS")
    for command in root.visibleChildren { page.command(command, path: "handshake") }
    page.section("OPTIONS")
    page.raw("Every command takes these, before or after its name.")
    for option in grammar.shared + [.help] where !option.isHidden { page.option(option) }
    page.raw(".PP")
    page.raw("These stand alone, without a command.")
    for option in grammar.leading where !option.isHidden { page.option(option) }
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
  mutating func synopsis(of commands: [CommandDeclaration<any Subcommand>]) {
    raw("\\fBhandshake\\fR [\\fIoptions\\fR] [\\fIid\\fR]")
    for command in commands where command.name != "tui" {
      synopsis(of: command, path: "handshake")
    }
  }

  private mutating func synopsis(of command: CommandDeclaration<any Subcommand>, path: String) {
    let name = path + " " + command.name
    for inner in command.visibleChildren { synopsis(of: inner, path: name) }
    guard command.children.isEmpty else { return }
    let places = command.positionals.filter { !$0.isHidden }.map { argument in
      let shown = "\\fI\(Self.escaped(argument.valueName))\\fR"
      let repeated = argument.isRepeating ? shown + " ..." : shown
      return argument.isRequired ? repeated : "[\(repeated)]"
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

  mutating func command(_ command: CommandDeclaration<any Subcommand>, path: String) {
    let name = path + " " + command.name
    raw(".SS \(Self.escaped(name))")
    filled(command.summary)
    if !command.discussion.isEmpty { prose(command.discussion) }
    for parameter in command.parameters where !parameter.isHidden { option(parameter) }
    for inner in command.visibleChildren { self.command(inner, path: name) }
  }

  mutating func option(_ parameter: ParameterDeclaration) {
    item(parameter.form == .positional ? parameter.valueName : parameter.label, parameter.help)
  }

  /// Escapes backslashes, hyphens, non-ASCII text, and lines that roff would take for requests.
  private static func escaped(_ words: String) -> String {
    words.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      let safe = Charset.ascii.plain(String(line)).replacing("\\", with: "\\e").replacing(
        "-", with: "\\-"
      )
      .replacing("~", with: "\\(ti").replacing("^", with: "\\(ha")
      return (safe.utf8.first == 0x2E || safe.utf8.first == 0x27 ? "\\&" : "") + safe
    }.joined(separator: "\n")
  }
}
