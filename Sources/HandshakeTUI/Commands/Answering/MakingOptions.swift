import ArgumentParser

/// The options of every command that makes a handshake.
struct MakingOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Why, for the journal. Required.", valueName: "text"))
  var reason: String?

  @Flag(help: "Confirm. Required.")
  var yes = false

  @Flag(help: "Print what would be sent; send nothing.")
  var dryRun = false
}
