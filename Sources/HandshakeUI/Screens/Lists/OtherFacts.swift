import Drawing
import Model
import Review
import Text

/// One profile, or all of them, in a few lines.
struct ProfileFacts {
  let state: State
  let key: ProfileKey?

  private var pen: Pen { state.pen }

  var lines: [Line] {
    switch key {
    case nil: linesOfAll
    case .account(let account): lines(of: account)
    case .unresolved(let name): lines(ofUnresolved: name)
    }
  }

  private func lines(ofUnresolved name: Untrusted) -> [Line] {
    var lines = [label("profile") + Line(pen.exact(name))]
    if let error = state.inbox.unresolvedProfile(name)?.error {
      lines += failure(error)
    } else {
      lines.append(label("account") + Line("waiting for STS", .warning))
    }
    return lines + [Line("Enter: what failed", .quiet)]
  }

  private func lines(of account: AccountID) -> [Line] {
    var lines = [label("account") + Line("\(account.text)   \(state.name(of: account))")]
    if let identity = state.inbox.identity(account), identity.membership == .untold {
      lines.append(label("caller") + Line("unknown (not in the document)"))
    } else if let identity = state.inbox.identity(account) {
      lines.append(label("caller") + Line("\(pen.exact(identity.caller)) (from STS)"))
      lines.append(label("role") + Line(identity.role.rawValue) + membership(identity))
      let end = state.credentialsEnd(account, before: "")
      if !end.text.isEmpty { lines.append(label("login") + Line("ends ") + end) }
    } else if let error = state.inbox.unidentified[account] {
      lines += failure(error)
    } else {
      lines.append(label("caller") + Line("waiting for STS", .warning))
    }
    for direction in [Query.Direction.received, .sent] {
      guard let source = state.inbox.sources[SourceKey(account, direction)] else { continue }
      let what = direction == .received ? "received" : "sent"
      lines.append(label(what) + state.words(for: source.status, "listing"))
      if case .failed(let error) = source.status, state.inbox.unidentified[account] == nil {
        lines += failure(error)
      }
    }
    return lines + [Line("Enter: show only this account", .quiet)]
  }

  private var linesOfAll: [Line] {
    let summary = state.sourceSummary
    let failed = summary.failed.map { key in
      let number = key.account.map { "\($0.text) " } ?? ""
      return Line("UNKNOWN  ", .danger, bold: true)
        + Line("\(number)\(state.name(of: key)) could not be read", .danger)
    }
    return [
      label("accounts")
        + Line("\(summary.total), \(summary.complete) read completely")
    ] + failed + [Line("Enter: show all accounts", .quiet)]
  }

  private func membership(_ identity: Identity) -> Line {
    guard let organization = identity.organization else { return Line("   in no organization") }
    let features = pen.name(organization.featureSet)
    return Line(
      "   in \(organization.id.text), mgmt \(organization.managementAccount.text), \(features)")
  }

  private func failure(_ error: BackendError) -> [Line] {
    let words = Explanation(error, in: state.launch.charset)
    return [
      Line("what     ", .quiet) + Line(words.what, .danger),
      Line("why      ", .quiet) + Line(words.why),
      Line("so       ", .quiet) + Line("invitations for this account are UNKNOWN, not zero"),
      Line("next     ", .quiet) + Line(words.remedy),
    ]
      + (offersLogin(error)
        ? [Line("or       ", .quiet) + Line("L", .key) + Line(" logs in here")] : [])
      + (words.requestID.map { [Line("request  ", .quiet) + Line($0)] } ?? [])
  }

  private func offersLogin(_ error: BackendError) -> Bool {
    state.launch.backend.hasLogins && error.wantsLogin
  }

  private func label(_ text: String) -> Line { Line(text.padded(to: 9), .quiet) }
}

/// One line of the journal, spelt out.
struct RecordFacts {
  let state: State
  let number: Int

  var lines: [Line] {
    guard let record = state.journal.records.last(where: { $0.sequence == number }) else {
      return []
    }
    let pen = state.pen
    var lines = [
      Line("when     ", .quiet) + Line(record.moment.time.journalText),
      Line("who      ", .quiet) + Line(pen.exact(record.who.name)),
    ]
    if let id = state.journal.handshake(of: record) {
      lines.append(Line("about    ", .quiet) + Line(id.text))
    }
    // The column beside the ids is cut, or left out.
    let told = RecordCells(state: state, record: record).told
    if !told.isEmpty { lines.append(Line("what     ", .quiet) + Line(told)) }
    if case .intent(let intent) = record.event {
      lines.append(Line("as       ", .quiet) + Line(pen.exact(intent.caller)))
      if let reason = intent.reason {
        let whole = Sanitiser.render(reason, for: .full, in: pen.charset)
        let text = Line("~ ", .sender) + Line(whole, .sender)
        lines.append(Line("reason   ", .quiet) + text)
      }
      lines.append(Line("attempt  ", .quiet) + Line(intent.id.text))
    }
    if case .outcome(let id, let outcome) = record.event {
      lines.append(Line("attempt  ", .quiet) + Line(id.text))
      lines.append(Line("outcome  ", .quiet) + Line(state.words(for: outcome)))
    }
    lines.append(Line("hash     ", .quiet) + Line(record.hash.text, .quiet))
    if let bad = state.journal.firstBad {
      lines.append(
        Line("!! THE CHAIN IS BROKEN ", .danger, bold: true) + Line("from line \(bad.line)"))
    }
    return lines
  }
}
