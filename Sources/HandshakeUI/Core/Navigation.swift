import Drawing
import Model
import ReviewAnswering
import ReviewInbox
import ReviewJournal
import ReviewWording

/// The screens that are open: the lists, a handshake over them, a dialog over both, and a question
/// for a one-time code over everything.
///
/// It is the only place that knows which screen is in front. It looks keys up in the command table,
/// gives events to screens, and carries out what they request.
struct Navigation: Sendable {
  var list = ListScreen()
  var detail: DetailScreen?
  var dialog: (any Screen)?
  var code = CodeScreen()
  /// The keys typed so far of an incomplete command.
  private(set) var chord: [Key] = []
  /// Whether a key has been pressed; until then nobody has chosen the focus.
  private(set) var isTouched = false
  /// The handshake to open as soon as it is known.
  private var opening: HandshakeID?
  private var quit = QuitState()

  init(opening: HandshakeID? = nil) { self.opening = opening }

  /// Whether the session has ended.
  var isOver: Bool { quit.isOver }

  /// The state of leaving the program.
  private struct QuitState: Equatable, Sendable {
    /// The time at which C-c was pressed once.
    var asked: Span?
    /// Whether the operator was warned that the plan will be discarded.
    var hasWarned = false
    var isOver = false
  }

  /// The places of the stack, from the front to the back.
  private enum Layer { case code, dialog, detail, list }
}

extension Navigation: Equatable {
  static func == (one: Navigation, other: Navigation) -> Bool {
    one.list == other.list && one.detail == other.detail && one.code == other.code
      && (one.dialog?.isEqual(to: other.dialog) ?? (other.dialog == nil))
      && one.chord == other.chord && one.isTouched == other.isTouched
      && one.opening == other.opening && one.quit == other.quit
  }
}

// MARK: - The stack

extension Navigation {
  /// The place of the front screen, apart from a question for a code.
  private var front: Layer { dialog != nil ? .dialog : detail != nil ? .detail : .list }

  private func screen(_ layer: Layer) -> any Screen {
    switch layer {
    case .code: code
    case .dialog: dialog ?? list
    case .detail: detail ?? list
    case .list: list
    }
  }

  /// Whether the question for a code receives the keys: not while the operator types or confirms
  /// something else.
  func showsQuestion(in session: Session) -> Bool {
    !code.questions.isEmpty && session.size.hasRoom && screen(front).admitsQuestion
  }

  private func top(in session: Session) -> Layer { showsQuestion(in: session) ? .code : front }

  func context(in session: Session) -> KeyContext { screen(top(in: session)).context }

  func disabledReason(of command: Command, _ session: Session) -> String? {
    screen(front).disabledReason(of: command, session)
  }

  /// Gives an event to one screen, which is taken out of its place so that it is not copied.
  private mutating func give(
    _ event: ScreenEvent, to layer: Layer, _ session: inout Session
  ) -> Reaction {
    switch layer {
    case .code: return code.handle(event, &session)
    case .detail: return detail?.handle(event, &session) ?? .unhandled
    case .list: return list.handle(event, &session)
    case .dialog:
      guard var screen = dialog else { return .unhandled }
      dialog = nil
      let reaction = screen.handle(event, &session)
      dialog = screen
      return reaction
    }
  }

  /// Carries out what a screen requests; returns all effects.
  private mutating func carryOut(
    _ reaction: Reaction, of layer: Layer, _ session: inout Session
  ) -> [Effect] {
    var effects = reaction.effects
    for change in reaction.changes { effects += carryOut(change, of: layer, &session) }
    return effects
  }

  private mutating func carryOut(
    _ change: Reaction.Change, of layer: Layer, _ session: inout Session
  ) -> [Effect] {
    switch change {
    case .close: return close(layer, &session)
    case .open(let screen): return [.flushInput] + open(screen, &session)
    case .replace(let screen): return open(screen, &session)
    case .openHandshake(let screen): detail = screen
    case .show(let tab):
      detail = nil
      return list.show(tab, &session)
    case .scope(let account): list.setScope(account, &session)
    case .order(let order): list.setOrder(order, &session)
    case .focus(let key):
      list.focus(on: key, session)
      // A range that is being marked in the list goes on to the row.
      detail?.marks = list.current.marks
    case .unmark(let key): list.unmark([key])
    case .run(let command):
      let effects = close(layer, &session)
      let context = screen(front).context
      guard command.places.contains(context) else {
        let keys = command.chords.first?.keys ?? []
        session.notice = Notice(Command.reasonNotBound(keys, in: context), .refusal)
        return effects
      }
      return effects + attempt(command, on: front, &session)
    case .pass(let key): return press(key, on: front, &session)
    }
    return []
  }

  /// Opens a dialog in place of the one that is open.
  private mutating func open(_ screen: any Screen, _ session: inout Session) -> [Effect] {
    var screen = screen
    chord = []
    dialog = nil
    let effects = screen.open(&session)
    dialog = screen
    return effects
  }

