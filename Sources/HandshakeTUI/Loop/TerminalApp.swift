import CLinux
import Drawing
import Glibc
import HandshakeUI
import Model
import ReviewAnswering
import ReviewJournal
import ReviewWording
import Terminal
import Text

/// The screens, from opening the terminal to restoring it.
enum TerminalApp {
  /// The time for which a request in flight is awaited after the screens have ended (SEC-4.4.13).
  private static let patience = Span.seconds(5)

  /// The reason that the screens ended, and the report of what was sent.
  struct Result {
    var ending: LoopEnding
    /// Printable lines for the scrollback; empty when nothing was sent.
    var report: [String]
  }

  /// Runs the screens on the main thread, in a process that began with `ProcessStart.prepare`.
  ///
  /// It returns when the terminal is as it was found and all work has ended, or its time is up.
  /// `launch` gets the size and the character set of the terminal.
  ///
  /// - Throws: `TerminalFault` when the terminal cannot be used, or a descriptor for events or
  ///   signals cannot be created.
  static func run(
    _ launch: (Size, Charset) -> Launch, services: ScreenServices, settings: TerminalSettings
  ) throws(TerminalFault) -> Result {
    let mailbox = try Mailbox<LoopPost>()
    let terminal = try CursesTerminal(settings)
    let signals = try SignalWatch { mailbox.post(.signal($0)) }
    let runner = EffectRunner(
      services, loop: { mailbox.post($0) }, post: { mailbox.post(.message($0)) })
    let interface = Interface(launch(terminal.size, terminal.charset))
    var loop = EventLoop(interface, on: terminal, mailbox: mailbox, time: services.time) {
      runner.start($0)
    }
    let ending = loop.run()
    // The terminal is restored here; only then may the rest take its time.
    _ = consume loop
    signals.standDown()
    runner.finish(within: patience)
    let summary = ExitSummary(runner.sentAnswers)
    return Result(ending: ending, report: summary.lines(in: settings.charset))
  }
}

/// The services of the screens, made by the command that opens them.
struct ScreenServices: Sendable {
  /// The reader of each account; nil for an account that cannot be read.
  var reader: @Sendable (AccountID) -> (any HandshakeReader)?
  /// The most reads at a time; nil for no limit.
  var readsAtOnce: Int?
  /// The backend that each account acts through; always nil in a read-only session.
  var backend: @Sendable (AccountID) -> (any HandshakeBackend)?
  /// Resolves the account of a profile by STS, after which that account has a reader.
  var resolve: @Sendable (Untrusted) async -> Result<AccountID, BackendError>
  var logIn: @Sendable (Untrusted) async -> LoginResult
  /// Sets the dialogue through which the operator is asked from now on.
  var takeDialogue: @Sendable (any LoginDialogue) -> Void
  var journal: Journal
  /// Reads the trust list's file; it may wait for the disk.
  var readTrust: @Sendable () -> TrustReading
  /// Reads the rules that the runner checks right before each INTENT; it may wait for the disk.
  var readRules: @Sendable () -> RulesReading
  var place: ServicePlace
  /// The request rates of the service.
  var pace: Pace
  var drafts: StagingStore?
  var time: any TimeSource
  var random: any RandomSource
}

/// The settings of the whole process, made before anything else runs in it.
enum ProcessStart {
  /// Prepares the process, in the first line of `main`.
  ///
  /// No thread may exist yet, because threads inherit the blocked signals.
  static func prepare() {
    holdStandardStreams()
    cl_quit_by_default()
    SignalWatch.block()
    umask(0o077)
    cl_forbid_dumps()
    // The TLS libraries would write the keys of every connection into the file that it names.
    unsetenv("SSLKEYLOGFILE")
  }

  /// Sets the size that ncurses starts with, after the environment was read and before a thread
  /// exists.
  ///
  /// Without it newterm fails for terminfo entries that have no size. It is set in our environment
  /// only: other programs are given one of their own.
  static func assumeScreenSize() {
    setenv("LINES", "24", 1)
    setenv("COLUMNS", "80", 1)
  }

  /// Opens every closed standard stream on something that cannot be written to.
  ///
  /// Otherwise the next file that is opened would become the stream, and output would be written
  /// into it. The program ends when this fails.
  private static func holdStandardStreams() {
    for stream in Int32(0)...2 where fcntl(stream, F_GETFD) < 0 {
      // The lowest free number is used; without /dev the root directory serves as well.
      var holder = open("/dev/null", O_RDONLY | O_CLOEXEC)
      if holder < 0 { holder = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
      guard holder == stream else { _exit(Status.failed.number) }
    }
  }

  /// Restores the default action of the signals on this thread, as far as the policy says.
  static func letSignalsThrough(for manner: SignalPolicy) {
    switch manner {
    case .plain:
      cl_size_limit_is_error()
      SignalWatch.unblock()
    case .watched:
      cl_size_limit_is_error()
      // They stay unblocked until something is sent: `SendingWatch` blocks them again.
      SignalWatch.unblockForPreparing()
    case .screens: break
    }
  }
}
