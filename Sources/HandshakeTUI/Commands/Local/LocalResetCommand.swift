import ArgumentParser
import LocalBackend
import Machine

/// `handshake local reset`
struct LocalResetCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "reset",
    abstract: "Make the embedded organization anew, with the options it was made with.",
    discussion: "Its handshakes, memberships and clock begin again; the journal stays.")

  @ParentCommand var root: HandshakeCommand
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  func perform(_ run: Invocation) throws(CommandFailure) -> Status {
    try run.refuseReadOnly()
    let store = try run.choice.openStore()
    let ink = run.ink
    try Blocking.run { () async throws(CommandFailure) in
      try await store.told(ink) { store throws(StoreError) in try await store.reset() }
    }
    run.note("made \(ink.full(store.path)) anew")
    return .done
  }
}

extension Invocation {
  /// For a command that changes something.
  func refuseReadOnly() throws(CommandFailure) {
    guard settings.readOnly.value else { return }
    throw CommandFailure(
      .refused, "nothing is changed in read-only mode",
      why: settings.readOnly.origin.text(ink), remedy: "Take that away, if you may.")
  }
}
