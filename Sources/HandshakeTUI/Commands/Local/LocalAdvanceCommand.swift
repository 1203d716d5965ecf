import ArgumentParser
import LocalBackend
import Machine
import Model

/// `handshake local advance`
struct LocalAdvanceCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "advance",
    abstract: "Advance the clock of the embedded organization.",
    discussion: "Handshakes expire accordingly, and ended ones are forgotten after 30 days.")

  @ParentCommand var root: HandshakeCommand
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  @Argument(help: "The duration: 90m, 48h, 16d.")
  var duration: String

  func perform(_ run: Invocation) throws(CommandFailure) -> Status {
    guard let span = Span(duration), span > .zero else {
      throw CommandFailure(
        .usage, "\"\(run.ink.full(duration))\" is not a duration",
        remedy: "Write it as 90m, 48h or 16d.")
    }
    try run.refuseReadOnly()
    let store = try run.choice.openStore()
    let ink = run.ink
    let clock = try Blocking.run { () async throws(CommandFailure) in
      try await store.told(ink) { store throws(StoreError) in try await store.advance(span) }
    }
    run.note(
      "the organization's clock is now \(clock.now.awsCLIText), \(clock.advanced.leftText) ahead")
    return .done
  }
}
