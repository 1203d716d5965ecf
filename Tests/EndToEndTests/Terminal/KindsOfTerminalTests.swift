import Glibc
import TestSupport
import Testing

@Suite("Every kind of terminal is used as far as it can be", .serialized)
struct KindsOfTerminalTests {
  @Test(
    "without a name, or with a dumb one: names the alternatives, and writes no escape",
    arguments: [nil, "", "dumb"])
  func incapable(name: String?) throws {
    let stage = try Stage()
    let terminal = try stage.terminal(changing: ["TERM": name])
    #expect(terminal.ending() == WaitStatus(exit: 2))
    terminal.read()
    #expect(terminal.contains("handshake list"))
    #expect(!terminal.bytes.contains(0x1B))
  }

  @Test("without any terminal: names the alternatives, and writes no escape")
  func noTerminal() throws {
    let stage = try Stage()
    let ending = try stage.run("tui")
    #expect(ending.exit == 2)
    #expect(ending.errors.contains("handshake list"))
    #expect(!ending.errors.contains("\u{1B}") && ending.output.isEmpty)
  }

  @Test("an unknown one is treated as the most common one, which is reported at the end")
  func unknown() throws {
    let stage = try Stage()
    let terminal = try stage.terminal(changing: ["TERM": "no-such-terminal-9"])
    try #require(terminal.writes(EndingTests.isUp))
    terminal.write("q")
    #expect(terminal.ending() == WaitStatus(exit: 0))
    terminal.read()
    #expect(terminal.contains("no-such-terminal-9"))
  }

  @Test(
    "known ones are drawn on and their own keys are recognized",
    arguments: [
      ("vt100", "\u{1B}OB"), ("linux", "\u{1B}[B"), ("screen-256color", "\u{1B}OB"),
      ("tmux-256color", "\u{1B}OB"), ("xterm-256color", "\u{1B}OB"), ("ansi", "\u{1B}[B"),
    ])
  func known(name: String, down: String) throws {
    let stage = try Stage()
    let terminal = try stage.terminal(changing: ["TERM": name])
    try #require(terminal.writes(EndingTests.isUp))
    let before = terminal.bytes.count
    terminal.write(down)
    #expect(
      Patience.until {
        terminal.read()
        return terminal.bytes.count > before
      })
    terminal.write("q")
    #expect(terminal.ending() == WaitStatus(exit: 0))
  }

  @Test(
    "where the locale is not UTF-8, only ASCII is written",
    arguments: ["C", "POSIX", "", "en_US.ISO-8859-1", "ja_JP.eucJP"])
  func locale(name: String) throws {
    let stage = try Stage()
    let terminal = try stage.terminal(changing: ["LC_ALL": name])
    try #require(terminal.writes(EndingTests.isUp))
    terminal.write("jjjj\rq")
    terminal.write("q")
    _ = terminal.ending(seconds: 2)
    terminal.send(SIGTERM)
    #expect(terminal.ending() != nil)
    terminal.read()
    #expect(terminal.bytes.allSatisfy { $0 < 0x80 })
  }

  @Test("a UTF-8 locale that is not installed counts as UTF-8")
  func missingLocale() throws {
    let stage = try Stage()
    let terminal = try stage.terminal(changing: ["LC_ALL": "xx_YY.UTF-8"])
    try #require(terminal.writes(EndingTests.isUp))
    #expect(
      Patience.until {
        terminal.read()
        return terminal.bytes.contains { $0 >= 0x80 }
      })
    terminal.send(SIGTERM)
    #expect(terminal.ending() != nil)
  }

  @Test("without colours nothing is coloured")
  func noColour() throws {
    let stage = try Stage()
    let terminal = try stage.terminal(changing: ["NO_COLOR": "1"])
    try #require(terminal.writes(EndingTests.isUp))
    terminal.write("q")
    #expect(terminal.ending() == WaitStatus(exit: 0))
    terminal.read()
    for colour in 31...37 {
      #expect(!terminal.contains("\u{1B}[\(colour)m") && !terminal.contains(";\(colour)m"))
    }
  }

  @Test(
    "every size works",
    arguments: [(1, 1), (80, 1), (1, 80), (3, 5), (60, 16), (1_000, 500), (65_535, 65_535), (0, 0)])
  func sizes(columns: Int, rows: Int) throws {
    let stage = try Stage()
    let terminal = try stage.terminal(columns: columns, rows: rows)
    _ = terminal.writes("\u{1B}[?2004h")
    terminal.resize(columns: 80, rows: 24)
    #expect(terminal.writes(EndingTests.isUp))
    terminal.write("q")
    #expect(terminal.ending() == WaitStatus(exit: 0))
  }
}
