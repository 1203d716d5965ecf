import Drawing
import Model
import ReviewInbox

/// The state of an opened handshake's screen.
struct DetailState: Equatable, Sendable {
  var key: RowKey
  /// The focused entry; nil means the first.
  var focus: EntryID?
  /// The focused entry's line on the screen.
  var screenLine = 0
  /// The entries that are folded.
  var folded: Set<EntryID> = []
  var search = ""
  /// The state of the raw JSON; nil while the tree is shown.
  var raw: RawState?

  init(key: RowKey) {
    self.key = key
  }
}

/// The state of the raw JSON's view.
struct RawState: Hashable, Sendable {
  var scroll = 0
}

/// The identity of a line of the detail, which is the same after a reread, a fold or a resize.
enum EntryID: Hashable, Sendable {
  /// A line of the verdict on the sender, if the banner has no room for it.
  case verdict(Int)
  case handshake
  case times
  /// A line of a state or an action that this program does not know.
  case unknown(Int)
  case parties
  case party(Int)
  case resources
  /// A resource by its path in the tree, from the top down.
  case resource([Int])
  /// A line of a resource's text.
  case text([Int], Int)
  case deeper([Int])
  case section(Section)
  case item(Section, Int)
  case blank(Section)

  enum Section: Hashable, CaseIterable, Sendable {
    case damage
    case effects
    case checks
    case refusals
    case timeline
    case legend
  }
}

// Moving, folding and searching in an opened handshake.

extension State {
  func detailEntries(_ row: Row) -> [Entry] {
    let layout = DetailLayout(size, isRaw: false)
    return DetailEntries(
      row, in: self, columns: layout.main.columns, sections: layout.sections,
      beside: layout.side != nil || layout.raw != nil
    ).entries
  }

  /// Returns the index of the focused entry; 0 if none is focused.
  func detailCursor(_ entries: [Entry]) -> Int {
    detail?.focus.flatMap { focus in entries.firstIndex { $0.id == focus } } ?? 0
  }

  func detailFirstLine(_ entries: [Entry]) -> Int {
    let rows = DetailLayout(size, isRaw: false).main.rows
    let cursor = detailCursor(entries)
    return min(max(0, cursor - (detail?.screenLine ?? 0)), max(0, entries.count - rows))
  }

  mutating func moveInDetail(_ move: Command.Move) {
    guard let row = focusedRow else { return }
    switch move {
    case .nextHandshake: openNeighbour(1)
    case .previousHandshake: openNeighbour(-1)
    default:
      if let raw = detail?.raw {
        let count = rawLines(row).count
        let rows = DetailLayout(size, isRaw: true).rawRows
        detail?.raw?.scroll = raw.scroll.scrolled(move.distance(page: rows), of: count, in: rows)
        return
      }
      let entries = detailEntries(row)
      let rows = DetailLayout(size, isRaw: false).main.rows
      focusDetail(on: detailCursor(entries) + move.distance(page: rows), of: entries)
    }
  }

  private mutating func focusDetail(on position: Int, of entries: [Entry]) {
    guard !entries.isEmpty else { return }
    let rows = DetailLayout(size, isRaw: false).main.rows
    let target = min(max(0, position), entries.count - 1)
    let line = min(max(0, target - detailFirstLine(entries)), max(0, rows - 1))
    detail?.focus = entries[target].id
    detail?.screenLine = line
  }

  private mutating func openNeighbour(_ step: Int) {
    guard let key = neighbour(step), let position = linePosition(of: .row(key)) else { return }
    let isRaw = detail?.raw != nil
    focus(on: position)
    detail = DetailState(key: key)
    if isRaw { detail?.raw = RawState() }
  }

