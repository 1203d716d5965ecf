import ArgumentParser
import LocalBackend

extension Store.Reading: ExpressibleByArgument {}

/// `handshake local init`
struct LocalInitCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Create an organization.",
    discussion: """
      Without --empty or --size it is the demonstration, with every kind of invitation, every state \
      and every refusal. An existing file is never replaced.
      """)

  @ParentCommand var root: HandshakeCommand
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  @Flag(help: "One organization with one account, one standalone account, nothing sent.")
  var empty = false

  @Option(help: ArgumentHelp("The number of pending invitations.", valueName: "n"))
  var size: Int?

  @Option(help: ArgumentHelp("The seed of the generated data.", valueName: "n"))
  var seed: UInt64 = 1

  @Option(help: "Which of AWS's contradicting documentation pages to follow.")
  var reading = Store.Reading.guide

  @Flag(help: "Enforce AWS's rate limits.")
  var throttle = false

  /// More takes longer than anybody waits.
  static let sizes = 1...1_000_000

  func check() throws(CommandFailure) {
    if empty, size != nil {
      throw CommandFailure(
        .usage, "--empty and --size cannot be combined", remedy: "Use one of them.")
    }
    if let size, !Self.sizes.contains(size) {
      throw CommandFailure(
        .usage, "invalid --size", remedy: "Use a number from 1 to \(Self.sizes.upperBound).")
    }
  }

  func perform(_ run: Invocation) throws(CommandFailure) -> Status {
    let options = Store.Options(
      reading: reading, throttle: throttle, size: size, empty: empty, seed: seed)
    let store = try run.choice.makeStore(options)
    run.note("created \(run.ink.full(store.path))")
    return .done
  }
}
