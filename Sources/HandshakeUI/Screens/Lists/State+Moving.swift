import Drawing
import Model
import Review

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
      factsScroll = max(0, factsScroll + move.distance(page: max(1, layout.facts.rows - 1)))
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

  private mutating func openFocused() -> [Effect] {
    if detail != nil {
      unfoldFocused()
      return []
    }
    switch cursor.flatMap({ lineKey(at: $0) }) {
    case .row(let key): detail = DetailState(key: key)
    case .profile(let key?) where isUnknown(key): return openFailure(of: key)
    case .profile(.unresolved(let name)):
      notice = Notice("STS has not said yet whose profile \(pen.exact(name)) is", .refusal)
    case .profile(let key):
      let account = key?.account
      scope = account
      inbox.setScope(account, at: now)
      tab = .inbox
      holdFocus()
      let whose = account.map { name(of: $0) } ?? "all accounts"
      notice = Notice("looking through \(whose)")
    case .record(let number): openRecord(number)
    case nil: break
    }
    return []
  }

  private func isUnknown(_ key: ProfileKey) -> Bool { sourceSummary.failed.contains(key) }

  /// What failed, why, what follows from it and what to do.
  private mutating func openFailure(of key: ProfileKey) -> [Effect] {
    let lines = ProfileFacts(state: self, key: key).lines.dropLast()
    let text = lines.map(\.text).joined(separator: "\n")
    let others = inbox.roster.count - sourceSummary.failed.count
    let title = "NOT READ: \(name(of: key)); \(others) others are shown"
    return open(.panel(Panel(Line(title, .danger), Array(lines), copying: text)))
  }

  /// From a line of the audit to the handshake that it is about.
  private mutating func openRecord(_ number: Int) {
    guard let record = journal.records.last(where: { $0.sequence == number }),
      let id = journal.handshake(of: record), let row = inbox.row(id)
    else { return }
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

extension Command.Move {
  /// How many lines; far beyond both ends for the first and the last.
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