  mutating func fold(_ look: Command.Look) {
    guard let row = focusedRow else { return }
    let entries = detailEntries(row)
    let focused = entries[detailCursor(entries)]
    switch look {
    case .fold where focused.isFoldable:
      if detail?.folded.remove(focused.id) == nil { detail?.folded.insert(focused.id) }
    case .unfold: detail?.folded.remove(focused.id)
    case .close where focused.isFoldable: detail?.folded.insert(focused.id)
    case .unfoldAll: detail?.folded = []
    case .closeAll:
      let foldable = entries.filter { $0.isFoldable && $0.id != .handshake }.map(\.id)
      detail?.folded.formUnion(foldable)
      if let key = detail?.focus, !detailEntries(row).contains(where: { $0.id == key }) {
        detail?.focus = nil
      }
    default: break
    }
  }

  mutating func unfoldFocused() {
    guard let row = focusedRow else { return }
    let entries = detailEntries(row)
    let focused = entries[detailCursor(entries)]
    guard focused.isFoldable else { return }
    if detail?.folded.remove(focused.id) == nil {
      focusDetail(on: detailCursor(entries) + 1, of: entries)
    }
  }

  /// Moves the focus to the parent entry; returns false at the top, where "back" leaves the detail.
  mutating func foldOrClimb() -> Bool {
    guard detail?.raw == nil, case .resource(let path) = detail?.focus, path.count > 1 else {
      return false
    }
    detail?.focus = .resource(Array(path.dropLast()))
    return true
  }
}

extension State {
  /// Moves to the next line that contains the search text, wrapping around at the end.
  mutating func jumpToMatch(forward: Bool) -> [Effect] {
    guard let row = focusedRow, let detail, !detail.search.isEmpty else { return [] }
    let isRaw = detail.raw != nil
    let texts = isRaw ? rawLines(row) : detailEntries(row).map { text(of: $0, row).text }
    let start = isRaw ? detail.raw?.scroll ?? 0 : detailCursor(detailEntries(row))
    guard let match = texts.match(of: detail.search, from: start, forward: forward) else {
      notice = Notice("not found: \(pen.typed(detail.search))", .refusal)
      return []
    }
    if isRaw {
      let rows = DetailLayout(size, isRaw: true).rawRows
      self.detail?.raw?.scroll = match.scrolled(0, of: texts.count, in: rows)
    } else {
      focusDetail(on: match, of: detailEntries(row))
    }
    return []
  }
}

extension [String] {
  /// Returns the next line after `start` that contains the text, ignoring case and wrapping around.
  func match(of text: String, from start: Int, forward: Bool) -> Int? {
    let text = text.lowercased()
    let steps = forward ? [Int](1...Swift.max(1, count)) : (1...Swift.max(1, count)).map { -$0 }
    return steps.map { ((start + $0) % Swift.max(1, count) + count) % Swift.max(1, count) }
      .first { indices.contains($0) && self[$0].lowercased().contains(text) }
  }
}

/// The screen of an opened handshake.
struct DetailView {
  let state: State

  func draw(_ canvas: inout Canvas) {
    guard let detail = state.detail else { return }
    let layout = DetailLayout(state.size, isRaw: detail.raw != nil)
    canvas.inside(layout.plan) { PlanPane(state: state).draw(&$0) }
    guard let row = state.inbox.row(detail.key) else {
      canvas.inside(layout.main) {
        $0.draw(Line(" this handshake is no longer listed", .warning), row: 0)
      }
      FooterView(state: state, position: Line())
        .draw(&canvas, notice: layout.notice, footer: layout.footer)
      return
    }
    let entries = state.detailEntries(row)
    let lines = detail.raw == nil ? [] : state.rawLines(row)
    let scroll = detail.raw?.scroll.scrolled(0, of: lines.count, in: layout.rawRows) ?? 0
    let position =
      detail.raw == nil
      ? Line.position(state.detailCursor(entries) + 1, of: entries.count)
      : Line.position(min(scroll + layout.rawRows, lines.count), of: lines.count)
    FooterView(state: state, position: position)
      .draw(&canvas, notice: layout.notice, footer: layout.footer)
    drawBanner(row, &canvas, layout.banner)
    if detail.raw != nil, layout.raw == nil {
      canvas.inside(layout.main) { drawRaw(lines, scroll: scroll, &$0, hasFocus: true) }
      return
    }
    canvas.inside(layout.main) { drawEntries(entries, row, &$0, hasFocus: detail.raw == nil) }
    if let side = layout.side { canvas.inside(side) { drawSide(row, &$0) } }
    if let rect = layout.raw {
      canvas.box(rect, Line("RAW", .heading)) {
        let all = lines.isEmpty ? state.rawLines(row) : lines
        drawRaw(all, scroll: scroll, &$0, hasFocus: detail.raw != nil)
      }
    }
  }

