import ArgumentParser

/// `handshake local`
struct LocalCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "local",
    abstract: "Create and manage the embedded organization.",
    subcommands: [
      LocalInitCommand.self, LocalAccountsCommand.self, LocalAdvanceCommand.self,
      LocalResetCommand.self,
    ])
}
