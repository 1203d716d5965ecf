import Machine
import Model
import Review
import Text
import Wire

/// One request that makes a handshake: rules first, then what it does is told, then it is sent.
struct MakingRun {
  let run: Invocation
  let request: MakingRequest
  let isDryRun: Bool

  init(_ act: MakingRequest.Act, _ options: MakingOptions, _ run: Invocation) {
    self.run = run
    request = MakingRequest(
      act, reason: options.reason.map { Untrusted($0) }, isConfirmed: options.yes)
    isDryRun = options.dryRun
  }

  /// - Parameters:
  ///   - errand: What is sent by an account while it is in an organization.
  ///   - preview: What that does, read from the service.
  func perform(
    _ errand: (AccountID, OrganizationID?) -> Errand,
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
    for line in preview.facts(run.ink).text(.plain).split(separator: "\n") { run.note("\(line)") }
    guard request.isConfirmed else { throw unconfirmed }
    guard let writer = access.writer else { throw refusal(.readOnly) }
    return try send(errand(account, organization), access.service, writer)
  }

  private func send(
    _ errand: Errand, _ service: Service, _ writer: Writer
  ) throws(CommandFailure) -> Status {
    Reconciling(run: run, service: service).noteOpen()
    let watch = try SendingWatch()
    let sender = Sender(run: run, place: service.place, writer: writer, stop: watch.stop)
    let reason = request.reason
    let results = Blocking.run { await sender.send([errand], reason: reason) }
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
      .usage, "--account is required: which management account sends it?",
      remedy: "Name it with --account or HANDSHAKE_ACCOUNT; over AWS, a single "
        + "--profile is enough.")
  }

  /// Asks the service who the account is and which organization it is in.
  private func look(
    as account: AccountID, _ service: Service
  ) throws(CommandFailure) -> (any HandshakeReader, Identity) {
    guard let reader = service.readers(account) else {
      throw CommandFailure(
        .failed, "account \(account.text) cannot be used", remedy: "Name a profile of that account."
      )
    }
    let ink = run.ink
    let identity = try Blocking.run { () async throws(CommandFailure) in
      do throws(BackendError) {
        return try await reader.identityNow().value
      } catch { throw CommandFailure(error, ink) }
    }
    return (reader, identity)
  }

  // MARK: Words

  private func put(_ preview: any MakingPreview) throws(CommandFailure) {
    if run.settings.json {
      try run.put(preview.json)
    } else {
      try run.put(preview.facts(run.ink).text(run.layout))
    }
  }

  private func refusal(_ refusal: SafetyRefusal) -> CommandFailure {
    CommandFailure(.refused, Explanation(refusal, to: .accept, in: run.ink.charset))
  }

  /// With the command line that would send it.
  private var unconfirmed: CommandFailure {
    var failure = refusal(.confirmationMissing)
    failure.remedy = run.confirmingLine
    return failure
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

extension Invocation {
  /// The remedy for a missing `--yes`: this command line with it.
  var confirmingLine: String {
    let words = ["handshake"] + surroundings.arguments
    let end = words.firstIndex(of: "--") ?? words.endIndex
    let line = Array(words[..<end]) + ["--yes"] + words[end...]
    return "To send it: " + ShellWords.text(line, in: ink.charset)
  }
}
