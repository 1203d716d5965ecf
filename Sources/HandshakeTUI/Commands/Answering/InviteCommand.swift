import ArgumentParser
import Machine
import Model
import Review
import Text
import Wire

/// `handshake invite`
struct InviteCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "invite",
    abstract: "Invite an account into the organization that the account manages.",
    discussion: "The target is an account id of 12 digits, or an e-mail address.")
  static let signals = SignalManner.watched

  @ParentCommand var root: HandshakeCommand
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  @Argument(help: "An account id or an e-mail address.")
  var target: String

  @Option(help: ArgumentHelp("A note to the recipient.", valueName: "text"))
  var notes: String?

  @OptionGroup var making: MakingOptions

  func perform(_ run: Invocation) throws(CommandFailure) -> Status {
    let text = Untrusted(target)
    let named: Invitation.Target
    if AccountID(target) != nil {
      named = .account(text)
    } else if EmailAddress(text) != nil {
      named = .email(text)
    } else {
      throw CommandFailure(
        .usage, "\"\(run.ink.full(target))\" is neither an account id nor an e-mail address",
        remedy: "An account id has 12 digits; an address has an @.")
    }
    let invitation = Invitation(to: named, notes: notes.map { Untrusted($0) })
    return try MakingRun(.invite, making, run).perform {
      .invite(invitation, $0, into: $1)
    } preview: { (_, sender) throws(CommandFailure) in
      InvitePreview(invitation: invitation, sender: sender)
    }
  }
}

/// `handshake enable-all-features`
struct EnableAllFeaturesCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "enable-all-features",
    abstract: "Ask every invited member of the account's organization to consent to all features.",
    discussion: """
      This cancels the organization's open invitations, and cannot be undone once finalised. \
      What it requests and cancels is printed before it is sent; --dry-run, or no --yes, prints it \
      and sends nothing. Take the id for --expect-org from the ticket, not from a screen.
      """)
  static let signals = SignalManner.watched

  @ParentCommand var root: HandshakeCommand
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  @OptionGroup var making: MakingOptions

  @Option(
    help: ArgumentHelp(
      "The organization that the account must manage. Required.", valueName: "o-…"))
  var expectOrg: String?

  func perform(_ run: Invocation) throws(CommandFailure) -> Status {
    let expected = try expectOrg.map { (text) throws(CommandFailure) in
      try OrganizationID(argument: text, run.ink)
    }
    return try MakingRun(.enableAllFeatures(expected: expected), making, run).perform {
      .enableAllFeatures($0, in: $1)
    } preview: { (reader, sender) throws(CommandFailure) in
      AllFeaturesPreview(start: try start(reader, sender, run.ink), sender: sender)
    }
  }

  private func start(
    _ reader: any HandshakeReader, _ sender: Identity, _ ink: Ink
  ) throws(CommandFailure) -> AllFeaturesStart {
    try Blocking.run { () async throws(CommandFailure) in
      do throws(BackendError) {
        return try await AllFeaturesStart.read(through: reader, as: sender)
      } catch { throw CommandFailure(error, ink) }
    }
  }
}
