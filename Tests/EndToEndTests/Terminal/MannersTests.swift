import Glibc
import TestSupport
import Testing

@Suite("Behaviour on a terminal", .serialized)
struct MannersTests {
  @Test("a storm of resizes ends with the last size drawn, in few frames")
  func resizeStorm() throws {
    let stage = try Stage()
    let terminal = try stage.terminal()
    try #require(terminal.writes(EndingTests.isUp))
    var random = SeededRandom(seed: 24)
    let before = terminal.bytes.count
    for _ in 0..<5_000 {
      terminal.resize(
        columns: Int.random(in: 40...200, using: &random),
        rows: Int.random(in: 10...60, using: &random))
    }
    terminal.resize(columns: 97, rows: 33)
    // The last row and the last column are drawn at the last size.
    #expect(terminal.writes("\u{1B}[33;", seconds: 20) || terminal.writes("\u{1B}[33d"))
    #expect(terminal.bytes.count - before < 50 * 200 * 60)
    terminal.write("q")
    #expect(terminal.ending() == WaitStatus(exit: 0))
  }

  @Test("a hundred moves in one write are drawn as a few frames")
  func heldKey() throws {
    let stage = try Stage()
    let terminal = try stage.terminal()
    try #require(terminal.writes(EndingTests.isUp))
    terminal.settle()
    let before = terminal.bytes.count
    terminal.write(String(repeating: "jk", count: 50) + "j")
    terminal.settle()
    #expect(terminal.bytes.count - before < 2_000)
    terminal.write("q")
    #expect(terminal.ending() == WaitStatus(exit: 0))
  }

  @Test("a cursor move costs tens of bytes, not hundreds")
  func moveCost() throws {
    let stage = try Stage()
    let terminal = try stage.terminal()
    try #require(terminal.writes(EndingTests.isUp))
    terminal.settle()
    let before = terminal.bytes.count
    terminal.write("j")
    terminal.settle()
    // The move in the list itself; the facts beside it are another row's and change with it.
    #expect(terminal.bytes.count - before < 1_500)
    terminal.write("q")
    #expect(terminal.ending() == WaitStatus(exit: 0))
  }

  @Test("^Z gives the terminal to the shell, and fg takes it back")
  func suspend() throws {
    let stage = try Stage()
    let tmux = try Tmux(
      "exec bash --norc --noprofile -i",
      environment: stage.environment.merging(["PS1": "shell> "]) { $1 }, isShell: true)
    try #require(tmux.shows("shell>"))
    let before = stage.home.path + "/before"
    let now = stage.home.path + "/now"
    try tmux.type("stty -g > \(before); \(try Stage.program)")
    try tmux.press("Enter")
    try #require(tmux.shows(EndingTests.isUp), "\(tmux.screen)")
    try #require(tmux.shows("read just now"))
    // The message of the start disappears with the first key.
    try tmux.press("g")
    try #require(tmux.hides("DEMO"))
    let first = tmux.screen
    try tmux.press("C-z")
    try #require(tmux.shows("Stopped"), "\(tmux.screen)")
    #expect(tmux.isOnMainScreen)
    try tmux.type("stty -g > \(now); clear; cmp \(before) \(now) && echo modes-''are-equal")
    try tmux.press("Enter")
    #expect(tmux.shows("modes-are-equal"))
    try tmux.type("fg")
    try tmux.press("Enter")
    #expect(
      Patience.until { tmux.screen.contains(EndingTests.isUp) && !tmux.isOnMainScreen },
      "\(tmux.screen)")
    #expect(Patience.until { tmux.screen == first }, "\(tmux.screen)")
    try tmux.press("q")
    #expect(tmux.shows("shell>"))
  }

  @Test("stopped and continued from outside, it redraws")
  func stoppedFromOutside() throws {
    let stage = try Stage()
    let terminal = try stage.terminal()
    try #require(terminal.writes(EndingTests.isUp))
    terminal.settle()
    terminal.send(SIGSTOP)
    terminal.send(SIGCONT)
    let before = terminal.bytes.count
    #expect(
      Patience.until {
        terminal.read()
        return terminal.contains(EndingTests.isUp, after: before)
      })
    terminal.write("q")
    #expect(terminal.ending() == WaitStatus(exit: 0))
  }

  @Test("the real cursor is on the focused row")
  func cursor() throws {
    let stage = try Stage()
    let tmux = try stage.tmux()
    try #require(tmux.shows(EndingTests.isUp))
    let before = tmux.cursor
    try tmux.press("j")
    #expect(Patience.until { tmux.cursor != before })
  }

  @Test("the screen follows the window's size", arguments: [(60, 16), (120, 40), (200, 50)])
  func resize(columns: Int, rows: Int) throws {
    let stage = try Stage()
    let tmux = try stage.tmux()
    try #require(tmux.shows(EndingTests.isUp))
    try tmux.resize(columns: columns, rows: rows)
    let fresh = try stage.tmux(columns: columns, rows: rows)
    #expect(Patience.until { fresh.screen == tmux.screen }, "\(tmux.screen)\n\(fresh.screen)")
  }
}
