import Drawing
import Model
import ReviewAnswering
import ReviewInbox
import ReviewJournal
import ReviewWording

extension State {
  mutating func perform(_ move: Command.Move) -> [Effect] {
    if move == .nextPane || move == .previousPane {
      pane = pane == .list ? .facts : .list
      return []
    }
    if detail != nil {
      moveInDetail(move)
      return []
    }
    if pane == .facts {
      let facts = FactsPane(state: self)
      let distance = move.distance(page: max(1, facts.rows))
      factsScroll = factsScroll.scrolled(distance, of: facts.lineCount, in: facts.rows)
      return []
    }
    guard let cursor else { return [] }
    factsScroll = 0
    switch move {
    case .first: focus(on: 0)
    case .last: focus(on: lineCount - 1)
    default: focus(on: cursor + move.distance(page: max(1, layout.listRows)))
    }
    return []
  }

  mutating func perform(_ look: Command.Look) -> [Effect] {
    switch look {
    case .open: return openFocused()
    case .back:
      if detail != nil, foldOrClimb() { return [] }
      return back() ?? []
    case .outward:
      if detail != nil, foldOrClimb() { return [] }
      // Only Esc clears a filter.
      if canGoOutward { return back() ?? [] }
      let filter = tab.selection != nil && !lists[tab].filter.isEmpty
      notice = Notice(
        "h: nothing is open; " + (filter ? "Esc clears the filter" : "q quits"), .refusal)
      return []
    case .fold, .unfold, .close, .unfoldAll, .closeAll:
      fold(look)
      return []
    case .raw:
      if detail?.raw != nil {
        detail?.raw = nil
      } else if let row = focusedRow {
        detail = detail ?? DetailState(key: row.key)
        detail?.raw = RawState()
      }
      return []
    case .trust: return openTrust()
    }
  }

  /// Whether there is anything but a filter to go back from.
  private var canGoOutward: Bool {
    dialog != nil || detail != nil || lists[tab].anchor != nil || pane != .list
  }

  private mutating func openFocused() -> [Effect] {
    if detail != nil {
      unfoldFocused()
      return []
    }
    switch cursor.flatMap({ lineKey(at: $0) }) {
    case .row(let key): detail = DetailState(key: key)
    case .profile(let key?) where isUnknown(key): return openFailure(of: key)
    case .profile(.unresolved(let name)):
      notice = Notice("profile \(pen.exact(name)): waiting for STS", .refusal)
    case .profile(let key):
      let account = key?.account
      setScope(account)
      holdFocus()
      let shown = account.map { "showing \(name(of: $0)) only" } ?? "showing all accounts"
      let filter = lists[tab].filter
      let still = filter.isEmpty ? "" : "; the filter \(pen.typed(filter)) still applies"
      notice = Notice(shown + still)
    case .record(let number): openRecord(number)
    case nil: break
    }
    return []
  }

  private func isUnknown(_ key: ProfileKey) -> Bool { sourceSummary.failed.contains(key) }

  /// Opens a panel with the error of a profile, its consequence and its remedy.
  private mutating func openFailure(of key: ProfileKey) -> [Effect] {
    let lines = ProfileFacts(state: self, key: key).lines.dropLast()
    let text = lines.map(\.text).joined(separator: "\n")
    let others = inbox.roster.count - sourceSummary.failed.count
    let title = "NOT READ: \(name(of: key)); \(others) others are shown"
    return open(.panel(Panel(Line(title, .danger), Array(lines), copying: text)))
  }

  /// Opens the handshake that a line of the audit is about.
  private mutating func openRecord(_ number: Int) {
    guard let record = journal.records.last(where: { $0.sequence == number }),
      let id = journal.handshake(of: record)
    else {
      notice = Notice("this line names no handshake (Tab: scroll its text)", .refusal)
      return
    }
    guard let row = inbox.row(id) else {
      notice = Notice("\(id.text) is not in the lists", .refusal)
      return
    }
    detail = DetailState(key: row.key)
  }

