import Glibc
import TestSupport
import Testing

@Suite("However it ends, the terminal is as it was found", .serialized)
struct EndingTests {
  /// What the screens show when they are up.
  static let isUp = "LOCAL"

  private func start(_ stage: Stage) throws -> (PseudoTerminal, modes: [UInt32]) {
    let terminal = try stage.terminal()
    let before = terminal.modes
    try #require(terminal.writes(Self.isUp), "\(String(decoding: terminal.bytes, as: UTF8.self))")
    #expect(terminal.modes != before)
    return (terminal, before)
  }

  @Test(
    "by a signal that ends programs, with its number",
    arguments: [SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGPIPE])
  func endingSignals(signal: Int32) throws {
    let stage = try Stage()
    let (terminal, before) = try start(stage)
    terminal.send(signal)
    #expect(terminal.ending() == WaitStatus(exit: 128 + signal))
    terminal.read()
    #expect(terminal.modes == before)
    #expect(terminal.contains("\u{1B}[?1049l") && terminal.contains("\u{1B}[?2004l"))
  }

  @Test(
    "by a crash, with the crash's own signal",
    .disabled(
      if: Stage.isWatchedForRaces,
      "a signal that comes within the thread sanitizer waits for its locks, and for ever"),
    arguments: [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGABRT, SIGFPE])
  func crashes(signal: Int32) throws {
    let stage = try Stage()
    let (terminal, before) = try start(stage)
    terminal.send(signal)
    #expect(terminal.ending() == WaitStatus(signal: signal))
    terminal.read()
    #expect(terminal.modes == before)
    let restoring =
      "\u{1B}[?1000;1002;1003;1006l\u{1B}[?2004l\u{1B}[?1004l\u{1B}[<u\u{1B}[>4m\u{1B}[?7h\u{1B}[r"
      + "\u{F}\u{1B}(B\u{1B}[m\u{1B}[?25h\u{1B}[?1049l\u{1B}>\u{1B}[?1l"
    #expect(terminal.contains(restoring))
  }

  @Test("by a key, with 0")
  func quits() throws {
    let stage = try Stage()
    let (terminal, before) = try start(stage)
    terminal.write("q")
    #expect(terminal.ending() == WaitStatus(exit: 0))
    terminal.read()
    #expect(terminal.modes == before)
  }

  @Test("when the terminal goes away: at once, and without spinning")
  func hangUp() throws {
    let stage = try Stage()
    let (terminal, _) = try start(stage)
    terminal.hangUp()
    #expect(terminal.ending(seconds: 5) == WaitStatus(exit: 128 + SIGHUP))
  }

  @Test("on a terminal that takes no more bytes: after two seconds, by the watching thread")
  func stalled() throws {
    let stage = try Stage()
    let (terminal, before) = try start(stage)
    // Nobody reads any more; each redraw is a screenful.
    terminal.fill(with: "\u{C}")
    terminal.send(SIGTERM)
    #expect(terminal.ending(seconds: 10) == WaitStatus(exit: 128 + SIGTERM))
    #expect(terminal.modes == before)
  }

  @Test("twenty times over, at any moment of its start")
  func duringStart() throws {
    let stage = try Stage()
    var random = SeededRandom(seed: 22)
    for _ in 0..<20 {
      let terminal = try stage.terminal()
      let before = terminal.modes
      let bytes = Int.random(in: 0...3_000, using: &random)
      _ = Patience.until(seconds: 1) {
        terminal.read()
        return terminal.bytes.count >= bytes
      }
      terminal.send(SIGTERM)
      // Before the first line of `main` the signal ends it as the system has it.
      let endings = [WaitStatus(exit: 128 + SIGTERM), WaitStatus(signal: SIGTERM)]
      let ending = try #require(terminal.ending())
      #expect(endings.contains(ending))
      #expect(terminal.modes == before)
    }
  }
}
