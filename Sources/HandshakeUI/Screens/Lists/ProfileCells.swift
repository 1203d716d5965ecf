import Drawing
import Model
import Review
import Text

/// One profile in the list of profiles; nil is all of them.
struct ProfileCells {
  let state: State
  let key: ProfileKey?

  func cell(_ column: ListColumn) -> Line {
    switch key {
    case nil: cellOfAll(column)
    case .account(let account): cell(column, of: account)
    case .unresolved(let name): cell(column, ofUnresolved: name)
    }
  }

  private func cell(_ column: ListColumn, of account: AccountID) -> Line {
    let identity = state.inbox.identity(account)
    return switch column {
    case .account: Line(state.name(of: account))
    // The rows of a document that names no account.
    case .accountID: Line(account.isUnnamed ? "-" : account.text)
    case .role: Line(identity?.role.rawValue ?? "?")
    case .organizationID: Line(identity.map { $0.organization?.id.text ?? "-" } ?? "?")
    case .open: open(account)
    case .source: source(account)
    default: Line()
    }
  }

  private func cell(_ column: ListColumn, ofUnresolved name: Untrusted) -> Line {
    switch column {
    case .account: Line(state.pen.cell(name))
    case .accountID, .role, .organizationID, .open: Line("?", .warning)
    case .source:
      if let error = state.inbox.unresolvedProfile(name)?.error {
        Line("UNKNOWN: \(state.words(for: error))", .danger)
      } else {
        Line("waiting for STS ...", .warning)
      }
    default: Line()
    }
  }

  private func cellOfAll(_ column: ListColumn) -> Line {
    let summary = state.sourceSummary
    return switch column {
    case .account: Line("all accounts", .heading)
    case .accountID: Line("\(state.inbox.roster.count)")
    case .open: Line(state.openCountOfAll)
    case .source:
      Line(
        "\(summary.complete) read, \(summary.waiting) waiting, \(summary.failed.count) failed",
        summary.failed.isEmpty ? .quiet : .danger)
    default: Line()
    }
  }

  /// Never zero for a source that was not read.
  private func open(_ account: AccountID) -> Line {
    let count = state.openCount(of: account)
    return Int(count) == nil ? Line(count == "!" ? "?" : count, .warning) : Line(count)
  }

  private func source(_ account: AccountID) -> Line {
    if let error = state.inbox.unidentified[account] {
      return Line("UNKNOWN: \(state.words(for: error))", .danger)
    }
    let received = state.inbox.sources[SourceKey(account, .received)]?.status
    let sent = state.inbox.sources[SourceKey(account, .sent)]?.status
    // One word when all is well; the pane below has each listing.
    let statuses = [received, sent].compactMap(\.self)
    if let failed = statuses.first(where: \.isFailure) {
      return state.words(for: failed, "listing")
    }
    if let waiting = statuses.first(where: { !$0.hasEnded }) {
      return state.words(for: waiting, "listing")
    }
    let words = received.map { state.words(for: $0, "received") } ?? Line("?", .warning)
    return words + state.credentialsEnd(account, before: "; login ends ")
  }
}

extension State {
  /// When the credentials of an account end; nothing for those that do not.
  func credentialsEnd(_ account: AccountID, before text: String) -> Line {
    guard let end = inbox.identity(account)?.credentialsEnd else { return Line() }
    if end <= now { return Line("\(text)\(pen.minute(end)): ended", .danger) }
    let left = end - now
    return Line(
      "\(text)\(pen.minute(end)), in \(pen.span(left))",
      left < .minutes(15) ? .warning : .quiet)
  }

  func words(for status: SourceStatus?, _ what: String) -> Line {
    switch status {
    case nil, .waiting: Line("\(what) waiting", .warning)
    case .reading(let pages): Line("\(what) reading, \(pages) pages", .warning)
    case .complete(let time): Line("\(what) read \(pen.ago(time))", .quiet)
    case .failed(let error): Line("\(what) UNKNOWN: \(words(for: error))", .danger)
    case .notOffered: Line("\(what) not shown to members", .quiet)
    }
  }
}
