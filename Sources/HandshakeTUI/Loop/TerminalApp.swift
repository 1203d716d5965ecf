import Drawing
import HandshakeUI
import Model
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
