import ArgumentParser

/// What every command that answers takes.
struct AnswerOptions: ParsableArguments {
  @Argument(help: "The handshakes: h-…", completion: Completions.ids)
  var ids: [String]

  @Option(help: ArgumentHelp("Why, for the journal. Required.", valueName: "text"))
  var reason: String?

  @Flag(help: "Print what would be sent; send nothing.")
  var dryRun = false

  func validate() throws {
    if ids.isEmpty { throw ValidationError("Missing expected argument '<ids> ...'") }
  }
}
