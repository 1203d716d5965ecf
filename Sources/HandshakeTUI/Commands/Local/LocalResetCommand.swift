import ArgumentParser
import LocalBackend
import Machine

/// `handshake local reset`
struct LocalResetCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "reset",
    abstract: "Recreate the embedded organization with its original options.",
    discussion: "Its handshakes, memberships and clock are reset; the journal is kept.")

  @ParentCommand var root: HandshakeCommand
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  func perform(_ run: Invocation) throws(CommandFailure) -> Status {
    try run.refuseReadOnly()
    let store = try run.choice.openStore()
    let ink = run.ink
    try Blocking.run { () async throws(CommandFailure) in
      try await store.told(ink) { store throws(StoreError) in try await store.reset() }
    }
    run.note("recreated \(ink.full(store.path))")
    return .done
  }
}

extension Invocation {
  /// For a command that changes something.
  func refuseReadOnly() throws(CommandFailure) {
    guard settings.readOnly.value else { return }
    throw CommandFailure(
      .refused, "read-only mode: nothing was changed",
      why: settings.readOnly.origin.text(ink), remedy: "Remove that setting first.")
  }
}
