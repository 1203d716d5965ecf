import Drawing
import Model
import ReviewAnswering
import ReviewInbox
import ReviewJournal
import ReviewWording
import Text

/// An opened handshake: its tree, what is told of it, and its raw JSON.
struct DetailScreen: Screen {
  private(set) var key: RowKey
  /// The list that it was opened from.
  let tab: Tab
  /// The rows that are marked in that list.
  var marks: Set<RowKey>
  /// The focused entry; nil means the first.
  private var focus: EntryID?
  /// The focused entry's line on the screen.
  private var screenLine = 0
  /// The entries that are folded.
  private var folded: Set<EntryID> = []
  private(set) var search = ""
  /// The search text while it is being typed.
  private(set) var field: LineEditor?
  /// The state of the raw JSON; nil while the tree is shown.
  var raw: RawState?

  init(_ key: RowKey, from tab: Tab, marks: Set<RowKey> = []) {
    self.key = key
    self.tab = tab
    self.marks = marks
  }

  var context: KeyContext { raw == nil ? .detail : .raw }
  var admitsQuestion: Bool { field == nil }

  mutating func handle(_ event: ScreenEvent, _ session: inout Session) -> Reaction {
    switch event {
    case .key(let key): return field == nil ? .unhandled : type(key, &session)
    case .command(let command): return perform(command, &session)
    case .message(.pasted(let text, _)):
      guard field != nil else { return .unhandled }
      field?.paste(text)
      applyField()
      return .stay
    case .message: return .unhandled
    }
  }

  func disabledReason(of command: Command, _ session: Session) -> String? {
    switch command {
    case .move(.nextHandshake):
      neighbour(1, session) == nil ? "this is the last one" : nil
    case .move(.previousHandshake):
      neighbour(-1, session) == nil ? "this is the first one" : nil
    case .find(.nextMatch), .find(.previousMatch):
      search.isEmpty ? "no search text: press / to search" : nil
    case .stage(let stage):
      stage.disabledReason(
        on: row(session), marked: { false }, isMarked: { marks.contains($0) }, session)
    default: command.disabledReason(on: { row(session) }, session)
    }
  }

  func row(_ session: Session) -> Row? { session.inbox.row(key) }

  /// The position in the list that the handshake was opened from; nil if it is not shown there.
  private func position(_ session: Session) -> Int? {
    tab.selection.flatMap { session.inbox.position(of: key, in: $0) }
  }

  /// Returns the handshake `step` lines from this one in its list.
  private func neighbour(_ step: Int, _ session: Session) -> RowKey? {
    guard let selection = tab.selection, let position = position(session) else { return nil }
    return session.inbox.row(position + step, in: selection)?.key
  }
}

/// The state of the raw JSON's view.
struct RawState: Hashable, Sendable {
  var scroll = 0
}

// MARK: - Commands

extension DetailScreen {
  private mutating func perform(_ command: Command, _ session: inout Session) -> Reaction {
    let row = row(session)
    switch command {
    case .look(.back), .look(.outward): return climb() || goBack() ? .stay : .close
    case .look(.raw): raw = raw == nil && row != nil ? RawState() : nil
    case .find(.filter): field = LineEditor()
    case .find(.nextMatch): jump(forward: true, &session)
    case .find(.previousMatch): jump(forward: false, &session)
    case .move(.nextHandshake): return show(neighbour(1, session))
    case .move(.previousHandshake): return show(neighbour(-1, session))
    case .move(let move): if let row { self.move(move, row, session) }
    case .look(let look) where look != .trust: if let row { fold(look, row, session) }
    case .stage(let stage): return row.map { perform(stage, $0, &session) } ?? .stay
    case .program(.refresh):
      SharedCommands.admit(tab, &session)
      return .effects(row.map { session.reread($0) } ?? session.refreshAll())
    case .program(.quit): return goBack() ? .stay : .close
    default: return SharedCommands.perform(command, on: row, from: self, &session)
    }
    return .stay
  }

  /// Shows another handshake of the list, in the same form, and moves the list's focus to it.
  private mutating func show(_ key: RowKey?) -> Reaction {
    guard let key else { return .stay }
    let isRaw = raw != nil
    self = DetailScreen(key, from: tab, marks: marks)
    if isRaw { raw = RawState() }
    return Reaction(changes: [.focus(key)])
  }