  mutating func perform(_ mark: Command.Mark) -> [Effect] {
    switch mark {
    case .toggle:
      guard let cursor, let key = lineKey(at: cursor)?.row else { return [] }
      if lists[tab].marks.remove(key) == nil { lists[tab].marks.insert(key) }
      focus(on: cursor + 1)
    case .range:
      guard let cursor, let key = lineKey(at: cursor)?.row else { return [] }
      if lists[tab].anchor == nil {
        lists[tab].anchor = key
        lists[tab].marks.insert(key)
        notice = Notice("range: move to its other end; v or Esc ends it")
      } else {
        lists[tab].anchor = nil
      }
    case .all:
      guard let selection else { return [] }
      lists[tab].marks.formUnion(inbox.keys(0..<lineCount, in: selection))
    case .clear:
      lists[tab].marks = []
      lists[tab].anchor = nil
    }
    return []
  }
}

extension Int {
  /// Returns a scroll position moved by `distance`, at most so far that the last line is visible.
  func scrolled(_ distance: Int, of count: Int, in rows: Int) -> Int {
    Swift.min(Swift.max(0, self + distance), Swift.max(0, count - rows))
  }
}

extension Command.Move {
  /// Returns the lines to move by; a distance beyond both ends for the first and the last.
  func distance(page: Int) -> Int {
    switch self {
    case .down: 1
    case .up: -1
    case .halfDown: max(1, page / 2)
    case .halfUp: -max(1, page / 2)
    case .pageDown: page
    case .pageUp: -page
    case .first: -1_000_000_000
    case .last: 1_000_000_000
    case .nextHandshake, .previousHandshake, .nextPane, .previousPane: 0
    }
  }
}

extension State {
  mutating func perform(_ stage: Command.Stage) -> [Effect] {
    if stage == .drop { return drop() }
    guard let answer = stage.answer else { return [] }
    let marked = detail == nil ? shownMarks : []
    if marked.isEmpty {
      guard let row = focusedRow else { return [] }
      if case .failure(let refusal) = plan.stage(
        answer, row, in: inbox, from: launch.place, at: now)
      {
        notice = Notice("\(answer.rawValue): \(words(for: refusal, to: answer))", .refusal)
      } else {
        notice = Notice("planned: \(answer.rawValue) \(row.id?.text ?? ""); nothing is sent")
      }
      if detail == nil, let cursor { focus(on: cursor + 1) }
      return []
    }
    stageMarked(answer, marked)
    return []
  }

  private mutating func stageMarked(_ answer: Answer, _ keys: [RowKey]) {
    var staged = 0
    var firstRefusal: Plan.Refusal?
    for row in keys.compactMap({ inbox.row($0) }) {
      switch plan.stage(answer, row, in: inbox, from: launch.place, at: now) {
      case .success: staged += 1
      case .failure(let refusal): firstRefusal = firstRefusal ?? refusal
      }
    }
    // The marks end with the command that used them, whatever its result.
    endMarks(keys)
    let hidden = lists[tab].marks.count
    var text = "planned: \(answer.rawValue) \(staged) of \(keys.count) marked; nothing is sent"
    if let firstRefusal { text += "; \(words(for: firstRefusal, to: answer))" }
    if hidden > 0 { text += "; \(hidden) hidden unchanged, still marked" }
    notice = Notice(text, firstRefusal == nil ? .news : .refusal)
  }

  /// Removes rows from the plan and unmarks them.
  private mutating func drop() -> [Effect] {
    let marked = detail == nil ? shownMarks : []
    let keys = marked.isEmpty ? [focusedRow?.key].compactMap(\.self) : marked
    let dropped = keys.count { $0.id.map { plan.unstage($0) != nil } ?? false }
    let marks = keys.count { lists[tab].marks.contains($0) }
    endMarks(keys)
    let ended = marks > 0 ? ", \(marks) unmarked" : ""
    notice = Notice("unplanned: \(dropped) of \(keys.count)\(ended)")
    if marked.isEmpty, detail == nil, let cursor { focus(on: cursor + 1) }
    return []
  }
}

extension State {
  private mutating func endMarks(_ keys: [RowKey]) {
    lists[tab].marks.subtract(keys)
    lists[tab].anchor = nil
  }
}

extension Command.Stage {
  var answer: Answer? {
    switch self {
    case .accept: .accept
    case .decline: .decline
    case .cancel: .cancel
    case .drop: nil
    }
  }
}
