import Drawing
import Model
import ReviewInbox
import ReviewJournal
import ReviewWording

// The lines of the lists, counted, found by key and moved over, whatever they show.

extension State {
  var selection: RowSelection? { tab.selection }

  var lineCount: Int {
    switch tab {
    case .inbox, .sent, .history: selection.map { inbox.listing($0).count } ?? 0
    case .profiles: profileLines.count
    case .audit: journal.records.count
    }
  }

  func lineKey(at position: Int) -> LineKey? {
    guard (0..<lineCount).contains(position) else { return nil }
    switch tab {
    case .inbox, .sent, .history:
      return selection.flatMap { inbox.row(position, in: $0) }.map { .row($0.key) }
    case .profiles: return .profile(profileLines[position])
    case .audit:
      // The latest record first.
      return .record(journal.records[journal.records.count - 1 - position].sequence)
    }
  }

  func linePosition(of key: LineKey) -> Int? {
    switch key {
    case .row(let key): selection.flatMap { inbox.position(of: key, in: $0) }
    case .profile(let key): tab == .profiles ? profileLines.firstIndex(of: key) : nil
    case .record(let number): recordPosition(number)
    }
  }

  private func recordPosition(_ number: Int) -> Int? {
    guard tab == .audit,
      let index = journal.records.lastIndex(where: { $0.sequence == number })
    else { return nil }
    return journal.records.count - 1 - index
  }

  /// The lines of Profiles; "all accounts" comes first unless an account was chosen at the start.
  var profileLines: [ProfileKey?] {
    let each = inbox.roster.map { ProfileKey?.some($0) }
    return launch.account == nil ? [nil] + each : each
  }

  /// The position of the focused line.
  ///
  /// It is the position of the key or of its stand-in, or, if neither is shown, the line now in its
  /// place.
  var cursor: Int? {
    let count = lineCount
    guard count > 0 else { return nil }
    return keyedPosition ?? min(lists[tab].position, count - 1)
  }

  /// The position of the stand-in or of the focused key, if it is shown.
  private var keyedPosition: Int? {
    let list = lists[tab]
    return list.standIn.flatMap { linePosition(of: $0) }
      ?? list.focus.flatMap { linePosition(of: $0) }
  }

  /// The list's first line on the screen.
  var firstLine: Int {
    let height = layout.listRows
    let last = max(0, lineCount - height)
    return min(max(0, (cursor ?? 0) - lists[tab].screenLine), last)
  }

  /// The handshake that keys act on.
  var focusedRow: Row? {
    if let detail { return inbox.row(detail.key) }
    guard let cursor, case .row(let key) = lineKey(at: cursor) else { return nil }
    return inbox.row(key)
  }

  /// Focuses a line and scrolls no more than necessary.
  mutating func focus(on position: Int) {
    let count = lineCount
    guard count > 0 else { return }
    let target = min(max(0, position), count - 1)
    let line = min(max(0, target - firstLine), max(0, layout.listRows - 1))
    lists[tab].focus = lineKey(at: target)
    lists[tab].standIn = nil
    lists[tab].position = target
    lists[tab].screenLine = line
    markRange(to: target)
  }

  /// Ties the focus to the line at the cursor, so that new rows do not move another line under it.
  mutating func holdFocus() {
    guard let cursor else { return }
    let line = cursor - firstLine
    if lists[tab].focus == nil {
      lists[tab].focus = lineKey(at: cursor)
    } else if keyedPosition == nil {
      lists[tab].standIn = lineKey(at: cursor)
    }
    lists[tab].position = cursor
    lists[tab].screenLine = line
  }

  /// Updates the focus after a change of filter or account.
  ///
  /// The focus stays on its line if that is shown; otherwise the first line stands in for it.
  mutating func refocus() {
    if lists[tab].standIn != nil { lists[tab].screenLine = lists[tab].hiddenLine }
    lists[tab].standIn = nil
    guard let focus = lists[tab].focus, linePosition(of: focus) == nil else { return }
    lists[tab].hiddenLine = lists[tab].screenLine
    lists[tab].standIn = lineKey(at: 0)
    lists[tab].position = 0
    lists[tab].screenLine = 0
  }

