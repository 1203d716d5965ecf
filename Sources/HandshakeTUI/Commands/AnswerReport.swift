import Model
import ReviewAnswering
import ReviewInbox
import ReviewJournal
import ReviewWording
import Text
import Wire

/// The report of a command that answers: results on standard output, errors on standard error.
///
/// The results are text, or JSON with `--json`.
struct AnswerReport: Sendable {
  let request: AnswerRequest
  let run: CommandContext

  /// Returns the failure of a command that sends nothing.
  ///
  /// With several ids and `--json`, each id has an error line all the same.
  func refuse(_ refusal: SafetyRefusal) -> CommandFailure {
    let explanation = Explanation(refusal, to: request.answer, in: run.format.charset)
    if run.settings.json, request.ids.count > 1 {
      for id in request.ids {
        put(ErrorLine(id, code: refusal.code, message: explanation.why, applied: .notSent))
      }
    }
    return CommandFailure(.refused, explanation)
  }

  /// Prints what would be sent, and returns the status of a dry run.
  ///
  /// - Throws: `CommandFailure` when standard output cannot be written to.
  func rehearse(_ flow: AnswerFlow, _ inbox: Inbox) throws(CommandFailure) -> Status {
    let entries = flow.entries()
    for entry in entries {
      switch entry {
      case .planned(let line), .ended(let line, _):
        if run.settings.json {
          let rehearsal = Rehearsal(line: line, format: run.format).json
          try run.put(document(line.item.seen, inbox, beside: [("DryRun", rehearsal)]))
        } else {
          try run.put(Rehearsal(line: line, format: run.format).text(run.layout))
        }
      case .held(let id, let held): tell(id, held)
      }
    }
    run.note("dry run: nothing was sent")
    // Nothing is partly done, because nothing was sent.
    return Status.worst(entries.map { Status($0.status) })
  }

  /// Reports the result of each id, and returns their status.
  ///
  /// An output that cannot be written to is reported and does not change the status, as the
  /// requests were sent.
  func tell(_ entries: [AnswerFlow.Entry], _ inbox: Inbox, _ head: String?) -> Status {
    for entry in entries {
      switch entry {
      case .ended(let line, let result): tell(line, result, inbox)
      case .held(let id, let held): tell(id, held)
      case .planned: break
      }
    }
    let summary = ExitSummary(entries.compactMap(\.sent))
    if let untried = summary.untried { run.note(untried) }
    if let head, !summary.answers.isEmpty { run.note(head) }
    return Status(AnswerStatus.combined(entries.map(\.status)))
  }

  // MARK: One id

  private func tell(_ line: ReviewSheet.Line, _ result: WriteResult, _ inbox: Inbox) {
    let id = line.item.id
    let write = WriteRequest.answer(line.item)
    let explanation = Explanation(result.outcome, of: write, in: run.format.charset)
    if let fault = result.unwritten { run.complain(CommandFailure(fault, run.format).about(id)) }
    guard case .done(let handshake, _) = result.outcome else {
      run.complain(CommandFailure(Status(result.status), explanation).about(id))
      if request.ids.count > 1 { put(ErrorLine(id, result.outcome, explanation)) }
      return
    }
    let done = [
      "\(id.text): \(request.answer.participle) as \(line.item.account.text).", explanation.why,
    ].filter { !$0.isEmpty }.joined(separator: " ")
    if run.settings.json { return run.tell(document(handshake ?? line.item.seen, inbox), done) }
    var lines = [done]
    if request.answer == .accept, let before = inbox.identity(line.item.account) {
      lines += AfterAccept.steps(after: handshake ?? line.item.seen, as: before)
        .map { "  to do: \($0.words)" }
    }
    run.tell(Array(lines.joined(separator: "\n").utf8), done)
  }

  private func tell(_ id: HandshakeID, _ held: AnswerFlow.Held) {
    switch held {
    case .unread(let error):
      let explanation = Explanation(error, in: run.format.charset)
      run.complain(CommandFailure(Status(held.status), explanation).about(id))
      if request.ids.count > 1 { put(ErrorLine(id, error, explanation.brief)) }
    case .unseen:
      run.complain(
        CommandFailure(
          .failed, "\(id.text): no account to read it as", remedy: "Name one with --account."))
      if request.ids.count > 1 {
        put(
          ErrorLine(
            id, code: "NoAccount", message: "No account to read it as.", applied: .notSent))
      }
    case .refused(let refusal):
      var explanation = Explanation(refusal, to: request.answer, in: run.format.charset)
      explanation.what = "\(id.text): \(explanation.what)"
      run.complain(CommandFailure(.refused, explanation))
      if request.ids.count > 1 {
        put(
          ErrorLine(id, code: refusal.code, message: explanation.why, applied: .notSent))
      }
    }
  }

