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

  @Option(help: ArgumentHelp("What the recipient is told.", valueName: "text"))
  var notes: String?

  @Flag(help: "Say what would be sent; send nothing.")
  var dryRun = false

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
    return try SendingRun(run: run, isDryRun: dryRun).perform { .invite(invitation, $0) }
  }
}

/// `handshake enable-all-features`
struct EnableAllFeaturesCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "enable-all-features",
    abstract: "Ask every invited member of the account's organization to consent to all features.")
  static let signals = SignalManner.watched

  @ParentCommand var root: HandshakeCommand
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  @Flag(help: "Say what would be sent; send nothing.")
  var dryRun = false

  func perform(_ run: Invocation) throws(CommandFailure) -> Status {
    try SendingRun(run: run, isDryRun: dryRun).perform { .enableAllFeatures($0) }
  }
}

/// One request that makes a handshake.
struct SendingRun {
  let run: Invocation
  let isDryRun: Bool

  func perform(_ errand: (AccountID) -> Errand) throws(CommandFailure) -> Status {
    let access = try run.open()
    if access.service.isDocument {
      throw CommandFailure(
        .refused, Explanation(SafetyRefusal.document, to: .accept, in: run.ink.charset))
    }
    let account = try sender(in: access.service)
    let errand = errand(account)
    if isDryRun {
      run.note("dry run: nothing was sent; \(account.text) would send it")
      return .done
    }
    guard let writer = access.writer else {
      throw CommandFailure(
        .refused, Explanation(SafetyRefusal.readOnly, to: .accept, in: run.ink.charset))
    }
    Reconciling(run: run, service: access.service).noteOpen()
    let watch = try SendingWatch()
    let sender = Sender(run: run, place: access.service.place, writer: writer, stop: watch.stop)
    let results = Blocking.run { await sender.send([errand], reason: nil) }
    if let head = sender.journalHead { run.note(head) }
    guard let result = results.first else { return watch.end(with: .failed) }
    return watch.end(with: tell(result, errand))
  }

  /// The account that was named, or the only one there is.
  private func sender(in service: Service) throws(CommandFailure) -> AccountID {
    if let account = run.settings.account.value { return account }
    if let only = service.profiles.first, service.profiles.count == 1, service.unknown.isEmpty {
      return only.account
    }
    throw CommandFailure(
      .usage, "--account is missing", why: "who sends it must be said",
      remedy: "Give the management account with --account or HANDSHAKE_ACCOUNT; over AWS, its one "
        + "--profile will do.")
  }

  private func tell(_ result: ErrandResult, _ errand: Errand) -> Status {
    let explanation = Explanation(result.outcome, of: errand, in: run.ink.charset)
    if let fault = result.unwritten { run.complain(CommandFailure(fault, run.ink)) }
    guard case .done(let handshake, _) = result.outcome else {
      run.complain(CommandFailure(result.status, explanation))
      return result.status
    }
    if run.settings.json, let handshake {
      run.tell(handshake.document(run.style()), explanation.what)
    } else {
      run.tell(Array(explanation.what.utf8), explanation.what)
    }
    return result.status
  }
}