  private mutating func perform(
    _ stage: Command.Stage, _ row: Row, _ session: inout Session
  ) -> Reaction {
    if let answer = stage.answer {
      SharedCommands.stage(answer, row, &session)
      return .stay
    }
    let isMarked = marks.remove(row.key) != nil
    SharedCommands.unstage([row.key], unmarked: isMarked ? 1 : 0, &session)
    return Reaction(changes: [.unmark(row.key)])
  }

  /// Moves the focus to the parent entry; returns false at the top, where "back" leaves.
  private mutating func climb() -> Bool {
    guard raw == nil, case .resource(let path) = focus, path.count > 1 else { return false }
    focus = .resource(Array(path.dropLast()))
    return true
  }

  /// Goes back to the tree; returns false if it is shown.
  private mutating func goBack() -> Bool {
    guard raw != nil else { return false }
    raw = nil
    return true
  }
}

// MARK: - Moving and folding

extension DetailScreen {
  private func entries(_ row: Row, _ session: Session) -> [Entry] {
    let layout = DetailLayout(session.size, isRaw: false)
    return DetailEntries(
      row, in: session, columns: layout.main.columns, sections: layout.sections,
      beside: layout.side != nil || layout.raw != nil, folded: folded, hasVerdict: true
    ).entries
  }

  /// Returns the index of the focused entry; 0 if none is focused.
  private func cursor(_ entries: [Entry]) -> Int {
    focus.flatMap { focus in entries.firstIndex { $0.id == focus } } ?? 0
  }

  private func firstLine(_ entries: [Entry], _ size: Size) -> Int {
    let rows = DetailLayout(size, isRaw: false).main.rows
    return min(max(0, cursor(entries) - screenLine), max(0, entries.count - rows))
  }

  private mutating func move(_ move: Command.Move, _ row: Row, _ session: Session) {
    if let raw {
      let count = rawLines(row, session.size).count
      let rows = DetailLayout(session.size, isRaw: true).rawRows
      self.raw?.scroll = raw.scroll.scrolled(move.distance(page: rows), of: count, in: rows)
      return
    }
    let entries = entries(row, session)
    let rows = DetailLayout(session.size, isRaw: false).main.rows
    focus(on: cursor(entries) + move.distance(page: rows), of: entries, session.size)
  }

  private mutating func focus(on position: Int, of entries: [Entry], _ size: Size) {
    guard !entries.isEmpty else { return }
    let rows = DetailLayout(size, isRaw: false).main.rows
    let target = min(max(0, position), entries.count - 1)
    screenLine = min(max(0, target - firstLine(entries, size)), max(0, rows - 1))
    focus = entries[target].id
  }

  private mutating func fold(_ look: Command.Look, _ row: Row, _ session: Session) {
    let entries = entries(row, session)
    let cursor = cursor(entries)
    let focused = entries[cursor]
    switch look {
    case .open where focused.isFoldable:
      if folded.remove(focused.id) == nil { focus(on: cursor + 1, of: entries, session.size) }
    case .fold where focused.isFoldable:
      if folded.remove(focused.id) == nil { folded.insert(focused.id) }
    case .unfold: folded.remove(focused.id)
    case .close where focused.isFoldable: folded.insert(focused.id)
    case .unfoldAll: folded = []
    case .closeAll:
      folded.formUnion(entries.filter { $0.isFoldable && $0.id != .handshake }.map(\.id))
      if let key = focus, !self.entries(row, session).contains(where: { $0.id == key }) {
        focus = nil
      }
    default: break
    }
  }
}

// MARK: - Searching

extension DetailScreen {
  /// Handles a key while the search text is typed.
  private mutating func type(_ key: Key, _ session: inout Session) -> Reaction {
    switch key {
    case .enter:
      field = nil
      jump(forward: true, &session)
    case .escape, .control("c"): cancelTyping()
    case .control("z"): return .effects([.suspend])
    case .control("l"): return .effects([.redraw])
    default: if field?.press(key) == true { applyField() }
    }
    return .stay
  }

  private mutating func applyField() {
    if let field { search = field.text }
  }

  /// Cancels the typing of a search text.
  mutating func cancelTyping() {
    guard field != nil else { return }
    field = nil
    search = ""
  }

