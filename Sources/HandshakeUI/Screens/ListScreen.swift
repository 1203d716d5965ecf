import Drawing
import Model
import ReviewAnswering
import ReviewInbox
import ReviewWording
import Text

/// The five lists behind the tabs, with the facts about the focused line below or beside them.
struct ListScreen: Screen {
  /// The part of the screen that the movement keys act on.
  enum Pane: Hashable, CaseIterable, Sendable {
    case list
    case facts
  }

  private(set) var tab = Tab.inbox
  var lists = ListStates()
  private(set) var pane = Pane.list
  private(set) var factsScroll = 0
  /// The filter while it is being typed.
  private(set) var field: LineEditor?

  /// The state of the list that is shown.
  var current: ListState {
    get { lists[tab] }
    _modify { yield &lists[tab] }
  }

  var context: KeyContext {
    switch tab {
    case .inbox, .sent, .history: .list
    case .profiles: .profiles
    case .audit: .audit
    }
  }

  var admitsQuestion: Bool { field == nil }

  mutating func handle(_ event: ScreenEvent, _ session: inout Session) -> Reaction {
    switch event {
    case .key(let key): return field == nil ? .unhandled : type(key, &session)
    case .command(let command): return perform(command, &session)
    case .message(.pasted(let text, _)):
      guard field != nil else { return .unhandled }
      field?.paste(text)
      applyField(&session)
      return .stay
    case .message: return .unhandled
    }
  }

  func disabledReason(of command: Command, _ session: Session) -> String? {
    switch command {
    case .look(.open): lineCount(session) == 0 ? "nothing to open" : nil
    case .stage(let stage):
      stage.disabledReason(
        on: focusedRow(session), marked: { !shownMarks(session).isEmpty },
        isMarked: { current.marks.contains($0) }, session)
    case .program(.logIn):
      if !session.launch.backend.hasLogins {
        "login is for AWS only"
      } else {
        loginProfile(session) == nil ? "no profile needs a login (4: all profiles)" : nil
      }
    default: command.disabledReason(on: { focusedRow(session) }, session)
    }
  }
}

/// The focus, marks and filter of each list.
struct ListStates: Equatable, Sendable {
  private var states = Tab.allCases.map { _ in ListState() }

  subscript(tab: Tab) -> ListState {
    get { states[tab.rawValue - 1] }
    _modify { yield &states[tab.rawValue - 1] }
  }
}

/// The state of one list.
struct ListState: Equatable, Sendable {
  /// The focused line, kept while a filter hides it.
  var focus: LineKey?
  /// The line that is focused in place of one that is not shown.
  var standIn: LineKey?
  /// The screen line of `focus` while another line stands in for it.
  var hiddenLine = 0
  /// The focused line's distance from the list's first visible line.
  ///
  /// Rows added above the focused line scroll the list instead of moving that line.
  var screenLine = 0
  /// The position at which the focused line was last shown.
  var position = 0
  var marks: Set<RowKey> = []
  /// The beginning of a range; moving the cursor marks the rows between.
  var anchor: RowKey?
  /// The filter in effect, always a valid one.
  var filter = ""
  /// The filter before it was edited.
  var filterBefore = ""
  /// The error of the filter that is being typed.
  var filterProblem: RowFilter.Problem?
}

// MARK: - Commands

extension ListScreen {
  private mutating func perform(_ command: Command, _ session: inout Session) -> Reaction {
    switch command {
    case .move(let move): perform(move, session)
    case .look(.open): openFocused(&session)
    case .look(.back), .look(.outward): back(command, &session)
    case .look(.raw):
      focusedRow(session).map { .openHandshake(detail(of: $0.key, isRaw: true)) } ?? .stay
    case .find(.filter): startTyping(session)
    case .find(.order): .open(MenuScreen.orders(current: order(session)))
    case .mark(let mark): perform(mark, &session)
    case .stage(let stage): perform(stage, &session)
    case .program(.refresh): refresh(&session)
    case .program(.logIn): loginProfile(session).map { .open(LoginScreen($0)) } ?? .stay
    case .program(.quit): goBack(&session) ? .stay : .unhandled
    default: SharedCommands.perform(command, on: focusedRow(session), from: self, &session)
    }
  }

  private mutating func perform(_ move: Command.Move, _ session: Session) -> Reaction {
    if move == .nextPane || move == .previousPane {
      pane = pane == .list ? .facts : .list
      return .stay
    }
    if pane == .facts {
      let facts = FactsPane(list: self, session: session)
      let distance = move.distance(page: max(1, facts.rows))
      factsScroll = factsScroll.scrolled(distance, of: facts.lineCount, in: facts.rows)
      return .stay
    }
    guard let cursor = cursor(session) else { return .stay }
    factsScroll = 0
    switch move {
    case .first: focus(on: 0, session)
    case .last: focus(on: lineCount(session) - 1, session)
    default:
      focus(on: cursor + move.distance(page: max(1, ScreenLayout(session.size).listRows)), session)
    }
    return .stay
  }

