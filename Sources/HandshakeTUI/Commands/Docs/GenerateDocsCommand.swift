import ArgumentParser

/// `handshake generate-docs`: what `scripts/` puts into docs/ and the man page. Not for operators.
struct GenerateDocsCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "generate-docs", abstract: "Print a generated document.", shouldDisplay: false)

  enum Document: String, CaseIterable, ExpressibleByArgument, Sendable {
    case keys
    case man
    case config
  }

  @ParentCommand var root: HandshakeCommand
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  @Argument(help: "keys, man or config.")
  var document: Document

  func perform(_ run: Invocation) throws(CommandFailure) -> Status {
    switch document {
    case .keys: try run.put(KeysPage.text)
    case .man: try run.put(try ManPage.text())
    case .config: try run.put(ConfigurationPage.text)
    }
    return .done
  }
}