  /// Makes a stand-in the focused line when a command uses it.
  mutating func keepStandIn() {
    guard let line = lists[tab].standIn, linePosition(of: line) != nil else { return }
    lists[tab].focus = line
    lists[tab].standIn = nil
  }

  /// Extends a range that is being marked to the cursor.
  private mutating func markRange(to target: Int) {
    guard let anchor = lists[tab].anchor, let start = linePosition(of: .row(anchor)) else { return }
    guard let selection else { return }
    let range = min(start, target)..<max(start, target) + 1
    lists[tab].marks.formUnion(inbox.keys(range, in: selection))
  }
}

extension State {
  /// The marked rows that are shown, in their order.
  var shownMarks: [RowKey] {
    lists[tab].marks
      .compactMap { key in linePosition(of: .row(key)).map { (key, $0) } }
      .sorted { $0.1 < $1.1 }
      .map(\.0)
  }
}

extension State {
  mutating func perform(_ find: Command.Find) -> [Effect] {
    switch find {
    case .filter:
      if detail != nil {
        field = LineEditor()
      } else {
        holdFocus()
        lists[tab].filterBefore = lists[tab].filter
        field = LineEditor(lists[tab].filter)
      }
      return []
    case .order: return open(.menu(.orders(current: currentOrder)))
    case .nextMatch: return jumpToMatch(forward: true)
    case .previousMatch: return jumpToMatch(forward: false)
    }
  }

  var currentOrder: RowOrder { selection.map { inbox.listing($0).order } ?? .standard }

  /// Handles a key while a filter or search text is typed; returns nil if none is.
  mutating func pressInField(_ key: Key) -> [Effect]? {
    guard field != nil, dialog == nil else { return nil }
    notice = nil
    switch key {
    case .enter: return endField()
    case .escape, .control("c"):
      dropField()
      return []
    case .control("z"): return [.suspend]
    case .control("l"): return [.redraw]
    default:
      guard field?.press(key) == true else { return [] }
      return edited()
    }
  }

  /// Ends the typing of a filter or search; an invalid filter stays to be corrected.
  private mutating func endField() -> [Effect] {
    if detail == nil, let problem = lists[tab].filterProblem {
      let words = Explanation(problem, in: launch.charset)
      notice = Notice(words.why, .refusal)
      return []
    }
    field = nil
    return detail == nil ? [] : jumpToMatch(forward: true)
  }

  /// Cancels the typing and restores the previous filter.
  mutating func dropField() {
    guard field != nil else { return }
    field = nil
    if detail == nil { setFilter(lists[tab].filterBefore) } else { detail?.search = "" }
  }

  /// Applies the filter or search while it is typed.
  mutating func edited() -> [Effect] {
    guard let field else { return [] }
    if detail == nil { setFilter(field.text) } else { detail?.search = field.text }
    return []
  }

  /// Applies a filter; an invalid one leaves the rows as they are, and its error is shown.
  mutating func setFilter(_ text: String) {
    guard let selection else { return }
    do throws(RowFilter.Problem) {
      inbox.setFilter(try RowFilter(text), in: selection, at: now)
      lists[tab].filter = text
      lists[tab].filterProblem = nil
      refocus()
    } catch {
      lists[tab].filterProblem = error
    }
  }

  /// Shows the handshakes of one account in every list; of all accounts for nil.
  mutating func setScope(_ account: AccountID?) {
    scope = account
    inbox.setScope(account, at: now)
    for list in Tab.allCases where list.selection != nil {
      tab = list
      refocus()
    }
    tab = .inbox
  }

  mutating func setOrder(_ order: RowOrder) {
    guard let selection else { return }
    holdFocus()
    inbox.setOrder(order, in: selection)
    holdFocus()
  }
}
