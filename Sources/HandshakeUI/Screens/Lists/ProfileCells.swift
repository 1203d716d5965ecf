import Drawing
import Model
import Review

/// One account in the list of profiles; nil is all of them.
struct ProfileCells {
  let state: State
  let account: AccountID?

  func cell(_ column: ListColumn) -> Line {
    guard let account else { return cellOfAll(column) }
    let identity = state.inbox.identity(account)
    return switch column {
    case .account: Line(state.name(of: account))
    case .accountID: Line(account.text)
    case .role: Line(identity?.role.rawValue ?? "?")
    case .organizationID: Line(identity.map { $0.organization?.id.text ?? "-" } ?? "?")
    case .open: open(account)
    case .source: source(account)
    default: Line()
    }
  }

  private func cellOfAll(_ column: ListColumn) -> Line {
    let summary = state.sourceSummary
    return switch column {
    case .account: Line("all accounts", .heading)
    case .accountID: Line("\(state.inbox.profiles.count)")
    case .open: Line("\(state.inbox.listing(.inbox).total)")
    case .source:
      Line(
        "\(summary.complete) read, \(summary.waiting) reading, \(summary.failed.count) failed",
        summary.failed.isEmpty ? .quiet : .danger)
    default: Line()
    }
  }

  /// Never zero for a source that was not read.
  private func open(_ account: AccountID) -> Line {
    let status = state.inbox.sources[SourceKey(account, .received)]?.status
    guard case .complete = status else { return Line("?", .warning) }
    return Line("\(state.inbox.openInvitations(for: account))")
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
    return received.map { state.words(for: $0, "received") } ?? Line("?", .warning)
  }
}

extension State {
  func words(for status: SourceStatus?, _ what: String) -> Line {
    switch status {
    case nil, .waiting: Line("\(what) waiting", .warning)
    case .reading(let pages): Line("\(what) reading, \(pages) pages", .warning)
    case .complete(let time): Line("\(what) read \(pen.age(time))", .quiet)
    case .failed(let error): Line("\(what) UNKNOWN: \(words(for: error))", .danger)
    case .notOffered: Line("\(what) not for members", .quiet)
    }
  }
}
