import Drawing
import HandshakeUI
import Testing

/// The command table (UX-20).
@Suite struct CommandTableTests {
  @Test("every command has a key, a title and a context", arguments: Command.allCases)
  func isWhole(command: Command) {
    #expect(!command.chords.isEmpty)
    #expect(!command.title.isEmpty)
    #expect(!command.places.isEmpty)
  }

  @Test("a key has one meaning in a context", arguments: KeyContext.allCases)
  func isUnambiguous(place: KeyContext) {
    var owners: [Chord: Command] = [:]
    for command in Command.allCases where command.places.contains(place) {
      for chord in command.chords {
        #expect(owners[chord] == nil, "\(chord.text) in \(place): \(command.id)")
        owners[chord] = command
        #expect(Command.bound(to: chord.keys, in: place) == command)
      }
    }
  }

  @Test("no key is the beginning of a longer one", arguments: KeyContext.allCases)
  func hasNoHiddenPrefix(place: KeyContext) {
    let chords = Command.allCases.filter { $0.places.contains(place) }.flatMap(\.chords)
    for long in chords where long.keys.count > 1 {
      #expect(!chords.contains(Chord(Array(long.keys.prefix(1)))), "\(long.text)")
    }
  }

  @Test(
    "keys that are easily mistyped or used by terminals are never bound",
    arguments: ["A", "D", "X", "~"].map { Chord(stringLiteral: $0) }
      + ["s", "q", "h", "j", "k", "\\"].map { Chord(.control($0)) })
  func neverBound(chord: Chord) {
    for place in KeyContext.allCases {
      #expect(Command.bound(to: chord.keys, in: place) == nil, "\(chord.text) in \(place)")
    }
  }

  @Test("every documented key is there")
  func keysOfTheDesign() {
    let keys =
      "j k g G l h J K v * U a d x u C $ o / \\ n N za zo zc zR zM i t y Y r R p L e : ? q "
      + "1 2 3 4 5 Down Up C-n C-p Home End C-d C-u C-f C-b PgDn PgUp Enter Right Left Esc Tab "
      + "S-Tab Space C-r C-l F1 C-c C-z s"
    let bound = Set(Command.allCases.flatMap(\.chords).map(\.text))
    for key in keys.split(separator: " ") { #expect(bound.contains(String(key)), "\(key)") }
  }

  @Test("help and palette list the contents of the table; the footer names its keys")
  func madeOfTheTable() async throws {
    var stage = try await Stage.open(columns: 120, rows: 200)
    try await stage.press("?")
    let help = stage.text
    for command in Command.allCases { #expect(help.contains(command.title), "\(command.id)") }
    try await stage.press("<Esc>")
    #expect(stage.lines.last?.contains("C review+send") ?? false)
    for command in Command.allCases where command.places.contains(.list) {
      try await stage.press(":\(command.title.filter { $0.isASCII && $0 != "<" })")
      #expect(stage.shows(command.title), "\(command.id)")
      try await stage.press("<Esc>")
    }
  }

  @Test("an unavailable command gives a reason in words")
  func reasons() async throws {
    let stage = try await Stage.open { $0.mode = .readOnly }
    for command in [Command.stage(.accept), .stage(.decline), .stage(.cancel), .send(.review)] {
      #expect(stage.interface.disabledReason(of: command)?.contains("read-only") ?? false)
    }
    for command in Command.allCases {
      if let reason = stage.interface.disabledReason(of: command) { #expect(!reason.isEmpty) }
    }
  }
}
