import Arguments
import Drawing
import HandshakeUI
import Model
import Terminal
import Text

/// The command `handshake tui`, and `handshake` without a command.
struct TUICommand: Subcommand {
  static let declaration = CommandDeclaration(
    "tui", summary: "Open the screens, at a handshake if an id is given.",
    start: TUICommand()
  ) {
    [
      .positional(
        "id", \.id, "The handshake to open first: h-…", completion: Completions.ids)
    ]
  }

  var id: String?
  var signals: SignalPolicy { .screens }

  func perform(_ run: CommandContext) throws(CommandFailure) -> Status {
    let opening = try opening(run)
    let terminal = TerminalSettings(
      environment: run.dependencies.environment, forceASCII: run.settings.ascii.value,
      escapeDelay: Span(milliseconds: Int64(run.settings.escDelay.value)))
    // Checked before the service is opened: an unusable terminal must not lead to a new store.
    if let fault = terminal.fault { throw CommandFailure(.usage, fault.text) }
    var run = run
    if run.settings.input.value == "-" {
      run.dependencies.document = try readDocument(run.console)
    }
    let access = try run.openForScreens().forScreens(write: run.settings.write.value)
    if access.writer != nil { try run.settings.places.requireComplete() }
    run.dependencies.dialogue.standDown()
    let start = ScreenStart(run: run, access: access, opening: opening)
    let drafts = access.drafts(in: run.settings.places.state)
    let place = access.service.place
    let zone = SystemZone.steps(around: run.dependencies.time.now())
    let result: TerminalApp.Result
    do throws(TerminalFault) {
      result = try TerminalApp.run(
        { size, charset in
          start.launch(size, charset, zone: zone, kept: drafts?.kept(for: place) ?? [])
        },
        services: start.services(drafts: drafts), settings: terminal)
    } catch {
      throw CommandFailure(.usage, error.text)
    }
    try put(result, run)
    switch result.ending {
    case .quit: return .done
    case .signal(let number): return .signal(number)
    case .terminalLost: return .signal(1)
    }
  }

  /// Prints what was sent, into the scrollback.
  private func put(_ result: TerminalApp.Result, _ run: CommandContext) throws(CommandFailure) {
    do throws(CommandFailure) {
      try run.put(result.report.map { $0 + "\n" }.joined())
    } catch {
      // After a hangup nobody reads it; the status says how the screens ended, and the journal has
      // the rest.
      guard result.ending != .quit else { throw error }
    }
  }

  /// Reads standard input to its end.
  ///
  /// That may take long, and no screen is shown: until then signals have their default actions. It
  /// is called on the main thread, before another one exists.
  private func readDocument(_ console: any Console) throws(CommandFailure) -> [UInt8] {
    SignalWatch.unblock()
    defer { SignalWatch.block() }
    return try console.readInput()
  }

  /// Checks what is known without opening the terminal, and returns the handshake to open.
  private func opening(_ run: CommandContext) throws(CommandFailure) -> HandshakeID? {
    let opening = try id.map { (id) throws(CommandFailure) in
      guard let opening = HandshakeID(id) else {
        let commands = HandshakeCommand.declaration.visibleChildren.map(\.name)
        let meant = NearMiss.of(id, among: commands).map { "Did you mean \($0)? " } ?? ""
        throw CommandFailure(
          .usage, "\"\(run.format.full(id))\" is neither a command nor a handshake id",
          remedy: meant + "handshake --help lists the commands; an id begins with h-.")
      }
      return opening
    }
    if run.settings.plain || run.settings.json {
      throw CommandFailure(
        .usage, "the screens do not support --plain and --json",
        remedy: "Use handshake list, handshake show ID, handshake accept ID.")
    }
    // The keys are read from /dev/tty, so a document may be read from standard input.
    let isInputTaken = run.settings.input.value == "-"
    guard run.console.isTerminal(.output), isInputTaken || run.console.isTerminal(.input) else {
      throw CommandFailure(
        .usage, "the screens need a terminal", why: "stdin and stdout must be terminals",
        remedy: "Use handshake list, handshake show ID, handshake accept ID.")
    }
    return opening
  }
}

extension Access {
  /// Returns the store of staged answers; nil in a read-only session, as with a document.
  fileprivate func drafts(in state: String) -> StagingStore? {
    switch self {
    case .reading: nil
    case .writing: StagingStore(path: state)
    }
  }
}

/// The initial state and the services of the screens, from the settings and the service.
struct ScreenStart: Sendable {
  let run: CommandContext
  let access: Access
  let opening: HandshakeID?

  private var service: Service { access.service }

  private var mode: Mode {
    if case .writing = access { .write } else { .readOnly }
  }

  func launch(_ size: Size, _ charset: Charset, zone: Zone?, kept: [StagedAnswer]) -> Launch {
    let time = run.dependencies.time
    return Launch(
      size: size, charset: charset, place: service.place, backend: service.label,
      endpoint: service.foreign.endpoint,
      certificates: service.foreign.certificates,
      doubtfulFile: service.foreign.file, mode: mode,
      profiles: service.profiles, unresolved: service.unresolved,
      account: run.settings.account.value, storeOffset: service.clockOffset, clock: time.now(),
      uptime: time.uptime(),
      grace: .seconds(Int64(run.settings.grace.value)), zone: zone, opening: opening, kept: kept)
  }

  /// Returns the services of the screens; with nil `drafts`, staged answers are not kept.
  func services(drafts: StagingStore?) -> ScreenServices {
    let start = self
    let backend: @Sendable (AccountID) -> (any HandshakeBackend)?
    let pace: Pace
    switch access {
    case .reading:
      backend = { _ in nil }
      pace = .unlimited
    case .writing(_, let writer):
      backend = writer.backends
      pace = writer.pace
    }
    return ScreenServices(
      reader: service.readers, readsAtOnce: service.readsAtOnce, backend: backend,
      resolve: service.resolve, logIn: service.logIn,
      takeDialogue: service.takeDialogue, journal: run.journal,
      readTrust: { start.trustReading }, readRules: run.rulesReader,
      place: service.place, pace: pace, drafts: drafts, time: run.dependencies.time,
      random: run.dependencies.random)
  }

  /// The trust list as it is on the disk now.
  var trustReading: TrustReading {
    do throws(CommandFailure) {
      return .list(try run.trustList())
    } catch {
      return .failed(error.text)
    }
  }
}
