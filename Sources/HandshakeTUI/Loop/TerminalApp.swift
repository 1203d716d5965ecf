import CLinux
import Drawing
import Glibc
import HandshakeUI
import Model
import Review
import Text

/// The screens, from taking the terminal to giving it back.
enum TerminalApp {
  /// A request in flight is waited for this long after the screens are down (SEC-4.4.13).
  private static let patience = Span.seconds(5)

  /// How it ended, and what there is to tell about what was sent.
  struct Result {
    var ending: LoopEnding
    /// Printable lines for the scrollback; empty when nothing was sent.
    var report: [String]
  }

  /// Call on the main thread, in a process that began with `ProcessStart.prepare`. Returns when the
  /// terminal is as it was found and what was begun has ended.
  ///
  /// - Parameter launch: Gets the size and the charset of the terminal.
  static func run(
    _ launch: (Size, Charset) -> Launch, services: ScreenServices, settings: TerminalSettings
  ) throws(TerminalFault) -> Result {
    let mailbox = try Mailbox<LoopPost>()
    let terminal = try Terminal(settings)
    let signals = try SignalWatch { mailbox.post(.signal($0)) }
    let runner = EffectRunner(
      services, loop: { mailbox.post($0) }, post: { mailbox.post(.message($0)) })
    let state = HandshakeUI.State(launch(terminal.size, terminal.charset))
    var loop = EventLoop(state, on: terminal, mailbox: mailbox, time: services.time) {
      runner.start($0)
    }
    let ending = loop.run()
    // The terminal is given back here; only then may the rest take its time.
    _ = consume loop
    signals.standDown()
    runner.finish(within: patience)
    return Result(ending: ending, report: runner.deeds.map { $0.line(in: settings.charset) })
  }
}

/// What the screens act through: made by the command that opens them.
struct ScreenServices: Sendable {
  /// Through which each account looks; nil for one that cannot.
  var reader: @Sendable (AccountID) -> (any HandshakeReader)?
  /// How many reads may go on at a time; nil for any.
  var readsAtOnce: Int?
  /// Through which each account acts. Read-only mode has none for anybody.
  var backend: @Sendable (AccountID) -> (any HandshakeBackend)?
  /// Whose a profile is, by STS. From then on there is a reader for that account.
  var resolve: @Sendable (Untrusted) async -> Result<AccountID, BackendError>
  var logIn: @Sendable (Untrusted) async -> LoginResult
  /// Who asks the operator from now on.
  var takeDialogue: @Sendable (any LoginDialogue) -> Void
  var journal: Journal
  /// Reads the trust list's file; may wait for the disk.
  var readTrust: @Sendable () -> TrustReading
  /// Reads what the runner checks right before each INTENT; may wait for the disk.
  var readRules: @Sendable () -> RulesReading
  var place: ServicePlace
  /// The service's buckets.
  var pace: Pace
  var drafts: Drafts?
  var time: any TimeSource
  var random: any RandomSource
}

/// What is set once for the whole process, before anything else happens in it.
enum ProcessStart {
  /// Call in the first line of `main`: threads inherit the blocked signals, and none may exist yet.
  static func prepare() {
    holdStandardStreams()
    cl_quit_by_default()
    SignalWatch.block()
    umask(0o077)
    cl_forbid_dumps()
    // The TLS libraries would write the keys of every connection into the file that it names.
    unsetenv("SSLKEYLOGFILE")
  }

  /// Sets the size that ncurses begins with. Call after the environment was read, before threads are made.
  ///
  /// Without it newterm fails for entries of terminfo that have no size. It is in our environment alone:
  /// other programs are given one of their own.
  static func assumeScreenSize() {
    setenv("LINES", "24", 1)
    setenv("COLUMNS", "80", 1)
  }

  /// A standard stream that is closed would be the next file that is opened, and what is said would be
  /// written into it. Held by something that cannot be written to, so that this is noticed. Ends the
  /// program where even that cannot be had.
  private static func holdStandardStreams() {
    for stream in Int32(0)...2 where fcntl(stream, F_GETFD) < 0 {
      // The lowest free number is given out; without /dev the root itself does as well.
      var holder = open("/dev/null", O_RDONLY | O_CLOEXEC)
      if holder < 0 { holder = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
      guard holder == stream else { _exit(Status.failed.number) }
    }
  }

  /// Lets the signals act on this thread as the system has it.
  static func letSignalsThrough(for manner: SignalManner) {
    switch manner {
    case .plain:
      cl_size_limit_is_error()
      SignalWatch.unblock()
    case .watched:
      cl_size_limit_is_error()
      // Until something is sent: `SendingWatch` blocks them again.
      SignalWatch.unblockForPreparing()
    case .screens: break
    }
  }
}