  /// Moves to the next line that contains the search text, wrapping around at the end.
  private mutating func jump(forward: Bool, _ session: inout Session) {
    guard let row = row(session), !search.isEmpty else { return }
    let entries = entries(row, session)
    let text = EntryText(row, in: session, folded: folded)
    let texts =
      raw == nil ? entries.map { text.line(of: $0).text } : rawLines(row, session.size)
    let start = raw?.scroll ?? cursor(entries)
    guard let match = texts.match(of: search, from: start, forward: forward) else {
      session.notice = Notice("not found: \(session.format.typed(search))", .refusal)
      return
    }
    if raw != nil {
      let rows = DetailLayout(session.size, isRaw: true).rawRows
      raw?.scroll = match.scrolled(0, of: texts.count, in: rows)
    } else {
      focus(on: match, of: entries, session.size)
    }
  }
}

// MARK: - Drawing

extension DetailScreen {
  func draw(_ session: Session, _ canvas: inout Canvas) {
    draw(session, &canvas, isCovered: false)
  }

  /// Draws the screen; below another one that has the keys it shows none.
  func draw(_ session: Session, _ canvas: inout Canvas, isCovered: Bool) {
    let layout = DetailLayout(session.size, isRaw: raw != nil)
    canvas.inside(layout.plan) { PlanPane(session: session).draw(&$0) }
    guard let row = row(session) else {
      canvas.inside(layout.main) {
        $0.draw(Line(" this handshake is no longer listed", .warning), row: 0)
      }
      let footer = footer(session, Line(), isCovered: isCovered)
      footer.draw(session, &canvas, notice: layout.notice, footer: layout.footer)
      return
    }
    let entries = entries(row, session)
    let lines = raw == nil ? [] : rawLines(row, session.size)
    let scroll = raw?.scroll.scrolled(0, of: lines.count, in: layout.rawRows) ?? 0
    let position =
      raw == nil
      ? Line.position(cursor(entries) + 1, of: entries.count)
      : Line.position(min(scroll + layout.rawRows, lines.count), of: lines.count)
    let footer = footer(session, position, isCovered: isCovered)
    footer.draw(session, &canvas, notice: layout.notice, footer: layout.footer)
    canvas.inside(layout.banner) { canvas in
      let verdict = HandshakeFacts(session: session, row: row).verdict
      canvas.rule(verdict, row: 0, heavy: true)
    }
    if raw != nil, layout.raw == nil {
      canvas.inside(layout.main) { drawRaw(lines, scroll: scroll, &$0, hasFocus: true) }
      return
    }
    let text = EntryText(row, in: session, folded: folded)
    canvas.inside(layout.main) { drawEntries(entries, text, &$0) }
    if let side = layout.side { canvas.inside(side) { drawSide(row, session, &$0) } }
    if let rect = layout.raw {
      canvas.box(rect, Line("RAW", .heading)) {
        let all = lines.isEmpty ? rawLines(row, session.size) : lines
        drawRaw(all, scroll: scroll, &$0, hasFocus: raw != nil)
      }
    }
  }

  private func drawEntries(
    _ entries: [Entry], _ text: EntryText, _ canvas: inout Canvas
  ) {
    let first = firstLine(entries, text.session.size)
    let cursor = cursor(entries)
    let shown = entries.dropFirst(first).prefix(canvas.size.rows)
    let left = entries.count - first - canvas.size.rows
    for (index, entry) in zip(shown.indices, shown) {
      let isFocused = index == cursor && raw == nil
      let line = Line(isFocused ? ">" : " ", .focus) + text.line(of: entry)
      let isLast = index - first == canvas.size.rows - 1
      canvas.draw(
        isFocused ? line.emboldened : line, row: index - first,
        before: isLast && left > 0 ? Line(" +\(left) ", .quiet) : Line())
      if isFocused, field == nil { canvas.placeCursor(row: index - first, column: 0) }
    }
  }

  private func drawRaw(
    _ lines: [String], scroll: Int, _ canvas: inout Canvas, hasFocus: Bool
  ) {
    for (index, line) in lines.dropFirst(scroll).prefix(canvas.size.rows).enumerated() {
      canvas.draw(Line(" " + line), row: index)
    }
    if hasFocus { canvas.placeCursor(row: 0, column: 0) }
  }

