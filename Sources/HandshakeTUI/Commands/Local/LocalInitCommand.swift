import ArgumentParser
import LocalBackend

extension Store.Reading: ExpressibleByArgument {}

/// `handshake local init`
struct LocalInitCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Make an organization where none is.",
    discussion: """
      Without --empty or --size it is the demonstration: every kind of invitation, every state \
      and every way to be refused. A file that is there is never replaced.
      """)

  @ParentCommand var root: HandshakeCommand
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  @Flag(help: "One organization with one account, one account alone, nothing sent.")
  var empty = false

  @Option(help: ArgumentHelp("This many pending invitations.", valueName: "n"))
  var size: Int?

  @Option(help: ArgumentHelp("Chooses among equal worlds.", valueName: "n"))
  var seed: UInt64 = 1

  @Option(help: "Whose word counts where AWS's own pages contradict each other.")
  var reading = Store.Reading.guide

  @Flag(help: "Enforce the service's request rates.")
  var throttle = false

  /// More takes longer than anybody waits.
  static let sizes = 1...1_000_000

  func check() throws(CommandFailure) {
    if empty, size != nil {
      throw CommandFailure(
        .usage, "--empty and --size contradict each other", remedy: "Give one of them.")
    }
    if let size, !Self.sizes.contains(size) {
      throw CommandFailure(
        .usage, "--size takes 1 to \(Self.sizes.upperBound)", remedy: "Give such a number.")
    }
  }

  func perform(_ run: Invocation) throws(CommandFailure) -> Status {
    let options = Store.Options(
      reading: reading, throttle: throttle, size: size, empty: empty, seed: seed)
    let store = try run.choice.makeStore(options)
    run.note("made \(run.ink.full(store.path))")
    return .done
  }
}
