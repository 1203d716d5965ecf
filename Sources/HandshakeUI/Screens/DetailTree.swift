import Drawing
import Model
import ReviewAnswering
import ReviewInbox
import ReviewWording
import Text
import Wire

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
  case section(HandshakeSections.Section)
  case item(HandshakeSections.Section, Int)
  case blank(HandshakeSections.Section)
}

/// The layout of an opened handshake as a list of entries: tree, effects, checks, timeline.
struct DetailEntries {
  private(set) var entries: [Entry] = []
  private let folded: Set<EntryID>
  private let columns: Int
  private let charset: Charset
  /// Whether something is shown beside the entries.
  private let isBeside: Bool

  init(
    _ row: Row, in session: Session, columns: Int, sections: [HandshakeSections.Section],
    beside others: Bool, folded: Set<EntryID> = [], hasVerdict: Bool = false
  ) {
    isBeside = others
    self.folded = folded
    self.columns = columns
    charset = session.launch.charset
    if hasVerdict { addVerdict(row, session) }
    tree(row.handshake)
    let told = HandshakeSections(session: session, row: row)
    for section in sections { add(section, told) }
  }

  /// Adds the complete verdict if the banner has no room for it.
  private mutating func addVerdict(_ row: Row, _ session: Session) {
    let verdict = HandshakeFacts(session: session, row: row).verdict
    guard verdict.width > session.size.columns - 6 else { return }
    for (number, part) in verdict.wrapped(to: max(16, columns - 2), indent: 4).enumerated() {
      entries.append(Entry(id: .verdict(number), content: .line(part)))
    }
  }

  /// Adds a state or action that this program does not know, complete; the line above may cut it.
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

  /// Adds resources depth first, without recursion, since a tree may be deep.
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

  /// Returns whether a sender's text gets lines of its own: notes, and texts too long for one line.
  private func isText(_ resource: Resource, _ depth: Int) -> Bool {
    guard let value = resource.value else { return false }
    if resource.type == .notes { return true }
    guard resource.type.isSendersText else { return false }
    // The type's name, and the mark of a sender's text.
    let name = resource.type.wireName.bytes.count
    let room = columns - depth * 3 - name - 12
    // An escape has at most eight columns for one byte.
    guard value.bytes.count * 8 > room else { return false }
    return DisplayWidth.of(Sanitiser.render(value, for: .dialog, in: charset)) > room
  }

  /// Adds a long text on lines of its own, each marked as the sender's.
  private mutating func text(_ value: Untrusted, _ path: [Int], _ above: [Bool]) {
    let room = max(16, columns - above.count * 3 - 6)
    let lines = Sanitiser.lines(value, columns: room, in: charset, beside: isBeside)
    for (index, line) in lines.enumerated() {
      entries.append(Entry(id: .text(path, index), above: above, content: .text(line)))
    }
  }