  private func drawBanner(_ row: Row, _ canvas: inout Canvas, _ rect: Rect) {
    canvas.inside(rect) { canvas in
      canvas.rule(HandshakeFacts(state: state, row: row).verdict, row: 0, heavy: true)
    }
  }

  private func drawEntries(
    _ entries: [Entry], _ row: Row, _ canvas: inout Canvas, hasFocus: Bool
  ) {
    let first = state.detailFirstLine(entries)
    let cursor = state.detailCursor(entries)
    let shown = entries.dropFirst(first).prefix(canvas.size.rows)
    let left = entries.count - first - canvas.size.rows
    for (index, entry) in zip(shown.indices, shown) {
      let isFocused = index == cursor && hasFocus
      let line = Line(isFocused ? ">" : " ", .focus) + state.text(of: entry, row)
      let isLast = index - first == canvas.size.rows - 1
      canvas.draw(
        isFocused ? line.emboldened : line, row: index - first,
        before: isLast && left > 0 ? Line(" +\(left) ", .quiet) : Line())
      if isFocused, state.field == nil { canvas.placeCursor(row: index - first, column: 0) }
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

  private func drawSide(_ row: Row, _ canvas: inout Canvas) {
    let facts = HandshakeFacts(state: state, row: row)
    let lines =
      [Line("WHO", .heading)] + facts.who + [
        Line(), Line(state.title(of: .effects, row), .heading),
      ]
      + state.effectLines(row)
    let wrapped = lines.flatMap { $0.wrapped(to: canvas.size.columns - 2, indent: 9) }
    let left = wrapped.count - canvas.size.rows
    for (index, line) in wrapped.prefix(canvas.size.rows).enumerated() {
      let isLast = index == canvas.size.rows - 1
      canvas.draw(
        line, row: index, column: 1,
        before: isLast && left > 0 ? Line(" +\(left) more below the tree ", .quiet) : Line())
    }
  }
}

/// The rectangles of an opened handshake's parts.
struct DetailLayout: Hashable {
  /// The banner with the verdict on the sender.
  let banner: Rect
  /// The tree and the sections below it, or the raw JSON.
  let main: Rect
  /// The parties and the effects of the answer, beside the tree.
  let side: Rect?
  /// The raw JSON, beside the rest.
  let raw: Rect?
  let plan: Rect
  let notice: Rect
  let footer: Rect
  /// Whether the screen is high enough for everything that is shown beside the tree.
  private let isHigh: Bool

  init(_ size: Size, isRaw: Bool) {
    isHigh = size.rows >= 36
    var rest = Rect(size)
    _ = rest.takeTop(2)
    banner = rest.takeTop(1)
    footer = rest.takeBottom(1)
    notice = rest.takeBottom(1)
    plan = rest.takeBottom(1)
    if isRaw, size.columns < 160 {
      side = nil
      raw = nil
      main = rest
      return
    }
    raw = size.columns >= 160 ? rest.takeRight(82) : nil
    side = size.columns >= 120 ? rest.takeRight(size.columns >= 160 ? 44 : 48) : nil
    main = rest
  }

  /// The number of lines of raw JSON on the screen.
  var rawRows: Int { raw.map { max(0, $0.rows - 2) } ?? main.rows }

  /// The sections below the tree; effects are beside it if they are sure to fit there.
  var sections: [EntryID.Section] {
    side == nil || !isHigh
      ? EntryID.Section.allCases : [.damage, .checks, .refusals, .timeline, .legend]
  }
}