  private mutating func close(_ layer: Layer, _ session: inout Session) -> [Effect] {
    switch layer {
    case .dialog:
      let screen = dialog
      dialog = nil
      return screen?.close(&session) ?? []
    case .detail: detail = nil
    case .code, .list: break
    }
    return []
  }
}

// MARK: - Keys

extension Navigation {
  /// Handles one key, on whatever screen.
  mutating func press(_ key: Key, _ session: inout Session) -> [Effect] {
    isTouched = true
    if !session.size.hasRoom { return pressWithoutRoom(key, &session) }
    if key != .control("c") { quit.asked = nil }
    if key != .character("q") { quit.hasWarned = false }
    let layer = top(in: session)
    switch layer {
    case .code: break
    case .dialog: session.notice = nil
    case .detail, .list:
      let isTyping = !screen(layer).admitsQuestion
      // Redrawing does not change what is shown.
      if isTyping || key != .control("l") { session.notice = nil }
      if !isTyping { list.hold(session) }
    }
    defer { openAtStart(&session) }
    return press(key, on: layer, &session)
  }

  private mutating func press(
    _ key: Key, on layer: Layer, _ session: inout Session
  ) -> [Effect] {
    let reaction = give(.key(key), to: layer, &session)
    if reaction.isHandled { return carryOut(reaction, of: layer, &session) }
    let keys = chord + [key]
    chord = []
    let context = screen(layer).context
    if let command = Command.bound(to: keys, in: context) {
      return attempt(command, on: layer, &session)
    }
    if Command.isPrefix(keys, in: context) {
      chord = keys
    } else {
      session.notice = Notice(Command.reasonNotBound(keys, in: context), .refusal)
    }
    return []
  }

  /// Carries out a command on a screen, or says why it is unavailable.
  private mutating func attempt(
    _ command: Command, on layer: Layer, _ session: inout Session
  ) -> [Effect] {
    if let reason = screen(layer).disabledReason(of: command, session) {
      session.notice = Notice("\(command.chords.first?.text ?? ""): \(reason)", .refusal)
      return []
    }
    if layer != .dialog, command.usesFocus { list.keepStandIn(session) }
    let reaction = give(.command(command), to: layer, &session)
    if reaction.isHandled { return carryOut(reaction, of: layer, &session) }
    switch command {
    case .program(.redraw): return [.redraw]
    case .program(.suspend): return [.suspend]
    case .program(.interrupt): return interrupt(&session)
    case .program(.quit): return leave(&session)
    default: return []
    }
  }

  /// Handles a key on a terminal that is too small to decide anything on: only leaving works, and
  /// what goes on can be stopped.
  private mutating func pressWithoutRoom(_ key: Key, _ session: inout Session) -> [Effect] {
    if dialog?.ongoing != nil { return press(key, on: .dialog, &session) }
    switch key {
    case .character("q"): return leave(&session)
    case .control("c"): return interrupt(&session)
    case .control("z"): return [.suspend]
    case .control("l"): return [.redraw]
    default: return []
    }
  }

  /// Handles C-c: closes what is open, and quits when pressed twice within two seconds.
  private mutating func interrupt(_ session: inout Session) -> [Effect] {
    if let asked = quit.asked, session.uptime.milliseconds - asked.milliseconds < 2_000 {
      return leave(&session)
    }
    quit.asked = session.uptime
    list.cancelTyping(&session)
    detail?.cancelTyping()
    chord = []
    let effects = close(.dialog, &session)
    let count = session.answersToKeep.count
    let discards =
      switch count {
      case 0: ""
      case 1: " and discard the planned answer"
      default: " and discard \(count) planned answers"
      }
    session.notice = Notice("C-c again: quit\(discards). Nothing is being sent.")
    return effects
  }

  /// Quits; with `q`, a plan that would be discarded is mentioned once before.
  private mutating func leave(_ session: inout Session) -> [Effect] {
    let count = session.answersToKeep.count
    if count > 0, !quit.hasWarned, quit.asked == nil {
      quit.hasWarned = true
      session.notice = Notice(
        count == 1
          ? "1 planned answer not sent. q again: quit and discard it"
          : "\(count) planned answers not sent. q again: quit and discard them", .refusal)
      return []
    }
    quit.isOver = true
    return [.keepPlan([]), .quit]
  }
}

// MARK: - Messages

extension Navigation {
  /// Gives a message to the open dialog.
  mutating func tell(_ message: Message, _ session: inout Session) -> [Effect] {
    carryOut(give(.message(message), to: .dialog, &session), of: .dialog, &session)
  }

  mutating func start(_ session: inout Session) -> [Effect] {
    if session.inbox.roster.isEmpty, let id = opening {
      session.notice = Notice(
        "handshake \(id.text) not found: there is no account to read", .fault)
      opening = nil
    }
    return session.start()
  }

