import Arguments
import Model
import Platform
import ReviewAnswering
import ReviewInbox
import Text

/// The commands `handshake accept`, `decline` and `cancel`.
struct AnswerCommand: Subcommand {
  static let accept = declared(
    .accept, "accept", "Accept handshakes of one expected organization.",
    discussion: """
      Every id must have been sent by --expect-org. Take that id from the ticket, not from a \
      screen. An id that moves an account out of its organization, finalises all features, transfers \
      billing or comes from an organization outside the trust list must be the only id. Each is read \
      again right before it is sent, and not sent if it changed. The first unknown outcome ends \
      the command.
      """
  ) {
    .option(
      "--expect-org", \.expectOrg, "o-…", "The organization that must be the sender. Required.")
  }

  static let decline = declared(
    .decline, "decline", "Decline handshakes sent to one of the accounts."
  ) { .flag("--yes", \.yes, "Confirm. Required.") }

  static let cancel = declared(
    .cancel, "cancel", "Cancel handshakes that one of the organizations sent."
  ) { .flag("--yes", \.yes, "Confirm. Required.") }

  var answer: Answer
  var options = AnswerOptions()
  var expectOrg: String?
  /// Whether `--yes` is given; `--expect-org` takes its place for accept.
  var yes = false
  var signals: SignalPolicy { .watched }

  /// Declares a command with the options of all that answer and its own confirmation.
  private static func declared(
    _ answer: Answer, _ name: String, _ summary: String, discussion: String = "",
    confirmation: @escaping @Sendable () -> Parameter<AnswerCommand>
  ) -> CommandDeclaration<any Subcommand> {
    CommandDeclaration(
      name, summary: summary, discussion: discussion, start: AnswerCommand(answer: answer)
    ) { AnswerOptions.parameters.map { $0.within(\.options) } + [confirmation()] }
  }

  func perform(_ run: CommandContext) throws(CommandFailure) -> Status {
    let expected = try expectOrg.map { (text) throws(CommandFailure) in
      try OrganizationID(argument: text, run.format)
    }
    return try AnswerRun(
      AnswerRequest(
        answer, options, run.format, expected: expected, isConfirmed: yes || answer == .accept),
      run
    ).perform()
  }
}

extension OrganizationID {
  /// Parses an id as typed, with its prefix `o-`.
  ///
  /// - Throws: `CommandFailure` with status `usage` when it is not an organization id.
  init(argument: String, _ format: Formatter) throws(CommandFailure) {
    guard let id = OrganizationID(argument) else {
      throw CommandFailure(
        .usage, "\"\(format.full(argument))\" is not an organization id",
        remedy: "An id is o- and 10 to 32 lower-case letters or digits.")
    }
    self = id
  }
}

/// The options of every command that answers.
struct AnswerOptions: Sendable {
  var ids: [String] = []
  var reason: String?
  var dryRun = false

  static var parameters: [Parameter<AnswerOptions>] {
    [
      .positionals("ids", \.ids, "The handshakes: h-…", completion: Completions.ids),
      .option("--reason", \.reason, "text", "Why, for the journal. Required."),
      .flag("--dry-run", \.dryRun, "Print what would be sent; send nothing."),
    ]
  }
}

/// The request of a command that answers, from its options.
struct AnswerRequest: Hashable, Sendable {
  var answer: Answer
  /// The ids in the order given, each once.
  var ids: [HandshakeID]
  var expected: OrganizationID?
  var reason: Untrusted?
  var isConfirmed: Bool
  var isDryRun: Bool

  /// Reads the options.
  ///
  /// - Throws: `CommandFailure` with status `usage` when one of the ids is not a handshake id.
  init(
    _ answer: Answer, _ options: AnswerOptions, _ format: Formatter,
    expected: OrganizationID? = nil,
    isConfirmed: Bool
  ) throws(CommandFailure) {
    self.answer = answer
    self.expected = expected
    self.isConfirmed = isConfirmed
    reason = options.reason.map { Untrusted($0) }
    isDryRun = options.dryRun
    ids = []
    var seen: Set<HandshakeID> = []
    for text in options.ids {
      let id = try HandshakeID(argument: text, format)
      if seen.insert(id).inserted { ids.append(id) }
    }
  }

  /// Returns the flow of the answers; a dry run counts as confirmed, because it sends nothing.
  func flow(isReadOnly: Bool) -> AnswerFlow {
    AnswerFlow(
      CommandRequest(
        answer, expectedOrganization: expected, reason: reason,
        isConfirmed: isConfirmed || isDryRun, isReadOnly: isReadOnly && !isDryRun), naming: ids)
  }
}

/// The run of a command that answers: the rules first, then one request per handshake, then a
/// report.
struct AnswerRun: Sendable {
  let request: AnswerRequest
  let run: CommandContext

  init(_ request: AnswerRequest, _ run: CommandContext) {
    self.request = request
    self.run = run
  }

  /// Answers the handshakes and reports the results; a dry run reports the effects only.
  ///
  /// - Throws: `CommandFailure` with status `refused` when a rule forbids the command; otherwise
  ///   when the service, the trust list or the journal cannot be used, or a dry run's output cannot
  ///   be written.
  func perform() throws(CommandFailure) -> Status {
    let access = try run.open()
    var flow = request.flow(isReadOnly: access.writer == nil)
    let report = AnswerReport(request: request, run: run)
    if access.service.isDocument { throw report.refuse(.document) }
    if let refusal = flow.request.refusal { throw report.refuse(refusal) }
    if !request.isDryRun { try run.settings.places.requireComplete() }
    let trust = try run.trustList()
    let watch = try SendingWatch()
    let start = flow
    let found = try Blocking.run { () async throws(CommandFailure) in
      try await find(for: start, access.service, trust, watch.stop)
    }
    flow.plan(
      found, from: access.service.place,
      at: found.inbox.now(at: run.dependencies.time.uptime()))
    if let refusal = flow.refusal { throw report.refuse(refusal) }
    if request.isDryRun { return try report.rehearse(flow, found.inbox) }
    guard let writer = access.writer else { throw report.refuse(.readOnly) }
    let sender = Sender(run: run, place: access.service.place, writer: writer, stop: watch.stop)
    let writes = flow.writes
    let results =
      writes.isEmpty
      ? [] : Blocking.run { await sender.send(writes, reason: request.reason) }
    let status = report.tell(flow.entries(results), found.inbox, sender.journalHead)
    return watch.end(with: status)
  }

  /// Reads the handshakes.
  ///
  /// Unresolved attempts of the accounts that would answer are reconciled before, except in a dry
  /// run.
  private func find(
    for flow: AnswerFlow, _ service: Service, _ trust: TrustList, _ stop: StopFlag
  ) async throws(CommandFailure) -> HandshakeSearch {
    let time = run.dependencies.time
    var found = await service.find(flow.ids, trust: trust, searchesOn: true, at: time)
    let reconciling = Reconciling(run: run, service: service)
    if !request.isDryRun,
      try await reconciling.reconcile(of: flow.actors(in: found.inbox), stop: stop)
    {
      found = await service.find(flow.ids, trust: trust, searchesOn: true, at: time)
    }
    run.noteNames(for: flow.ids, of: service, in: &found.inbox)
    if request.isDryRun {
      found = await service.compareNames(of: flow.ids, found, at: time)
      if let unread = found.namesUnread { run.complain(CommandFailure(unread, run.format)) }
    }
    return found
  }
}
