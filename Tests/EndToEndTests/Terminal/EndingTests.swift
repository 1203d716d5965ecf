import Glibc
import TestSupport
import Testing

/// The signals that end a program by default.
enum EndingSignals {
  /// All signals whose default action ends a program, except KILL, crashes and the C library's own
  /// two.
  static let all: [Int32] =
    [
      SIGHUP, SIGINT, SIGQUIT, SIGUSR1, SIGUSR2, SIGPIPE, SIGALRM, SIGTERM, 16, SIGXCPU, SIGXFSZ,
      SIGVTALRM, SIGPROF, SIGIO, SIGPWR, SIGSYS,
    ] + Array(34...64)
  static let some: [Int32] = [
    SIGHUP, SIGINT, SIGQUIT, SIGUSR1, SIGALRM, SIGXCPU, SIGXFSZ, SIGPROF, SIGIO, SIGSYS, 34, 64,
  ]
}

@Suite("However it ends, the terminal is restored (SEC-6.2)", .serialized)
struct EndingTests {
  /// The text of the open screens.
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
    arguments: EndingSignals.all)
  func endingSignals(signal: Int32) throws {
    let stage = try Stage()
    let (terminal, before) = try start(stage)
    terminal.send(signal)
    #expect(terminal.ending() == WaitStatus(exit: 128 + signal))
    terminal.read()
    #expect(terminal.modes == before)
    #expect(terminal.contains("\u{1B}[?1049l") && terminal.contains("\u{1B}[?2004l"))
  }

  @Test("the C library's own signals end nothing, or end it as the others do", arguments: [32, 33])
  func librarySignals(signal: Int32) throws {
    let stage = try Stage()
    let (terminal, before) = try start(stage)
    terminal.send(signal)
    if let ending = terminal.ending(seconds: 1) {
      #expect(ending == WaitStatus(exit: 128 + signal))
    } else {
      terminal.write("q")
      #expect(terminal.ending() == WaitStatus(exit: 0))
    }
    #expect(terminal.modes == before)
  }

  @Test("a command ends by the same signals while it waits", arguments: EndingSignals.some)
  func waitingCommand(signal: Int32) throws {
    let stage = try Stage()
    let terminal = try stage.terminal("list", "--input", "-")
    #expect(Patience.until { Self.isWaiting(terminal.process) })
    terminal.send(signal)
    #expect(terminal.ending() == WaitStatus(signal: signal))
  }

  /// Returns whether the program waits for input.
  private static func isWaiting(_ process: pid_t) -> Bool {
    let descriptor = open("/proc/\(process)/stat", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = Glibc.read(descriptor, &bytes, bytes.count)
    return count > 0 && String(decoding: bytes[..<count], as: UTF8.self).contains(") S ")
  }

  @Test("a question with hidden answer restores the echo", arguments: EndingSignals.some)
  func question(signal: Int32) throws {
    let stage = try Stage()
    try stage.write(
      """
      [profile code]
      region = us-east-1
      role_arn = arn:aws:iam::111122223333:role/Operator
      source_profile = keys
      mfa_serial = arn:aws:iam::111122223333:mfa/operator
      [profile keys]
      aws_access_key_id = AKIDEXAMPLE
      aws_secret_access_key = secret

      """, to: ".aws/config")
    let terminal = try stage.terminal("list", "--backend", "aws", "--profile", "code")
    let before = terminal.modes
    try #require(
      terminal.writes("not shown: "), "\(String(decoding: terminal.bytes, as: UTF8.self))")
    #expect(terminal.modes != before)
    terminal.send(signal)
    #expect(terminal.ending() == WaitStatus(signal: signal))
    #expect(terminal.modes == before)
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

  @Test("when the terminal closes: at once, and without spinning")
  func hangUp() throws {
    let stage = try Stage()
    let (terminal, _) = try start(stage)
    terminal.hangUp()
    #expect(terminal.ending(seconds: 5) == WaitStatus(exit: 128 + SIGHUP))
  }

  @Test("on a terminal that accepts no more bytes: after two seconds, by the watchdog thread")
  func stalled() throws {
    let stage = try Stage()
    let (terminal, before) = try start(stage)
    // Nothing reads any more; each redraw is a screenful.
    terminal.fill(with: "\u{C}")
    terminal.send(SIGTERM)
    #expect(terminal.ending(seconds: 10) == WaitStatus(exit: 128 + SIGTERM))
    #expect(terminal.modes == before)
  }

  @Test("twenty times, at any moment of its start")
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
      // Before the first line of `main` the signal has its default action.
      let endings = [WaitStatus(exit: 128 + SIGTERM), WaitStatus(signal: SIGTERM)]
      let ending = try #require(terminal.ending())
      #expect(endings.contains(ending))
      #expect(terminal.modes == before)
    }
  }
}
