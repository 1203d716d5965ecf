import ArgumentParser
import HandshakeUI
import Model
import Text

/// `handshake tui`, and `handshake` alone.
struct TUICommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "tui", abstract: "Open the screens, at a handshake if an id is given.")
  static let signals = SignalManner.screens

  @ParentCommand var root: HandshakeCommand
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  @Argument(help: "The handshake to open first: h-…", completion: Completions.ids)
  var id: String?

  func perform(_ run: Invocation) throws(CommandFailure) -> Status {
    let opening = try opening(run)
    let terminal = TerminalSettings(
      environment: run.surroundings.environment, forceASCII: run.settings.ascii.value,
      escapeDelay: Span(milliseconds: Int64(run.settings.escDelay.value)))
    // Before the service: a terminal that can show nothing must not make a store either.
    if let fault = terminal.fault { throw CommandFailure(.usage, fault.text) }
    var run = run
    if run.settings.input.value == "-" {
      run.surroundings.document = try readDocument(run.console)
    }
    let access = try run.openForScreens().forScreens(write: run.settings.write.value)
    if access.writer != nil { try run.settings.places.requireComplete() }
    run.surroundings.dialogue.standDown()
    let start = ScreenStart(run: run, access: access, opening: opening)
    let drafts = access.drafts(in: run.settings.places.state)
    let place = access.service.place
    let zone = SystemZone.steps(around: run.surroundings.time.now())
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

  /// Tells what was sent, in the scrollback.
  private func put(_ result: TerminalApp.Result, _ run: Invocation) throws(CommandFailure) {
    do throws(CommandFailure) {
      try run.put(result.report.map { $0 + "\n" }.joined())
    } catch {
      // Who hung up does not read it; how it ended is the status, and the journal has the rest.
      guard result.ending != .quit else { throw error }
    }
  }

  /// Reads standard input to its end. It may take long, and no screen is up: signals act as usual until
  /// then. Call it on the main thread, before there is another one.
  private func readDocument(_ console: any Console) throws(CommandFailure) -> [UInt8] {
    SignalWatch.unblock()
    defer { SignalWatch.block() }
    return try console.readInput()
  }

  /// What can be told without a terminal.
  private func opening(_ run: Invocation) throws(CommandFailure) -> HandshakeID? {
    let opening = try id.map { (id) throws(CommandFailure) in
      guard let opening = HandshakeID(id) else {
        throw CommandFailure(
          .usage, "\"\(run.ink.full(id))\" is neither a command nor a handshake id",
          remedy: "handshake --help lists the commands; an id begins with h-.")
      }
      return opening
    }
    if run.settings.plain || run.settings.json {
      throw CommandFailure(
        .usage, "the screens do not support --plain and --json",
        remedy: "Use handshake list, handshake show ID, handshake accept ID.")
    }
    // The keys come from /dev/tty, so a document may come from standard input.
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
  /// Where staged answers are kept; a document has none.
  fileprivate func drafts(in state: String) -> Drafts? {
    switch self {
    case .reading: nil
    case .writing: Drafts(path: state)
    }
  }
}
