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
    let explanation = Explanation(refusal, to: request.answer, in: run.ink.charset)
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
  func rehearse(_ staged: PlannedAnswers) throws(CommandFailure) -> Status {
    for id in request.ids {
      if let line = staged.lines.first(where: { $0.item.id == id }) {
        if run.settings.json {
          let rehearsal = Rehearsal(line: line, ink: run.ink).json
          try run.put(document(line.item.seen, staged.inbox, beside: [("DryRun", rehearsal)]))
        } else {
          try run.put(Rehearsal(line: line, ink: run.ink).text(run.layout))
        }
      } else if let held = staged.held[id] {
        tell(id, held)
      }
    }
    run.note("dry run: nothing was sent")
    return Status.worst(staged.held.values.map(\.status))
  }

  /// Reports the result of each id, and returns their status.
  ///
  /// An output that cannot be written to is reported and does not change the status, as the
  /// requests were sent.
  func tell(_ staged: PlannedAnswers, _ results: [WriteResult], _ head: String?) -> Status {
    var statuses: [Status] = []
    let sent = zip(staged.lines, results).reduce(into: [:]) { $0[$1.0.item.id] = $1 }
    for id in request.ids {
      if let (line, result) = sent[id] {
        tell(line, result, staged.inbox)
        statuses.append(result.status)
      } else if let held = staged.held[id] {
        tell(id, held)
        statuses.append(held.status)
      }
    }
    let untried = zip(staged.lines, results).filter { $1.outcome.isUntried }.map {
      $0.0.item.id.text
    }
    if !untried.isEmpty { run.note("not sent: \(untried.joined(separator: " "))") }
    if let head, !results.isEmpty { run.note(head) }
    return Status.ofSeveral(statuses)
  }

  // MARK: One id

  private func tell(_ line: ReviewSheet.Line, _ result: WriteResult, _ inbox: Inbox) {
    let id = line.item.id
    let write = WriteRequest.answer(line.item)
    let explanation = Explanation(result.outcome, of: write, in: run.ink.charset)
    if let fault = result.unwritten { run.complain(CommandFailure(fault, run.ink).about(id)) }
    guard case .done(let handshake, _) = result.outcome else {
      run.complain(CommandFailure(result.status, explanation).about(id))
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

  private func tell(_ id: HandshakeID, _ held: PlannedAnswers.Held) {
    switch held {
    case .unread(let error):
      let explanation = Explanation(error, in: run.ink.charset)
      run.complain(CommandFailure(held.status, explanation).about(id))
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
      var explanation = Explanation(refusal, to: request.answer, in: run.ink.charset)
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
  let ink: Ink

  func text(_ layout: Layouting) -> String {
    var facts = Facts()
    let item = line.item
    facts.add("Would \(item.answer.rawValue)", item.id.text)
    facts.add("As", item.account.text)
    facts.add(
      "To", item.seen.recipientAccount?.text ?? item.seen.recipientEmail.map { ink.full($0) })
    facts.add("Organization", item.seen.senderOrganization?.text)
    facts.add("Management account", item.seen.senderAccount?.text)
    facts.add("Kind", item.seen.shape.kindName)
    facts.add("Trust", line.mark.text)
    facts.add(
      "Looks like",
      line.lookAlike.map {
        "\(ink.full($0.name)), \($0.organization.text) managed by \($0.account.text)"
      })
    facts.add("Listed with", line.ruling.listedManager?.text)
    for reason in line.ruling.reasons { facts.add("Alone", reason.words) }
    for effect in line.consequences.effects {
      facts.add(effect.label, effect.words(in: ink.charset))
    }
    for refusal in line.consequences.mayBeRefused { facts.add("AWS refuses if", refusal.words) }
    return facts.text(layout)
  }

  /// The value of the member `DryRun`, beside the handshake as the AWS CLI prints it.
  var json: JSONValue {
    func texts(_ texts: [String]) -> JSONValue { .array(texts.map { .text($0) }) }
    let effects = line.consequences.effects.map { effect in
      JSONValue.members([
        ("Effect", .text(effect.label)), ("Text", .text(effect.words(in: ink.charset))),
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

extension BackendError.Failure {
  fileprivate var code: String {
    switch self {
    case .service: "ServiceException"
    case .unreadable: "UnreadableReply"
    case .transport: "Unreachable"
    case .certificates: "CertificateNotTrusted"
    case .store: "StoreUnusable"
    case .credentials: "NoCredentials"
    case .settings: "SettingsUnusable"
    case .cancelled: "GivenUp"
    }
  }
}

extension WriteOutcome {
  fileprivate var code: String {
    switch self {
    case .done: "Done"
    case .refused: "Refused"
    case .notSent: "NotSent"
    case .heldBack(let cause): cause.code
    case .notApplied: "NotApplied"
    case .unknown: "OutcomeUnknown"
    case .notTried: "NotTried"
    }
  }
}

extension PreflightFailure {
  fileprivate var code: String {
    switch self {
    case .damaged: "Damaged"
    case .changed: "ChangedSinceSeen"
    case .settled: "NotPending"
    case .expiring: "Expiring"
    case .callerChanged: "CallerChanged"
    case .membershipChanged: "MembershipChanged"
    case .trustChanged: "TrustChanged"
    case .rulesUnreadable: "TrustUnreadable"
    case .unreadable: "Unreadable"
    case .openIntent: "OpenAttempt"
    case .stale: "Stale"
    case .heldElsewhere: "HeldElsewhere"
    case .noBackend: "ReadOnly"
    case .journal: "JournalUnusable"
    }
  }
}

extension SafetyRefusal {
  var code: String {
    switch self {
    case .readOnly, .document: "ReadOnly"
    case .reasonMissing: "ReasonMissing"
    case .confirmationMissing: "ConfirmationMissing"
    case .expectationMissing: "ExpectationMissing"
    case .otherOrganization: "OtherOrganization"
    case .organizationDiffers: "OtherOrganization"
    case .notAlone: "NotAlone"
    case .notStaged(_, let refusal): refusal.code
    }
  }
}

extension Plan.Refusal {
  var code: String {
    switch self {
    case .impediment(.settled): "NotPending"
    case .impediment(.expired): "Expiring"
    case .impediment: "NotPossible"
    case .damaged: "Damaged"
    case .secondAccept: "SecondAccept"
    case .unidentified: "Unidentified"
    case .locked: "Locked"
    case .noTime: "NoTime"
    }
  }
}

extension Status {
  /// Returns the exit status for several ids: partial when some are done and some are not.
  ///
  /// An unknown outcome takes precedence over all others.
  static func ofSeveral(_ statuses: [Status]) -> Status {
    let isMixed = statuses.contains(.done) && statuses.contains { $0 != .done }
    return worst(statuses + (isMixed ? [.partly] : []))
  }
}

extension WriteResult {
  var status: Status {
    switch outcome {
    // It is done, but not recorded.
    case .done: unwritten == nil ? .done : .partly
    case .refused, .notSent, .notApplied, .notTried: .failed
    case .heldBack(let cause): cause.status
    case .unknown: .unknown
    }
  }
}

extension PreflightFailure {
  fileprivate var status: Status {
    switch self {
    case .unreadable, .journal: .failed
    case .openIntent: .unknown
    case .changed, .damaged, .settled, .expiring, .callerChanged, .membershipChanged,
      .trustChanged, .rulesUnreadable, .stale, .heldElsewhere, .noBackend:
      .refused
    }
  }
}

extension PlannedAnswers.Held {
  var status: Status {
    switch self {
    case .unread, .unseen: .failed
    case .refused: .refused
    }
  }
}

extension WriteOutcome {
  var isUntried: Bool {
    if case .notTried = self { true } else { false }
  }
}