  private func drawSide(_ row: Row, _ session: Session, _ canvas: inout Canvas) {
    let facts = HandshakeFacts(session: session, row: row)
    let told = HandshakeSections(session: session, row: row)
    let lines =
      [Line("WHO", .heading)] + facts.who + [
        Line(), Line(told.title(of: .effects), .heading),
      ]
      + told.effectLines
    let wrapped = lines.flatMap { $0.wrapped(to: canvas.size.columns - 2, indent: 9) }
    let left = wrapped.count - canvas.size.rows
    for (index, line) in wrapped.prefix(canvas.size.rows).enumerated() {
      let isLast = index == canvas.size.rows - 1
      canvas.draw(
        line, row: index, column: 1,
        before: isLast && left > 0 ? Line(" +\(left) more below the tree ", .quiet) : Line())
    }
  }

  /// Returns the raw JSON in lines that fit; a longer line continues on the next one.
  private func rawLines(_ row: Row, _ size: Size) -> [String] {
    let layout = DetailLayout(size, isRaw: true)
    let columns = max(8, (layout.raw.map { $0.columns - 2 } ?? layout.main.columns) - 2)
    return row.handshake.rawJSON.split(separator: UInt8(ascii: "\n")).flatMap { line in
      stride(from: line.startIndex, to: line.endIndex, by: columns).map { start in
        String(decoding: line[start..<min(start + columns, line.endIndex)], as: UTF8.self)
      }
    }
  }

  /// The parts of the header about the handshake.
  func header(_ session: Session) -> [HeaderView.Part] {
    let lineCount = tab.selection.map { session.inbox.listing($0).count } ?? 0
    let place =
      position(session).map { "\($0 + 1) of \(lineCount)" } ?? "not in the list"
    let id =
      row(session).map { session.labels.id(of: $0) + $0.shape.otherLabel } ?? Line("?", .heading)
    // The text before the id is dropped rather than the end of the id.
    let title = "\(tab.title) > "
    let first = Line(" \(session.launch.backend.rawValue) \(session.whose)  ")
    let isWhole = first.width + title.utf8.count + id.width <= session.size.columns
    var parts = [
      HeaderView.Part(line: Line(isWhole ? title : "") + id, weight: 9),
      HeaderView.Part(line: Line(place, .quiet), weight: 8),
    ]
    if !search.isEmpty {
      let text = Line("/ ", .key) + Line(session.format.typed(search))
      parts.append(HeaderView.Part(line: text, weight: 5))
    }
    return parts
  }

  private func footer(_ session: Session, _ position: Line, isCovered: Bool) -> FooterView {
    FooterView(
      position: position,
      field: field.map {
        FieldView(label: " search ", field: $0, keys: FieldView.keys(done: "find"))
      },
      hints: isCovered ? [] : Self.hints(isRaw: raw != nil),
      isUsable: { disabledReason(of: $0, session) == nil })
  }

  private static func hints(isRaw: Bool) -> [Hint] {
    let staging =
      isRaw
      ? [] : [Hint([.stage(.accept), .stage(.decline), .stage(.cancel)], "plan only")]
    return staging + [
      Hint([.move(.nextHandshake), .move(.previousHandshake)], "next/prev"),
      Hint([.look(.raw)], "raw JSON"),
      Hint([.take(.copyID), .take(.copyMenu)], "copy, menu"),
      Hint([.program(.help)], "help"),
      Hint([.look(.back)], "back"),
      Hint([.look(.trust)], "why trust"),
      Hint([.find(.filter), .find(.nextMatch)], "search"),
      Hint([.look(.fold), .look(.unfoldAll), .look(.closeAll)], "fold"),
      Hint([.take(.export)], "export"),
      Hint([.send(.review)], "review+send"),
    ]
  }
}

extension [String] {
  /// Returns the next line after `start` that contains the text, ignoring case and wrapping around.
  fileprivate func match(of text: String, from start: Int, forward: Bool) -> Int? {
    let text = text.lowercased()
    let steps = forward ? [Int](1...Swift.max(1, count)) : (1...Swift.max(1, count)).map { -$0 }
    return steps.map { ((start + $0) % Swift.max(1, count) + count) % Swift.max(1, count) }
      .first { indices.contains($0) && self[$0].lowercased().contains(text) }
  }
}
