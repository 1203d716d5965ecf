import Machine
import Model
import Review
import Text

/// Accepts, declines or cancels: rules first, then one request for each, then what became of it.
struct AnswerRun: Sendable {
  let request: AnswerRequest
  let run: Invocation

  init(_ request: AnswerRequest, _ run: Invocation) {
    self.request = request
    self.run = run
  }

  func perform() throws(CommandFailure) -> Status {
    let access = try run.open()
    let rules = request.command(isReadOnly: access.writer == nil)
    let report = AnswerReport(request: request, run: run)
    if access.service.isDocument { throw report.refuse(.document) }
    if let refusal = rules.refusal { throw report.refuse(refusal) }
    if !request.isDryRun { try run.settings.places.requireComplete() }
    let trust = try run.trustList()
    let watch = try SendingWatch()
    let staged = try Blocking.run { () async throws(CommandFailure) in
      try await stage(access, trust, watch.stop)
    }
    if let refusal = staged.refusal(of: request, rules) { throw report.refuse(refusal) }
    if request.isDryRun { return try report.rehearse(staged) }
    guard let writer = access.writer else { throw report.refuse(.readOnly) }
    let sender = Sender(run: run, place: access.service.place, writer: writer, stop: watch.stop)
    let errands = staged.lines.map { Errand.answer($0.item) }
    let results =
      errands.isEmpty
      ? [] : Blocking.run { await sender.send(errands, reason: request.reason) }
    let status = report.tell(staged, results, sender.journalHead)
    return watch.end(with: status)
  }

  /// Reads the handshakes, ends what an earlier session left open for the same accounts, and freezes
  /// what will be sent.
  private func stage(
    _ access: Access, _ trust: TrustList, _ stop: StopFlag
  ) async throws(CommandFailure) -> StagedAnswers {
    let service = access.service
    let search = HandshakeSearch(service: service, time: run.surroundings.time)
    var found = await search.find(request.ids, trust: trust, toTheEnd: true)
    let actors = Set(
      request.ids.compactMap { found.inbox.row($0)?.actor(for: request.answer) })
    let reconciling = Reconciling(run: run, service: service)
    if !request.isDryRun, try await reconciling.reconcile(of: actors, stop: stop) {
      found = await search.find(request.ids, trust: trust, toTheEnd: true)
    }
    run.noteNames(for: request.ids, of: service, in: &found.inbox)
    if request.isDryRun {
      for id in request.ids { found = await search.comparingNames(of: id, found).found }
    }
    return StagedAnswers(request, found, at: service.place, now: run.surroundings.time)
  }
}