  /// Handles pasted text, which goes into a text field or nowhere and never acts as keys (UX-7.1).
  mutating func paste(_ message: Message, _ session: inout Session) -> [Effect] {
    let layer = top(in: session)
    let reaction = give(.message(message), to: layer, &session)
    if !reaction.isHandled {
      session.notice = Notice("pasted text was ignored here", .refusal)
    }
    return carryOut(reaction, of: layer, &session)
  }

  mutating func resize(to size: Size, _ session: inout Session) -> [Effect] {
    list.hold(session)
    session.size = size
    list.fit(session)
    return tell(.resized(size), &session)
  }

  /// Handles the passing of time, for example the end of a grace period.
  mutating func tick(_ message: Message, _ session: inout Session) -> [Effect] {
    if session.inbox.isTimed {
      list.hold(session)
      session.inbox.refilter(at: session.now, onlyTimed: true)
      settle(&session)
    }
    return tell(message, &session)
  }

  /// Handles the loss of the terminal; the plan is kept for the next start, unconfirmed.
  mutating func loseTerminal(_ session: inout Session) -> [Effect] {
    quit.isOver = true
    let kept = session.answersToKeep
    let stopping = tell(.terminalLost, &session)
    dialog = nil
    return stopping + [.keepPlan(kept), .quit]
  }

  /// Gives a reply to the session, and keeps the focus on its row if the reply may move rows.
  mutating func read(
    _ message: Message, for request: Request, _ session: inout Session
  ) -> [Effect] {
    switch message {
    case .pageRead, .handshakeRead, .journalRead, .profileResolved: break
    default: return session.read(message)
    }
    list.hold(session)
    let effects = session.read(message)
    if case .profileResolved(_, .success(let account), _) = message,
      case .profile(let name) = request, session.launch.account.map({ $0 == account }) ?? true
    {
      list.rename(.unresolved(name), to: .account(account))
    }
    settle(&session)
    return effects
  }

  /// Sets the focus after rows were added or changed.
  ///
  /// The first row gets the focus, and the handshake to open at the start is opened.
  private mutating func settle(_ session: inout Session) {
    // Which row arrived first is chance and nobody's choice, and the rows above it would be out of
    // sight.
    if session.inbox.isSettled, !isTouched { list.lists = ListStates() }
    if list.current.focus == nil { list.hold(session) }
    if session.inbox.isSettled, !session.answers.kept.isEmpty { session.restage() }
    openAtStart(&session)
  }

  /// Opens the handshake that was named at the start, as soon as it is known.
  ///
  /// It waits while a text is typed or a dialog is open: the keys are meant for them.
  private mutating func openAtStart(_ session: inout Session) {
    guard opening != nil, dialog == nil, list.field == nil, detail?.field == nil else { return }
    guard let id = opening, let row = session.inbox.row(id) else {
      if let id = opening, session.inbox.isSettled {
        session.notice = Notice("handshake \(id.text) not found in these accounts", .fault)
        opening = nil
      }
      return
    }
    opening = nil
    detail = list.detail(of: row.key)
  }

  /// Handles a request for a one-time code, or its end.
  mutating func ask(_ message: Message, _ session: inout Session) -> [Effect] {
    carryOut(give(.message(message), to: .code, &session), of: .code, &session)
  }

  /// Updates the question after every message; one that has just appeared discards the input before
  /// it.
  mutating func showQuestion(_ session: Session) -> [Effect] {
    guard code.show(showsQuestion(in: session), at: session.uptime) else { return [] }
    chord = []
    return [.flushInput]
  }
}

// MARK: - Drawing

extension Navigation {
  /// Draws the screens from the back to the front.
  func draw(_ session: Session, _ canvas: inout Canvas) {
    guard session.size.hasRoom else {
      TooSmallView(session: session, ongoing: dialog?.ongoing).draw(&canvas)
      return
    }
    let asks = showsQuestion(in: session)
    var header = HeaderView(session: session, tab: list.tab)
    header.lead = detail?.header(session) ?? list.header(session)
    header.isCodeWaiting = !asks && !code.questions.isEmpty
    header.draw(&canvas)
    let last = session.notice.flatMap { dialog?.showsInLastRow($0) ?? false ? $0 : nil }
    if !(dialog?.hidesScreenBelow ?? false) {
      var below = session
      if last != nil { below.notice = nil }
      let isCovered = asks || dialog != nil
      if let detail {
        detail.draw(below, &canvas, isCovered: isCovered)
      } else {
        list.draw(below, &canvas, isCovered: isCovered)
      }
    }
    dialog?.draw(session, &canvas)
    if let last { draw(last, &canvas) }
    if asks { code.draw(session, &canvas) }
  }

  private func draw(_ notice: Notice, _ canvas: inout Canvas) {
    let size = canvas.size
    canvas.inside(Rect(row: size.rows - 1, column: 0, rows: 1, columns: size.columns)) { canvas in
      canvas.clear()
      canvas.draw(Line(" " + notice.text, notice.role), row: 0)
    }
  }
}