  /// Returns the handshake as the AWS CLI prints it, with our members beside its own.
  private func document(
    _ handshake: Handshake, _ inbox: Inbox,
    beside members: [(name: StaticString, value: JSONValue)] = []
  ) -> [UInt8] {
    let row = handshake.id.flatMap { inbox.row($0) }
    let lookAlikes = row.map { inbox.lookAlikeMembers(of: [$0]) } ?? []
    return handshake.document(
      run.style(lines: request.ids.count > 1), beside: lookAlikes + members)
  }

  /// Prints the error line with `--json`; the error itself is on standard error already.
  private func put(_ line: ErrorLine) {
    guard run.settings.json else { return }
    run.tell(line.json.json(run.style(lines: true)), nil)
  }
}

/// The output of `--dry-run` for one handshake: the account that would answer, and the effects.
struct Rehearsal {
  let line: ReviewSheet.Line
  let format: Formatter

  func text(_ layout: Layouting) -> String {
    var facts = Facts()
    let item = line.item
    facts.add("Would \(item.answer.rawValue)", item.id.text)
    facts.add("As", item.account.text)
    facts.add(
      "To", item.seen.recipientAccount?.text ?? item.seen.recipientEmail.map { format.full($0) })
    facts.add("Organization", item.seen.senderOrganization?.text)
    facts.add("Management account", item.seen.senderAccount?.text)
    facts.add("Kind", item.seen.shape.kindName)
    facts.add("Trust", line.mark.text)
    facts.add(
      "Looks like",
      line.lookAlike.map {
        "\(format.full($0.name)), \($0.organization.text) managed by \($0.account.text)"
      })
    facts.add("Listed with", line.ruling.listedManager?.text)
    for reason in line.ruling.reasons { facts.add("Alone", reason.words) }
    for effect in line.consequences.effects {
      facts.add(effect.label, effect.words(in: format.charset))
    }
    for refusal in line.consequences.mayBeRefused { facts.add("AWS refuses if", refusal.words) }
    return facts.text(layout)
  }

  /// The value of the member `DryRun`, beside the handshake as the AWS CLI prints it.
  var json: JSONValue {
    func texts(_ texts: [String]) -> JSONValue { .array(texts.map { .text($0) }) }
    let effects = line.consequences.effects.map { effect in
      JSONValue.members([
        ("Effect", .text(effect.label)), ("Text", .text(effect.words(in: format.charset))),
      ])
    }
    return .members([
      ("Answer", .text(line.item.answer.rawValue)),
      ("AccountId", .text(line.item.account.text)),
      ("Kind", .text(line.item.seen.shape.kindName)),
      ("Trust", .text(line.mark.text)),
      ("ConfirmedSeparatelyBecause", texts(line.ruling.reasons.map(\.words))),
      ("Effects", .array(effects)),
      ("MayBeRefusedIf", texts(line.consequences.mayBeRefused.map(\.words))),
    ])
  }
}

/// The line `{"Error": {…}}` for one id of several that was not answered.
struct ErrorLine: Hashable, Sendable {
  var id: HandshakeID
  /// AWS's exception, or our own code for a request that was not sent.
  var code: Untrusted
  var reason: Untrusted?
  var message: Untrusted
  var requestID: Untrusted?
  var applied: BackendError.Applied

  init(
    _ id: HandshakeID, code: String, message: String, applied: BackendError.Applied
  ) {
    self.id = id
    self.code = Untrusted(code)
    self.message = Untrusted(message)
    self.applied = applied
  }

  init(_ id: HandshakeID, _ error: BackendError, _ words: String) {
    self.init(id, code: error.failure.code, message: words, applied: error.applied)
    if case .service(let exception, let reason, let message) = error.failure {
      code = exception.wireName
      self.reason = reason?.wireName
      self.message = message
    }
    requestID = error.requestID
  }

  init(_ id: HandshakeID, _ outcome: WriteOutcome, _ explanation: Explanation) {
    switch outcome {
    case .refused(let error, _), .notSent(let error), .heldBack(.unreadable(let error)):
      self.init(id, error, explanation.why)
    default:
      self.init(
        id, code: outcome.code, message: explanation.why, applied: outcome.applied ?? .unknown)
    }
    // Whatever the reason, nothing was sent for this id.
    if case .heldBack = outcome { applied = .notSent }
    if case .unknown(let doubt, _) = outcome { reason = Untrusted(doubt.rawValue) }
  }

  var json: JSONValue {
    .members([
      (
        "Error",
        .members([
          ("HandshakeId", .text(id.text)), ("Code", .string(code)),
          ("Reason", reason.map { .string($0) }), ("Message", .string(message)),
          ("RequestId", requestID.map { .string($0) }), ("Applied", .text(applied.rawValue)),
        ])
      )
    ])
  }
}
