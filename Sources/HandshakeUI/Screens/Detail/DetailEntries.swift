import Drawing
import Model
import Review
import Text

/// Lays out an opened handshake as a list of entries: the tree, what accepting does, the checks, the
/// timeline.
struct DetailEntries {
  private(set) var entries: [Entry] = []
  private let folded: Set<EntryID>
  private let columns: Int
  private let charset: Charset
  /// Whether something stands beside it on the screen.
  private let isBeside: Bool

  init(
    _ row: Row, in state: State, columns: Int, sections: [EntryID.Section], beside others: Bool
  ) {
    isBeside = others
    folded = state.detail?.folded ?? []
    self.columns = columns
    charset = state.launch.charset
    if state.detail != nil { addVerdict(row, state) }
    tree(row.handshake)
    for section in sections { add(section, row, state) }
  }

  /// The verdict whole, where the banner has no room for it.
  private mutating func addVerdict(_ row: Row, _ state: State) {
    let verdict = HandshakeFacts(state: state, row: row).verdict
    guard verdict.width > state.size.columns - 6 else { return }
    for (number, part) in verdict.wrapped(to: max(16, columns - 2), indent: 4).enumerated() {
      entries.append(Entry(id: .verdict(number), content: .line(part)))
    }
  }

  /// A state and an action that this program does not know, whole: in the line above they cut each other.
  private mutating func addUnknown(_ handshake: Handshake) {
    let values = [
      ("state", handshake.state?.unknownText), ("action", handshake.action?.unknownText),
    ]
    let lines = values.flatMap { name, text in
      guard let text else { return [Line]() }
      let shown = Line("~ " + Sanitiser.render(text, for: .dialog, in: charset), .sender)
      return (Line(" \(name) ", .quiet) + shown).wrapped(to: max(16, columns - 2), indent: 4)
    }
    for (number, line) in lines.enumerated() {
      entries.append(Entry(id: .unknown(number), content: .line(line)))
    }
  }

  private mutating func tree(_ handshake: Handshake) {
    entries.append(Entry(id: .handshake, isFoldable: true, content: .handshake))
    guard !folded.contains(.handshake) else { return }
    entries.append(Entry(id: .times, above: [], content: .times))
    addUnknown(handshake)
    let parties = handshake.parties
    entries.append(
      Entry(
        id: .parties, isLast: false, isFoldable: !parties.isEmpty,
        content: .count("parties", parties.count)))
    if !folded.contains(.parties) {
      for (index, party) in parties.enumerated() {
        entries.append(
          Entry(
            id: .party(index), above: [true], isLast: index == parties.count - 1,
            content: .party(party)))
      }
    }
    let resources = handshake.resources
    entries.append(
      Entry(
        id: .resources, isFoldable: !resources.isEmpty,
        content: .count("resources", resources.count)))
    if !folded.contains(.resources) { add(resources) }
  }

  /// Depth first, without recursion: a tree may be deep.
  private mutating func add(_ resources: [Resource]) {
    struct Pending {
      var resource: Resource
      var path: [Int]
      var above: [Bool]
      var isLast: Bool
    }
    func children(_ resources: [Resource], _ path: [Int], _ above: [Bool]) -> [Pending] {
      resources.enumerated().reversed().map { index, resource in
        Pending(
          resource: resource, path: path + [index], above: above,
          isLast: index == resources.count - 1)
      }
    }
    var pending = children(resources, [], [false])
    while let next = pending.popLast() {
      let id = EntryID.resource(next.path)
      let isText = isText(next.resource, next.above.count)
      entries.append(
        Entry(
          id: id, above: next.above, isLast: next.isLast,
          isFoldable: isText || !next.resource.resources.isEmpty,
          content: .resource(next.resource)))
      guard !folded.contains(id) else { continue }
      let below = next.above + [!next.isLast]
      if isText, let value = next.resource.value { text(value, next.path, below) }
      if next.resource.deeper > 0 {
        entries.append(
          Entry(id: .deeper(next.path), above: below, content: .deeper(next.resource.deeper)))
      }
      pending += children(next.resource.resources, next.path, below)
    }
  }

  /// Whether a sender's text stands on lines of its own: notes, and what is too long for one line.
  private func isText(_ resource: Resource, _ depth: Int) -> Bool {
    guard let value = resource.value else { return false }
    if resource.type == .notes { return true }
    guard resource.type.isSendersText else { return false }
    // The type's name, and the mark of a sender's text.
    let name = resource.type.wireName.bytes.count
    let room = columns - depth * 3 - name - 12
    // An escape is at most eight columns for a byte.
    guard value.bytes.count * 8 > room else { return false }
    return DisplayWidth.of(Sanitiser.render(value, for: .dialog, in: charset)) > room
  }

  /// A long text on lines of its own, each of which is marked as the sender's.
  private mutating func text(_ value: Untrusted, _ path: [Int], _ above: [Bool]) {
    let room = max(16, columns - above.count * 3 - 6)
    let lines = Sanitiser.lines(value, columns: room, in: charset, beside: isBeside)
    for (index, line) in lines.enumerated() {
      entries.append(Entry(id: .text(path, index), above: above, content: .text(line)))
    }
  }

  private mutating func add(_ section: EntryID.Section, _ row: Row, _ state: State) {
    let lines = state.lines(of: section, row)
    guard !lines.isEmpty else { return }
    entries.append(Entry(id: .blank(section), content: .blank))
    entries.append(
      Entry(
        id: .section(section), isFoldable: true,
        content: .heading(state.title(of: section, row))))
    guard !folded.contains(.section(section)) else { return }
    var number = 0
    for line in lines {
      for part in line.wrapped(to: max(16, columns - 2), indent: 4) {
        entries.append(Entry(id: .item(section, number), content: .line(part)))
        number += 1
      }
    }
  }
}
