import ArgumentParser
import Model
import Review
import Text

/// `handshake accept`
struct AcceptCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "accept",
    abstract: "Accept handshakes of one expected organization.",
    discussion: """
      Every id must have been sent by --expect-org. Take that id from the ticket, not from a \
      screen. An id that moves an account out of its organization, finalises all features, transfers \
      billing or comes from an organization outside the trust list must be the only id. Each is read \
      again right before it is sent, and not sent if it changed. The first unknown outcome ends \
      the command.
      """)
  static let signals = SignalManner.watched

  @ParentCommand var root: HandshakeCommand
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere
  @OptionGroup var answer: AnswerOptions

  @Option(
    help: ArgumentHelp("The organization that must be the sender. Required.", valueName: "o-…"))
  var expectOrg: String?

  func perform(_ run: Invocation) throws(CommandFailure) -> Status {
    let expected = try expectOrg.map { (text) throws(CommandFailure) in
      try OrganizationID(argument: text, run.ink)
    }
    return try AnswerRun(
      AnswerRequest(.accept, answer, run.ink, expected: expected, isConfirmed: true), run
    ).perform()
  }
}

/// `handshake decline`
struct DeclineCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "decline", abstract: "Decline handshakes sent to one of the accounts.")
  static let signals = SignalManner.watched

  @ParentCommand var root: HandshakeCommand
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere
  @OptionGroup var answer: AnswerOptions

  @Flag(help: "Confirm. Required.")
  var yes = false

  func perform(_ run: Invocation) throws(CommandFailure) -> Status {
    try AnswerRun(AnswerRequest(.decline, answer, run.ink, isConfirmed: yes), run).perform()
  }
}

/// `handshake cancel`
struct CancelCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "cancel", abstract: "Cancel handshakes that one of the organizations sent.")
  static let signals = SignalManner.watched

  @ParentCommand var root: HandshakeCommand
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere
  @OptionGroup var answer: AnswerOptions

  @Flag(help: "Confirm. Required.")
  var yes = false

  func perform(_ run: Invocation) throws(CommandFailure) -> Status {
    try AnswerRun(AnswerRequest(.cancel, answer, run.ink, isConfirmed: yes), run).perform()
  }
}

extension OrganizationID {
  /// An id as it was typed, with its prefix.
  init(argument: String, _ ink: Ink) throws(CommandFailure) {
    guard let id = OrganizationID(argument) else {
      throw CommandFailure(
        .usage, "\"\(ink.full(argument))\" is not an organization id",
        remedy: "An id is o- and 10 to 32 lower-case letters or digits.")
    }
    self = id
  }
}
