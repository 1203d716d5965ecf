import Drawing
import Model
import Review

// Moving, folding and searching in an opened handshake.

extension State {
  /// The columns of the text beside which nothing else stands.
  var detailColumns: Int { DetailLayout(size, isRaw: false).main.columns }

  func detailEntries(_ row: Row) -> [Entry] {
    let layout = DetailLayout(size, isRaw: false)
    return DetailEntries(
      row, in: self, columns: layout.main.columns, sections: layout.sections,
      beside: layout.side != nil || layout.raw != nil
    ).entries
  }

  /// Where the focus is among the entries.
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

  /// Back in a tree goes to the entry above first; false at the top, where it leaves.
  mutating func foldOrClimb() -> Bool {
    guard detail?.raw == nil, case .resource(let path) = detail?.focus, path.count > 1 else {
      return false
    }
    detail?.focus = .resource(Array(path.dropLast()))
    return true
  }
}

extension State {
  /// The next line with the searched text in it, around the end.
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
  /// The next line behind `start` that contains the text, upper and lower case alike.
  func match(of text: String, from start: Int, forward: Bool) -> Int? {
    let text = text.lowercased()
    let steps = forward ? [Int](1...Swift.max(1, count)) : (1...Swift.max(1, count)).map { -$0 }
    return steps.map { ((start + $0) % Swift.max(1, count) + count) % Swift.max(1, count) }
      .first { indices.contains($0) && self[$0].lowercased().contains(text) }
  }
}