  private func openFocused(_ session: inout Session) -> Reaction {
    switch focusedLine(session) {
    case .row(let key): return .openHandshake(detail(of: key))
    case .profile(let key?) where session.sourceSummary.failed.contains(key):
      return .open(PanelScreen.failure(of: key, session))
    case .profile(.unresolved(let name)):
      session.notice = Notice("profile \(session.format.exact(name)): waiting for STS", .refusal)
    case .profile(let key): return Reaction(changes: [.scope(key?.account)])
    case .record(let number): return openRecord(number, &session)
    case nil: break
    }
    return .stay
  }

  /// Opens the handshake that a line of the audit is about.
  private func openRecord(_ number: Int, _ session: inout Session) -> Reaction {
    guard let record = session.journal.record(number),
      let id = session.journal.handshake(of: record)
    else {
      session.notice = Notice(
        "this line names no handshake (Tab: scroll its text)", .refusal)
      return .stay
    }
    guard let row = session.inbox.row(id) else {
      session.notice = Notice("\(id.text) is not in the lists", .refusal)
      return .stay
    }
    return .openHandshake(detail(of: row.key))
  }

  /// Returns the screen of a handshake opened from the list that is shown.
  func detail(of key: RowKey, isRaw: Bool = false) -> DetailScreen {
    var detail = DetailScreen(key, from: tab, marks: current.marks)
    if isRaw { detail.raw = RawState() }
    return detail
  }

  private mutating func back(_ command: Command, _ session: inout Session) -> Reaction {
    // Only Esc clears a filter.
    if command == .look(.back) || current.anchor != nil || pane != .list {
      _ = goBack(&session)
      return .stay
    }
    let filter = tab.selection != nil && !current.filter.isEmpty
    session.notice = Notice(
      "h: nothing is open; " + (filter ? "Esc clears the filter" : "q quits"), .refusal)
    return .stay
  }

  /// Goes one step back; returns false if there is nothing to go back from.
  private mutating func goBack(_ session: inout Session) -> Bool {
    if current.anchor != nil {
      current.anchor = nil
    } else if pane != .list {
      pane = .list
    } else if tab.selection != nil, !current.filter.isEmpty {
      setFilter("", &session)
    } else {
      return false
    }
    return true
  }

  /// Adds the rows that are waiting, and reads what is focused again.
  private mutating func refresh(_ session: inout Session) -> Reaction {
    if tab == .audit { return .effects([.readJournal(session.requests.begin(.journal))]) }
    SharedCommands.admit(tab, &session)
    hold(session)
    if tab == .profiles { return .effects(session.refreshAll()) }
    let effects = focusedRow(session).map { session.reread($0) } ?? session.refreshAll()
    return .effects(effects)
  }

  /// The profile that `L` logs in as: the focused one in Profiles, otherwise the first that failed
  /// for want of a login.
  private func loginProfile(_ session: Session) -> Untrusted? {
    if tab == .profiles, case .profile(let key?) = focusedLine(session) {
      return session.profileName(of: key)
    }
    return session.profileWithoutLogin
  }
}

// MARK: - Marks and the plan

extension ListScreen {
  private mutating func perform(_ mark: Command.Mark, _ session: inout Session) -> Reaction {
    switch mark {
    case .toggle:
      guard let cursor = cursor(session), let key = lineKey(at: cursor, session)?.row else {
        return .stay
      }
      if current.marks.remove(key) == nil { current.marks.insert(key) }
      focus(on: cursor + 1, session)
    case .range:
      guard let key = focusedLine(session)?.row else { return .stay }
      if current.anchor == nil {
        current.anchor = key
        current.marks.insert(key)
        session.notice = Notice("range: move to its other end; v or Esc ends it")
      } else {
        current.anchor = nil
      }
    case .all:
      guard let selection = tab.selection else { return .stay }
      current.marks.formUnion(session.inbox.keys(0..<lineCount(session), in: selection))
    case .clear:
      current.marks = []
      current.anchor = nil
    }
    return .stay
  }

