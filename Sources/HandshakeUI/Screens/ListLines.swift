import Drawing
import Model
import ReviewInbox
import ReviewJournal
import ReviewWording

/// The identity of a line in a list; the focus is one of these, never a line number.
enum LineKey: Hashable, Sendable {
  case row(RowKey)
  /// A profile; nil means all profiles.
  case profile(ProfileKey?)
  /// A record, by its number in the chain.
  case record(Int)

  var row: RowKey? {
    if case .row(let key) = self { key } else { nil }
  }
}

// The lines of the lists, counted, found by key and moved over, whatever they show.

extension ListScreen {
  func lineCount(_ session: Session) -> Int {
    switch tab {
    case .inbox, .sent, .history: tab.selection.map { session.inbox.listing($0).count } ?? 0
    case .profiles: profileLines(session).count
    case .audit: session.journal.records.count
    }
  }

  func lineKey(at position: Int, _ session: Session) -> LineKey? {
    guard (0..<lineCount(session)).contains(position) else { return nil }
    switch tab {
    case .inbox, .sent, .history:
      return tab.selection.flatMap { session.inbox.row(position, in: $0) }.map { .row($0.key) }
    case .profiles: return .profile(profileLines(session)[position])
    case .audit:
      // The latest record first.
      let records = session.journal.records
      return .record(records[records.count - 1 - position].sequence)
    }
  }

  func position(of key: LineKey, _ session: Session) -> Int? {
    switch key {
    case .row(let key): tab.selection.flatMap { session.inbox.position(of: key, in: $0) }
    case .profile(let key):
      tab == .profiles ? profileLines(session).firstIndex(of: key) : nil
    case .record(let number): recordPosition(number, session)
    }
  }

  private func recordPosition(_ number: Int, _ session: Session) -> Int? {
    let records = session.journal.records
    guard tab == .audit, let index = records.lastIndex(where: { $0.sequence == number }) else {
      return nil
    }
    return records.count - 1 - index
  }

  /// The lines of Profiles; "all accounts" comes first unless an account was chosen at the start.
  private func profileLines(_ session: Session) -> [ProfileKey?] {
    let each = session.inbox.roster.map { ProfileKey?.some($0) }
    return session.launch.account == nil ? [nil] + each : each
  }
}

// MARK: - The focus

extension ListScreen {
  /// The position of the focused line.
  ///
  /// It is the position of the key or of its stand-in, or, if neither is shown, the line now in its
  /// place.
  func cursor(_ session: Session) -> Int? {
    let count = lineCount(session)
    guard count > 0 else { return nil }
    return keyedPosition(session) ?? min(current.position, count - 1)
  }

  /// The position of the stand-in or of the focused key, if it is shown.
  private func keyedPosition(_ session: Session) -> Int? {
    let list = current
    return list.standIn.flatMap { position(of: $0, session) }
      ?? list.focus.flatMap { position(of: $0, session) }
  }

  /// The list's first line on the screen.
  func firstLine(_ session: Session) -> Int { firstLine(session, cursor: cursor(session)) }

  func firstLine(_ session: Session, cursor: Int?) -> Int {
    let height = ScreenLayout(session.size).listRows
    let last = max(0, lineCount(session) - height)
    return min(max(0, (cursor ?? 0) - current.screenLine), last)
  }

  func focusedLine(_ session: Session) -> LineKey? {
    cursor(session).flatMap { lineKey(at: $0, session) }
  }

  /// The handshake that keys act on.
  func focusedRow(_ session: Session) -> Row? {
    focusedLine(session)?.row.flatMap { session.inbox.row($0) }
  }

  /// Focuses a line and scrolls no more than necessary.
  mutating func focus(on position: Int, _ session: Session) {
    let count = lineCount(session)
    guard count > 0 else { return }
    let target = min(max(0, position), count - 1)
    let line = min(
      max(0, target - firstLine(session)), max(0, ScreenLayout(session.size).listRows - 1))
    current.focus = lineKey(at: target, session)
    current.standIn = nil
    current.position = target
    current.screenLine = line
    markRange(to: target, session)
  }

  /// Focuses the line of a row, if the list shows it.
  mutating func focus(on key: RowKey, _ session: Session) {
    if let position = position(of: .row(key), session) { focus(on: position, session) }
  }

  /// Ties the focus to the line at the cursor, so that new rows do not move another line under it.
  mutating func hold(_ session: Session) {
    guard let cursor = cursor(session) else { return }
    let line = cursor - firstLine(session, cursor: cursor)
    if current.focus == nil {
      current.focus = lineKey(at: cursor, session)
    } else if keyedPosition(session) == nil {
      current.standIn = lineKey(at: cursor, session)
    }
    current.position = cursor
    current.screenLine = line
  }

  /// Updates the focus after a change of filter or account.
  ///
  /// The focus stays on its line if that is shown; otherwise the first line stands in for it.
  mutating func refocus(_ session: Session) {
    if current.standIn != nil { current.screenLine = current.hiddenLine }
    current.standIn = nil
    guard let focus = current.focus, position(of: focus, session) == nil else { return }
    current.hiddenLine = current.screenLine
    current.standIn = lineKey(at: 0, session)
    current.position = 0
    current.screenLine = 0
  }

  /// Makes a stand-in the focused line when a command uses it.
  mutating func keepStandIn(_ session: Session) {
    guard let line = current.standIn, position(of: line, session) != nil else { return }
    current.focus = line
    current.standIn = nil
  }

  /// Keeps the focused line on the screen after the terminal's size changed.
  mutating func fit(_ session: Session) {
    current.screenLine = min(current.screenLine, max(0, ScreenLayout(session.size).listRows - 1))
  }

  /// Moves the focus of Profiles to the account that a profile turned out to have.
  mutating func rename(_ old: ProfileKey, to new: ProfileKey) {
    if lists[.profiles].focus == .profile(old) { lists[.profiles].focus = .profile(new) }
    if lists[.profiles].standIn == .profile(old) { lists[.profiles].standIn = .profile(new) }
  }

  /// Extends a range that is being marked to the cursor.
  private mutating func markRange(to target: Int, _ session: Session) {
    guard let anchor = current.anchor, let start = position(of: .row(anchor), session),
      let selection = tab.selection
    else { return }
    let range = min(start, target)..<max(start, target) + 1
    current.marks.formUnion(session.inbox.keys(range, in: selection))
  }
}

extension Int {
  /// Returns a scroll position moved by `distance`, at most so far that the last line is visible.
  func scrolled(_ distance: Int, of count: Int, in rows: Int) -> Int {
    Swift.min(Swift.max(0, self + distance), Swift.max(0, count - rows))
  }
}
