import ArgumentParser

/// `handshake local`
struct LocalCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "local",
    abstract: "Make and look after the embedded organization.",
    subcommands: [
      LocalInitCommand.self, LocalAccountsCommand.self, LocalAdvanceCommand.self,
      LocalResetCommand.self,
    ])
}