  /// Plans an answer to the marked rows, or to the focused one; or removes them from the plan.
  private mutating func perform(_ stage: Command.Stage, _ session: inout Session) -> Reaction {
    let marked = shownMarks(session)
    if let answer = stage.answer, !marked.isEmpty {
      self.stage(answer, marked, &session)
      return .stay
    }
    let row = focusedRow(session)
    if let answer = stage.answer {
      guard let row else { return .stay }
      SharedCommands.stage(answer, row, &session)
    } else {
      let keys = marked.isEmpty ? [row?.key].compactMap(\.self) : marked
      let unmarked = keys.count { current.marks.contains($0) }
      unmark(keys)
      SharedCommands.unstage(keys, unmarked: unmarked, &session)
      if !marked.isEmpty { return .stay }
    }
    if let cursor = cursor(session) { focus(on: cursor + 1, session) }
    return .stay
  }

  private mutating func stage(_ answer: Answer, _ keys: [RowKey], _ session: inout Session) {
    var staged = 0
    var firstRefusal: Plan.Refusal?
    for row in keys.compactMap({ session.inbox.row($0) }) {
      if let refusal = session.stage(answer, row) {
        firstRefusal = firstRefusal ?? refusal
      } else {
        staged += 1
      }
    }
    // The marks end with the command that used them, whatever its result.
    unmark(keys)
    let hidden = current.marks.count
    var text = "planned: \(answer.rawValue) \(staged) of \(keys.count) marked; nothing is sent"
    if let firstRefusal { text += "; \(session.labels.words(for: firstRefusal, to: answer))" }
    if hidden > 0 { text += "; \(hidden) hidden unchanged, still marked" }
    session.notice = Notice(text, firstRefusal == nil ? .news : .refusal)
  }

  mutating func unmark(_ keys: [RowKey]) {
    current.marks.subtract(keys)
    current.anchor = nil
  }

  /// The marked rows that are shown, in their order.
  func shownMarks(_ session: Session) -> [RowKey] {
    current.marks
      .compactMap { key in position(of: .row(key), session).map { (key, $0) } }
      .sorted { $0.1 < $1.1 }
      .map(\.0)
  }
}

// MARK: - Filter, order and scope

extension ListScreen {
  private func order(_ session: Session) -> RowOrder {
    tab.selection.map { session.inbox.listing($0).order } ?? .standard
  }

  mutating func setOrder(_ order: RowOrder, _ session: inout Session) {
    guard let selection = tab.selection else { return }
    hold(session)
    session.inbox.setOrder(order, in: selection)
    hold(session)
  }

  private mutating func startTyping(_ session: Session) -> Reaction {
    hold(session)
    current.filterBefore = current.filter
    field = LineEditor(current.filter)
    return .stay
  }

  /// Handles a key while the filter is typed.
  private mutating func type(_ key: Key, _ session: inout Session) -> Reaction {
    switch key {
    case .enter:
      // An invalid filter stays to be corrected.
      if let problem = current.filterProblem {
        let words = Explanation(problem, in: session.launch.charset)
        session.notice = Notice(words.why, .refusal)
      } else {
        field = nil
      }
    case .escape, .control("c"): cancelTyping(&session)
    case .control("z"): return .effects([.suspend])
    case .control("l"): return .effects([.redraw])
    default: if field?.press(key) == true { applyField(&session) }
    }
    return .stay
  }

  /// Cancels the typing and restores the previous filter.
  mutating func cancelTyping(_ session: inout Session) {
    guard field != nil else { return }
    field = nil
    setFilter(current.filterBefore, &session)
  }

  private mutating func applyField(_ session: inout Session) {
    if let field { setFilter(field.text, &session) }
  }

  /// Applies a filter; an invalid one leaves the rows as they are, and its error is shown.
  private mutating func setFilter(_ text: String, _ session: inout Session) {
    guard let selection = tab.selection else { return }
    do throws(RowFilter.Problem) {
      session.inbox.setFilter(try RowFilter(text), in: selection, at: session.now)
      current.filter = text
      current.filterProblem = nil
      refocus(session)
    } catch {
      current.filterProblem = error
    }
  }

  /// Shows a list; returns the request for what it lacks.
  mutating func show(_ tab: Tab, _ session: inout Session) -> [Effect] {
    self.tab = tab
    pane = .list
    factsScroll = 0
    hold(session)
    guard tab == .audit, !session.journal.isRead else { return [] }
    return [.readJournal(session.requests.begin(.journal))]
  }

  /// Shows the handshakes of one account in every list; of all accounts for nil.
  mutating func setScope(_ account: AccountID?, _ session: inout Session) {
    session.setScope(account)
    for list in Tab.allCases where list.selection != nil {
      tab = list
      refocus(session)
    }
    tab = .inbox
    hold(session)
    let labels = session.labels
    let shown =
      account.map { "showing \(labels.name(of: $0)) only" } ?? "showing all accounts"
    let filter = current.filter
    let still = filter.isEmpty ? "" : "; the filter \(labels.format.typed(filter)) still applies"
    session.notice = Notice(shown + still)
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
