import Drawing
import Model
import ReviewAnswering
import ReviewInbox
import ReviewWording

/// The text of an empty list: whether it is known to be empty, and what to do next (UX-10.2).
struct EmptyView {
  let list: ListScreen
  let session: Session

  func draw(_ canvas: inout Canvas) {
    let lines = self.lines
    let width = min(canvas.size.columns - 2, lines.map(\.width).max() ?? 0)
    let wrapped = lines.flatMap { $0.wrapped(to: max(20, canvas.size.columns - 4), indent: 10) }
    let column = max(1, (canvas.size.columns - width) / 2)
    let row = max(0, (canvas.size.rows - wrapped.count) / 3)
    for (index, line) in wrapped.enumerated() {
      canvas.draw(line, row: row + index, column: column)
    }
    canvas.placeCursor(row: row, column: column)
  }

  private var lines: [Line] {
    if list.tab == .audit { return auditLines }
    let summary = session.sourceSummary
    if session.inbox.roster.isEmpty, let account = session.launch.account {
      return [Line("No profile belongs to account \(account.text).", .danger)]
    }
    if session.launch.backend == .document, summary.waiting == 0 { return documentLines }
    guard summary.waiting == 0, summary.total > 0 else {
      return [
        Line("Reading \(summary.total) accounts: \(summary.complete) read.", .warning), Line(),
        Line("It is not known yet whether there is anything.", .quiet),
      ]
    }
    let new = list.tab.selection.map { session.inbox.waiting(in: $0) } ?? 0
    if new > 0 {
      return [
        Line("\(new) new.", .heading) + Line("  r", .key, bold: true)
          + Line(new == 1 ? " shows it." : " shows them.")
      ]
    }
    return headline(summary) + [Line()] + checked(summary) + [Line()] + advice
  }

  private func headline(_ summary: SourceSummary) -> [Line] {
    guard !summary.failed.isEmpty else {
      if list.tab != .inbox, let unlistable = summary.unlistableWords {
        return [
          Line("\(what) in what could be read.", .heading),
          Line("\(unlistable): use the management account", .danger),
        ]
      }
      return [Line("\(what) in \(summary.total) \(Self.accounts(summary.total)).", .heading)]
    }
    let names = summary.failed.prefix(3).map { session.labels.name(of: $0) }.joined(separator: ", ")
    let failed = summary.failed.count
    let login =
      list.disabledReason(of: .program(.logIn), session) == nil
      ? Line("  L", .key, bold: true) + Line(" logs in") : Line()
    if summary.complete == 0 {
      return [
        Line("No account could be read: the result is UNKNOWN, not empty.", .danger, bold: true),
        Line("not checked: \(names)", .danger) + login,
      ]
    }
    return [
      Line("\(what) in \(summary.complete) of \(summary.total) accounts.", .heading),
      Line("\(failed) \(Self.accounts(failed)) NOT checked, so unknown: \(names)", .danger)
        + login,
    ]
  }

  private var what: String {
    switch list.tab {
    case .inbox: "Nothing to review"
    case .sent: "No open sent handshakes"
    case .history: "No ended handshakes"
    case .profiles, .audit: "Nothing"
    }
  }

  /// The numbers of handshakes in the document's lists; whether more exist elsewhere is not known.
  private var documentLines: [Line] {
    let tabs: [(tab: Tab, words: String)] = [
      (.inbox, "to review"), (.sent, "sent, open"), (.history, "closed"),
    ]
    let counts = tabs.filter { $0.tab != list.tab }.map { other in
      let count = other.tab.selection.map { session.inbox.listing($0).total } ?? 0
      return Line("\(other.words.padded(to: 12))\(count)")
        + Line("  [\(other.tab.rawValue)] \(other.tab.title)", .key)
    }
    let hidden = list.tab.selection.map { session.inbox.listing($0).total } ?? 0
    let headline = hidden > 0 ? "The filter hides all \(hidden)." : "\(what) in the document."
    let isWhole = session.sourceSummary.failed.isEmpty
    let gap = isWhole ? [] : [Line("The document is not whole: what it lacks is unknown.", .danger)]
    return [Line(headline, .heading)] + gap + [Line()] + counts
  }

  private static func accounts(_ count: Int) -> String { count == 1 ? "account" : "accounts" }

  private func checked(_ summary: SourceSummary) -> [Line] {
    let time = summary.oldest.map { "\(session.format.minute($0)), all pages read" } ?? "never"
    return [
      Line("checked   ", .quiet) + Line(time),
      Line("sent      ", .quiet) + Line(sent(summary)) + Line("  [2] Sent", .key),
      Line("filter    ", .quiet)
        + Line(list.current.filter.isEmpty ? "none" : "see above"),
    ] + others
  }

  /// The handshakes that are hidden only because one account is viewed.
  private var others: [Line] {
    guard session.scope != nil, session.launch.account == nil, let selection = list.tab.selection
    else {
      return []
    }
    let count = session.inbox.count(in: selection, filter: .none, scope: nil, at: session.now)
    return [
      Line("shown     ", .quiet) + Line("\(session.whose) only; \(count) in all accounts")
        + Line("  [4] Profiles", .key)
    ]
  }

  /// Returns the number of open sent handshakes, never zero if that is not known.
  private func sent(_ summary: SourceSummary) -> String {
    let count = session.inbox.listing(.sent).total
    if !summary.failed.isEmpty {
      let failed = summary.failed.count
      return "\(OpenCounts.known(count, isWhole: false)) open "
        + "(\(failed) \(Self.accounts(failed)) not read)"
    }
    return "\(count) open" + (summary.unlistable.isEmpty ? "" : " (members cannot see all)")
  }

  private var advice: [Line] {
    [
      Line("Expecting one? Check that"),
      Line("  - the invited account is one of your accounts  ") + Line("[4] Profiles", .key),
      Line("  - it was sent in this partition (\(session.launch.place.partition))"),
      Line("  - it is less than 15 days old; older ones are EXPIRED  ")
        + Line("[3] History", .key),
      Line(), Line("r", .key, bold: true) + Line(" check again"),
    ]
  }

  private var auditLines: [Line] {
    if let fault = session.journal.fault {
      let words = Explanation(fault, in: session.launch.charset)
      return [Line(words.what, .danger), Line(words.why), Line(words.remedy)]
    }
    let text = session.journal.isRead ? "The journal is empty: nothing has been sent." : "Reading."
    return [Line(text, .heading)]
  }
}
