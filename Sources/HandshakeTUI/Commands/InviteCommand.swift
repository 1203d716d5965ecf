import Arguments
import Model
import Platform
import ReviewAnswering
import ReviewInbox
import ReviewWording
import Text
import Wire

/// The command `handshake invite`.
struct InviteCommand: Subcommand {
  static let declaration = CommandDeclaration(
    "invite", summary: "Invite an account into the organization that the account manages.",
    discussion: "The target is an account id of 12 digits, or an e-mail address.",
    start: InviteCommand()
  ) {
    [
      .positional("target", \.target, "An account id or an e-mail address."),
      .option("--notes", \.notes, "text", "A note to the recipient."),
    ] + MakingOptions.parameters.map { $0.within(\.making) }
  }

  var target = ""
  var notes: String?
  var making = MakingOptions()
  var signals: SignalPolicy { .watched }

  func perform(_ run: CommandContext) throws(CommandFailure) -> Status {
    let text = Untrusted(target)
    let named: Invitation.Target
    if AccountID(target) != nil {
      named = .account(text)
    } else if EmailAddress(text) != nil {
      named = .email(text)
    } else {
      throw CommandFailure(
        .usage, "\"\(run.format.full(target))\" is neither an account id nor an e-mail address",
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

/// The command `handshake enable-all-features`.
struct EnableAllFeaturesCommand: Subcommand {
  static let declaration = CommandDeclaration(
    "enable-all-features",
    summary: "Ask every invited member of the account's organization to consent to all features.",
    discussion: """
      This cancels the organization's open invitations, and cannot be undone once finalised. \
      What it requests and cancels is printed before it is sent; --dry-run, or no --yes, prints it \
      and sends nothing. Take the id for --expect-org from the ticket, not from a screen.
      """,
    start: EnableAllFeaturesCommand()
  ) {
    MakingOptions.parameters.map { $0.within(\.making) } + [
      .option(
        "--expect-org", \.expectOrg, "o-…",
        "The organization that the account must manage. Required.")
    ]
  }

  var making = MakingOptions()
  var expectOrg: String?
  var signals: SignalPolicy { .watched }

  func perform(_ run: CommandContext) throws(CommandFailure) -> Status {
    let expected = try expectOrg.map { (text) throws(CommandFailure) in
      try OrganizationID(argument: text, run.format)
    }
    return try MakingRun(.enableAllFeatures(expected: expected), making, run).perform {
      .enableAllFeatures($0, in: $1)
    } preview: { (reader, sender) throws(CommandFailure) in
      AllFeaturesPreview(start: try start(reader, sender, run.format), sender: sender)
    }
  }

  private func start(
    _ reader: any HandshakeReader, _ sender: Identity, _ format: Formatter
  ) throws(CommandFailure) -> AllFeaturesStart {
    try Blocking.run { () async throws(CommandFailure) in
      do throws(BackendError) {
        return try await AllFeaturesStart.read(through: reader, as: sender)
      } catch { throw CommandFailure(error, format) }
    }
  }
}

/// The options of every command that creates a handshake.
struct MakingOptions: Sendable {
  var reason: String?
  var yes = false
  var dryRun = false

  static var parameters: [Parameter<MakingOptions>] {
    [
      .option("--reason", \.reason, "text", "Why, for the journal. Required."),
      .flag("--yes", \.yes, "Confirm. Required."),
      .flag("--dry-run", \.dryRun, "Print what would be sent; send nothing."),
    ]
  }
}

/// The run of a command that creates a handshake: the rules, its effects, then the request.
struct MakingRun {
  let run: CommandContext
  let request: MakingRequest
  let isDryRun: Bool

  init(_ act: MakingRequest.Act, _ options: MakingOptions, _ run: CommandContext) {
    self.run = run
    request = MakingRequest(
      act, reason: options.reason.map { Untrusted($0) }, isConfirmed: options.yes)
    isDryRun = options.dryRun
  }

  /// Prints the effects that `preview` reads from the service, then sends the request that `write`
  /// makes.
  ///
  /// A dry run ends after the effects.
  ///
  /// - Throws: `CommandFailure` with status `refused` when a rule forbids the request or `--yes` is
  ///   missing; otherwise when the service or the account cannot be used, the preview cannot be
  ///   read, or its output cannot be written.
  func perform(
    _ write: (AccountID, OrganizationID?) -> WriteRequest,
    preview: (any HandshakeReader, Identity) throws(CommandFailure) -> any MakingPreview
  ) throws(CommandFailure) -> Status {
    let access = try run.open()
    if access.service.isDocument { throw refusal(.document) }
    let account = try sender(in: access.service)
    if !isDryRun {
      if access.writer == nil { throw refusal(.readOnly) }
      if let refused = request.refusal { throw refusal(refused) }
      try run.settings.places.requireComplete()
    }
    let (reader, identity) = try look(as: account, access.service)
    let organization = identity.organization?.id
    if let refused = request.refusal(of: account, in: organization) { throw refusal(refused) }
    let preview = try preview(reader, identity)
    if isDryRun {
      try put(preview)
      run.note("dry run: nothing was sent")
      return .done
    }
    for line in preview.facts(run.format).text(.plain).split(separator: "\n") {
      run.note("\(line)")
    }
    guard request.isConfirmed else { throw unconfirmed }
    guard let writer = access.writer else { throw refusal(.readOnly) }
    return try send(write(account, organization), access.service, writer)
  }

  private func send(
    _ write: WriteRequest, _ service: Service, _ writer: Writer
  ) throws(CommandFailure) -> Status {
    Reconciling(run: run, service: service).noteOpen()
    let watch = try SendingWatch()
    let sender = Sender(run: run, place: service.place, writer: writer, stop: watch.stop)
    let reason = request.reason
    let results = Blocking.run { await sender.send([write], reason: reason) }
    if let head = sender.journalHead { run.note(head) }
    guard let result = results.first else { return watch.end(with: .failed) }
    return watch.end(with: tell(result, write))
  }

  /// Returns the account of the settings, or the only one of the service.
  private func sender(in service: Service) throws(CommandFailure) -> AccountID {
    if let account = run.settings.account.value { return account }
    if let only = service.profiles.first, service.profiles.count == 1, service.unknown.isEmpty {
      return only.account
    }
    throw CommandFailure(
      .usage, "--account is required: which management account sends it?",
      remedy: "Name it with --account or HANDSHAKE_ACCOUNT; over AWS, a single "
        + "--profile is enough.")
  }

  /// Reads the identity of the account, with its organization.
  private func look(
    as account: AccountID, _ service: Service
  ) throws(CommandFailure) -> (any HandshakeReader, Identity) {
    guard let reader = service.readers(account) else {
      throw CommandFailure(
        .failed, "account \(account.text) cannot be used", remedy: "Name a profile of that account."
      )
    }
    switch Blocking.run({ await service.reads.identityNow(account) }) {
    case .success(let reply): return (reader, reply.value)
    case .failure(let error): throw CommandFailure(error, run.format)
    }
  }

  // MARK: Words

  private func put(_ preview: any MakingPreview) throws(CommandFailure) {
    if run.settings.json {
      try run.put(preview.json)
    } else {
      try run.put(preview.facts(run.format).text(run.layout))
    }
  }

  private func refusal(_ refusal: SafetyRefusal) -> CommandFailure {
    CommandFailure(.refused, Explanation(refusal, to: .accept, in: run.format.charset))
  }

  /// The failure without `--yes`, with the command line that would send the request.
  private var unconfirmed: CommandFailure {
    var failure = refusal(.confirmationMissing)
    failure.remedy = run.confirmingLine
    return failure
  }

  private func tell(_ result: WriteResult, _ write: WriteRequest) -> Status {
    let explanation = Explanation(result.outcome, of: write, in: run.format.charset)
    if let fault = result.unwritten { run.complain(CommandFailure(fault, run.format)) }
    guard case .done(let handshake, _) = result.outcome else {
      run.complain(CommandFailure(Status(result.status), explanation))
      return Status(result.status)
    }
    if run.settings.json, let handshake {
      run.tell(handshake.document(run.style()), explanation.what)
    } else {
      run.tell(Array(explanation.what.utf8), explanation.what)
    }
    return Status(result.status)
  }
}

extension CommandContext {
  /// The remedy for a missing `--yes`: this command line with it.
  var confirmingLine: String {
    let words = ["handshake"] + dependencies.arguments
    let end = words.firstIndex(of: "--") ?? words.endIndex
    let line = Array(words[..<end]) + ["--yes"] + words[end...]
    return "To send it: " + ShellWords.text(line, in: format.charset)
  }
}

/// The effects of a request that creates a handshake, as `--dry-run` or a missing `--yes` prints
/// them.
protocol MakingPreview {
  func facts(_ format: Formatter) -> Facts
  var json: JSONValue { get }
}

struct InvitePreview: MakingPreview {
  let invitation: Invitation
  let sender: Identity

  private var target: Untrusted {
    switch invitation.target {
    case .account(let text), .email(let text): text
    }
  }

  func facts(_ format: Formatter) -> Facts {
    var facts = Facts()
    facts.add("Would invite", format.full(target))
    facts.add("As", sender.account.text)
    facts.add("Into", sender.organization?.id.text ?? "no organization: AWS will refuse it")
    facts.add("Notes", invitation.notes.map { format.full($0) })
    for effect in effects { facts.add("Effect", effect) }
    return facts
  }

  /// The effects of the invitation, and of accepting it.
  private var effects: [String] {
    let payer = sender.organization?.managementAccount ?? sender.account
    return [
      "nothing changes before the account accepts; the attempt counts for 24 hours",
      "if accepted: the account joins the organization, whose policies apply to it at once",
      "if accepted: \(payer.text) pays all of its charges and sees all of its costs",
    ]
  }

  var json: JSONValue {
    .members([
      ("Would", .text("invite")), ("Target", .string(target)),
      ("AccountId", .text(sender.account.text)),
      ("OrganizationId", sender.organization.map { .text($0.id.text) }),
      ("Notes", invitation.notes.map { .string($0) }),
      ("Effects", .array(effects.map { .text($0) })),
    ])
  }
}

struct AllFeaturesPreview: MakingPreview {
  let start: AllFeaturesStart
  let sender: Identity

  func facts(_ format: Formatter) -> Facts {
    var facts = Facts()
    facts.add("Would enable", "all features; cannot be undone once finalised")
    facts.add("As", sender.account.text)
    facts.add("Organization", sender.organization?.id.text)
    for member in start.asks {
      facts.add("Asks", "\(member.account.text) \(format.full(member.name))")
    }
    if start.asks.isEmpty { facts.add("Asks", "no member: none was invited") }
    if start.mayAskMore {
      facts.add("May ask", "members created by it that deleted the service-linked role")
    }
    for invitation in start.cancels {
      facts.add("Cancels", invitation.words(format))
    }
    if start.cancels.isEmpty { facts.add("Cancels", "no invitation: none is open") }
    return facts
  }

  var json: JSONValue {
    .members([
      ("Would", .text("enable-all-features")), ("AccountId", .text(sender.account.text)),
      ("OrganizationId", sender.organization.map { .text($0.id.text) }),
      (
        "Asks",
        .array(
          start.asks.map { .members([("Id", .text($0.account.text)), ("Name", .string($0.name))]) })
      ),
      ("MayAskMore", .bool(start.mayAskMore)),
      ("Cancels", .array(start.cancels.map { $0.id.map { .text($0.text) } ?? .null })),
    ])
  }
}

extension Handshake {
  /// Describes an invitation by its id and recipient.
  fileprivate func words(_ format: Formatter) -> String {
    let invited =
      recipientAccount?.text ?? recipientEmail.map { format.full($0) } ?? "an unknown recipient"
    return "\(id?.text ?? "an invitation without an id"), to \(invited)"
  }
}
