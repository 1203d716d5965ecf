import Model
import Review
import Text
import Wire

/// Tells what became of a command that answers: text or JSON on standard output, what went wrong on
/// standard error.
struct AnswerReport: Sendable {
  let request: AnswerRequest
  let run: Invocation

  /// Nothing is sent. With several ids and JSON each has its line all the same.
  func refuse(_ refusal: SafetyRefusal) -> CommandFailure {
    let explanation = Explanation(refusal, to: request.answer, in: run.ink.charset)
    if run.settings.json, request.ids.count > 1 {
      for id in request.ids {
        put(ErrorLine(id, code: refusal.code, message: explanation.why, applied: .notSent))
      }
    }
    return CommandFailure(.refused, explanation)
  }

  /// What would be sent.
  func rehearse(_ staged: StagedAnswers) throws(CommandFailure) -> Status {
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

  /// What became of each. Its status is that of the answers: an output that cannot be written is
  /// complained about, and changes nothing of what was done.
  func tell(_ staged: StagedAnswers, _ results: [ErrandResult], _ head: String?) -> Status {
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

  private func tell(_ line: ReviewSheet.Line, _ result: ErrandResult, _ inbox: Inbox) {
    let id = line.item.id
    let errand = Errand.answer(line.item)
    let explanation = Explanation(result.outcome, of: errand, in: run.ink.charset)
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

  private func tell(_ id: HandshakeID, _ held: StagedAnswers.Held) {
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

  /// The handshake as the AWS CLI prints it, with members of ours beside its own.
  private func document(
    _ handshake: Handshake, _ inbox: Inbox,
    beside members: [(name: StaticString, value: JSONValue)] = []
  ) -> [UInt8] {
    let row = handshake.id.flatMap { inbox.row($0) }
    let lookAlikes = row.map { inbox.lookAlikeMembers(of: [$0]) } ?? []
    return handshake.document(
      run.style(lines: request.ids.count > 1), beside: lookAlikes + members)
  }

  /// Standard error has its words already.
  private func put(_ line: ErrorLine) {
    guard run.settings.json else { return }
    run.tell(line.json.json(run.style(lines: true)), nil)
  }
}