  private mutating func add(_ section: HandshakeSections.Section, _ told: HandshakeSections) {
    let lines = told.lines(of: section)
    guard !lines.isEmpty else { return }
    entries.append(Entry(id: .blank(section), content: .blank))
    entries.append(
      Entry(
        id: .section(section), isFoldable: true,
        content: .heading(told.title(of: section))))
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

/// One line of the detail before formatting; only the lines on the screen are formatted.
struct Entry: Hashable, Sendable {
  var id: EntryID
  /// For each level above, whether more entries follow at that level.
  var above: [Bool] = []
  var isLast = true
  /// Whether entries below this one can be folded.
  var isFoldable = false
  var content: Content

  enum Content: Hashable, Sendable {
    case handshake
    case times
    case count(String, Int)
    case party(Party)
    case resource(Resource)
    case text(Layout.Line)
    case deeper(Int)
    case heading(String)
    case line(Line)
    case blank
  }
}

/// The formatted lines of a handshake's entries.
struct EntryText {
  let session: Session
  let row: Row
  private let folded: Set<EntryID>
  private let lines: LineSet
  private let labels: Labels
  private var format: Formatter { labels.format }
  private var handshake: Handshake { row.handshake }

  init(_ row: Row, in session: Session, folded: Set<EntryID> = []) {
    self.session = session
    self.row = row
    self.folded = folded
    lines = LineSet.of(session.launch.charset)
    labels = session.labels
  }

  /// Returns one entry as a formatted line.
  func line(of entry: Entry) -> Line {
    let isFolded = folded.contains(entry.id)
    let fold = entry.isFoldable ? (isFolded ? "> " : "v ") : ""
    switch entry.content {
    case .handshake: return Line(fold, .key) + handshakeLine
    case .times: return Line("  ") + timesLine
    case .count(let name, let count):
      let prefix = lines.treePrefix(above: [], isLast: entry.isLast)
      return Line(prefix, .border) + Line(fold, .key) + Line(name, .heading)
        + Line(" (\(count))", .quiet)
    case .party(let party):
      return prefix(entry) + partyLine(party)
    case .resource(let resource):
      return prefix(entry) + Line(fold, .key) + resourceLine(resource, isFolded: isFolded)
    case .text(let text):
      let blanks = entry.above.map { $0 ? "\(lines.vertical)  " : "   " }.joined()
      return Line(blanks, .border) + Line("~ ", .sender) + line(of: text)
    case .deeper(let count):
      return prefix(entry) + Line("\(count) deeper levels not kept", .warning)
    case .heading(let title):
      let rule = String(repeating: lines.horizontal, count: 2)
      return Line("\(rule) ", .border) + Line(fold, .key) + Line(title, .heading)
    case .line(let line): return Line(" ") + line
    case .blank: return Line()
    }
  }

  private func prefix(_ entry: Entry) -> Line {
    Line(lines.treePrefix(above: entry.above, isLast: entry.isLast), .border)
  }

  private var handshakeLine: Line {
    let action = handshake.action.map { format.name($0) } ?? "?"
    let stateName = handshake.state.map { format.name($0) } ?? "?"
    let role: Role = handshake.isPending ? .plain : .quiet
    let kind = row.shape.kindName
    return Line("Handshake ", .heading) + labels.id(of: row) + Line("  ") + row.shape.label
      + Line("  ") + Line(stateName, role, bold: handshake.isPending)
      + (action == kind ? Line() : Line("  (\(action))", .quiet))
  }

  private var timesLine: Line {
    let sent = handshake.requested.map { "requested \(format.minute($0))" } ?? "requested ?"
    guard let expires = handshake.expires else { return Line("\(sent)   expires ?", .warning) }
    // An answered handshake does not expire.
    if row.isClosed, handshake.state != .expired { return Line(sent, .quiet) }
    let local = format.local(expires).map { " = \($0)" } ?? ""
    let left =
      expires > session.now
      ? "\((expires - session.now).words) left" : "ended \((session.now - expires).words) ago"
    let role: Role = expires - session.now < Check.soon && handshake.isPending ? .warning : .plain
    // The expiry comes first, because a narrow screen cuts the end of the line.
    return Line("expires \(format.minute(expires)) ", .quiet) + Line("(\(left))", role)
      + Line("\(local)   \(sent)", .quiet)
  }

  private func partyLine(_ party: Party) -> Line {
    let type = format.name(party.type).padded(to: 14)
    switch party.type {
    case .organization:
      // The service omits the prefix here.
      let id = party.id.asciiText.flatMap { OrganizationID(withOrWithoutPrefix: $0) }
      return Line(type, .quiet) + (id.map { Line($0.text) } ?? othersText(party.id))
    case .account:
      let account = party.id.asciiText.flatMap { AccountID($0) }
      guard let account else { return Line(type, .quiet) + othersText(party.id) }
      guard session.inbox.profile(account) != nil else {
        return Line(type, .quiet) + Line(account.text)
      }
      let identity = session.inbox.identity(account)
      guard identity?.membership != .untold else {
        return Line(type, .quiet) + Line("\(account.text)    from the document")
      }
      let known = identity == nil ? "not confirmed" : "STS ok"
      return Line(type, .quiet)
        + Line("\(account.text)    = profile \(labels.name(of: account)), \(known)")
    case .email: return Line(type, .quiet) + Line(format.exact(party.id))
    case .unknown:
      return othersText(party.type.wireName) + Line("  ") + othersText(party.id)
    }
  }

  /// Returns text that is no known value, marked as text of others.
  private func othersText(_ text: Untrusted) -> Line {
    Line("~ ", .sender) + Line(format.exact(text), .sender)
  }

  private func resourceLine(_ resource: Resource, isFolded: Bool) -> Line {
    let name = format.name(resource.type)
    guard let value = resource.value else {
      return Line(name, .quiet) + Line(resource.resources.isEmpty ? "  (no value)" : "", .quiet)
    }
    guard resource.type != .notes || isFolded else {
      let hidden = Sanitiser.hiddenCount(value)
      let note = hidden == 0 ? Line() : Line(", \(hidden) hidden, shown as escapes", .warning)
      return Line(name, .quiet) + Line("  \(value.bytes.count) bytes", .quiet) + note
    }
    if resource.type.isSendersText {
      return Line("\(name)  ", .quiet) + othersText(value)
    }
    if resource.type.knownName == nil {
      return Line("~ \(name)  ", .sender) + othersText(value)
    }
    return Line("\(name)  ", .quiet) + Line(format.exact(value))
  }

  private func line(of text: Layout.Line) -> Line {
    Line(
      text.segments.map { segment in
        Line.Piece(
          segment.text, Style(role: segment.kind == .text ? .sender : .warning))
      })
  }
}
