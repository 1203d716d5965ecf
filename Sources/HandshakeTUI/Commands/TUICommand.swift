import ArgumentParser
import Model

/// `handshake tui`, and `handshake` alone.
struct TUICommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "tui", abstract: "Open the screens; with an id, at that handshake.")

  @ParentCommand var root: HandshakeCommand
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  @Argument(help: "The handshake to open first: h-…")
  var id: String?

  func perform(_ run: Invocation) throws(CommandFailure) -> Status {
    if let id, HandshakeID(id) == nil {
      throw CommandFailure(
        .usage, "\"\(run.ink.full(id))\" is neither a command nor a handshake id",
        remedy: "handshake --help lists the commands; an id begins with h-.")
    }
    if run.settings.plain {
      throw CommandFailure(
        .usage, "the screens cannot be plain", remedy: "Use handshake list, show and accept.")
    }
    guard run.console.isTerminal(.output) else {
      throw CommandFailure(
        .usage, "the screens need a terminal", why: "standard output is none",
        remedy: "Use handshake list, handshake show ID, or handshake accept ID.")
    }
    return .done
  }
}
