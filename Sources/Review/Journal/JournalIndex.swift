import Text

/// An attempt whose outcome is not in the journal (yet).
public struct OpenIntent: Hashable, Sendable {
  /// The INTENT as it was written.
  public var intent: JournalIntent
  /// The time at which the INTENT was written.
  public var moment: JournalMoment
  /// The operator who was at the keyboard then.
  public var who: Operator
  /// The reason why its outcome is unknown; nil if nothing was written after the INTENT.
  public var doubt: IntentOutcome.Doubt?
}

/// The unresolved attempts up to some byte of the journal, so that a start reads only what follows.
///
/// It is stored in `open.json` (`JournalIndexFile`), and is believed only as far as the journal
/// confirms it: each line holds a hash over the attempts that were unresolved after it.
struct JournalIndex: Hashable {
  /// The number of bytes of the journal that are included.
  var covered = 0
  /// The offset at which the last of the included lines begins.
  var lastLine = 0
  var head: JournalHead?
  /// The line of each unresolved INTENT, and the last line about it since.
  private var lines: [IntentID: [JournalLineBytes]] = [:]
  private var order: [IntentID] = []
  /// Every attempt that was included, those with an outcome too.
  private var known: Set<IntentID> = []

  typealias JournalLineBytes = [UInt8]

  init() {}

  /// Adds the line at offset `covered`, which takes up `length` bytes there.
  mutating func take(_ line: JournalLine, length: Int) {
    lastLine = covered
    covered += length
    head = JournalHead(sequence: line.record.sequence, hash: line.record.hash)
    switch line.record.event {
    case .intent(let intent):
      known.insert(intent.id)
      if lines.updateValue([line.bytes], forKey: intent.id) == nil { order.append(intent.id) }
    case .outcome(let id, let outcome):
      guard let first = lines[id]?.first else { return }
      if outcome.isEnd {
        lines[id] = nil
        order.removeAll { $0 == id }
      } else {
        lines[id] = [first, line.bytes]
      }
    default:
      break
    }
  }

  /// Skips bytes that are not a line.
  mutating func skip(_ count: Int) { covered += count }

  /// Creates an index of every line that can be read, wherever it is.
  init(scanning bytes: [UInt8]) {
    for bytes in bytes.split(separator: UInt8(ascii: "\n")) {
      if let line = try? JournalLine(reading: Array(bytes)) { take(line, length: 0) }
    }
  }

  /// Takes over the unresolved attempts of the index of a changed journal, and the last line about
  /// each.
  ///
  /// An attempt with an outcome here is left out, and a later line about one here is kept.
  mutating func carry(_ other: JournalIndex) {
    for id in other.order {
      if known.insert(id).inserted {
        order.append(id)
        lines[id] = other.lines[id]
      } else if lines[id]?.count == 1 {
        lines[id] = other.lines[id]
      }
    }
  }

  /// The relation between an index and its journal.
  enum Standing {
    /// The index agrees with the journal's own line; these bytes follow it.
    case bound(ArraySlice<UInt8>)
    /// The index ends with this line of the journal, which has another number or another hash, or
    /// none, over the unresolved attempts.
    case unbound(JournalRecord)
    /// The line that the index ends with is missing: lines were cut off or changed, or the index
    /// belongs to another journal.
    case ahead
  }

  /// Returns whether the journal confirms this index.
  ///
  /// - Throws: `.system` or `.unsafe(.tooLarge)` if the bytes cannot be read.
  func standing(in access: any JournalBytes) throws(JournalFault) -> Standing {
    guard covered <= access.size else { return .ahead }
    let bytes = try access.bytes(from: lastLine)
    let length = covered - lastLine
    let last = bytes.prefix(length)
    guard last.last == UInt8(ascii: "\n"),
      let line = try? JournalLine(reading: Array(last.dropLast())), line.record.hash == head?.hash
    else { return .ahead }
    guard line.record.sequence == head?.sequence, line.record.openHash == openHash else {
      return .unbound(line.record)
    }
    return .bound(bytes.dropFirst(length))
  }

  /// The hash over the unresolved attempts and the last line about each.
  var openHash: JournalHash { Self.hash(marks) }

  /// Returns the same hash after a line with `event` is added, in agreement with `take`.
  ///
  /// `mark` is the mark of that line.
  func openHash(after event: JournalEvent, marked mark: JournalHash) -> JournalHash {
    var marks = marks
    switch event {
    case .intent(let intent):
      if let place = marks.firstIndex(where: { $0.id == intent.id }) {
        marks[place].of = [mark]
      } else {
        marks.append((intent.id, [mark]))
      }
    case .outcome(let id, let outcome):
      guard let place = marks.firstIndex(where: { $0.id == id }) else { break }
      if outcome.isEnd {
        marks.remove(at: place)
      } else {
        marks[place].of = marks[place].of.prefix(1) + [mark]
      }
    default:
      break
    }
    return Self.hash(marks)
  }

  private var marks: [(id: IntentID, of: [JournalHash])] {
    order.compactMap { id in
      lines[id].map { lines in (id: id, of: lines.map { JournalLine.mark(of: $0) }) }
    }
  }

  private static func hash(_ marks: [(id: IntentID, of: [JournalHash])]) -> JournalHash {
    let text = marks.map { "\($0.id.text) \($0.of.map(\.text).joined(separator: " "))\n" }
    return JournalHash(of: text.joined().utf8)
  }

  /// The lines from which `open` is made, in their order.
  var openLines: [JournalLineBytes] { order.flatMap { lines[$0] ?? [] } }

  /// The unresolved attempts in the order of their INTENTs.
  var open: [OpenIntent] {
    order.compactMap { id in
      guard let records = lines[id]?.map({ try? JournalLine(reading: $0).record }),
        let first = records.first ?? nil, case .intent(let intent) = first.event
      else { return nil }
      var doubt: IntentOutcome.Doubt?
      if case .outcome(_, .unknown(let found, _)) = (records.last ?? nil)?.event { doubt = found }
      return OpenIntent(intent: intent, moment: first.moment, who: first.who, doubt: doubt)
    }
  }
}

/// The contents of `open.json`: an index, or the reason why there is none.
enum JournalIndexFile {
  case missing
  /// The remains of a write that a power loss cut short; the file need not be synced.
  case torn
  /// A whole file that differs from what this program writes, with the index that can still be
  /// read.
  case edited(JournalIndex?)
  /// An index; `isHashed` if it holds its own hash, which an earlier version did not write.
  case index(JournalIndex, isHashed: Bool)

  init(_ bytes: [UInt8]?) {
    guard let bytes else {
      self = .missing
      return
    }
    // A write that was cut short leaves the beginning of a whole file, or nothing but zeros.
    let isBeginning =
      bytes.starts(with: Self.beginning) || Self.beginning.starts(with: bytes)
      || bytes.allSatisfy { $0 == 0 }
    let last = bytes.last { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: " ") }
    // Newlines in its text are escaped: this program writes nothing behind a newline.
    let goesOn = bytes.dropLast().contains(UInt8(ascii: "\n"))
    guard last == UInt8(ascii: "}") || !isBeginning || goesOn else {
      self = .torn
      return
    }
    let members = bytes.last == UInt8(ascii: "\n") ? JournalMembers(bytes.dropLast()) : nil
    let index = members.flatMap { JournalIndex($0) }
    guard let members, let index else {
      self = .edited(index)
      return
    }
    let own = members.ascii("self").flatMap { JournalHash($0) }
    let covered = bytes.dropLast(Self.ownHashLength)
    if members.has("self") {
      self = own == JournalHash(of: covered) ? .index(index, isHashed: true) : .edited(index)
    } else {
      self = .index(index, isHashed: false)
    }
  }

  private static let beginning = Array("{\"covered\":".utf8)

  /// The length of `,"self":"`, 64 digits, `"}` and a newline.
  private static let ownHashLength = 9 + 64 + 3

  /// Whether the contents cannot be relied on at all.
  var isDoubtful: Bool {
    switch self {
    case .torn, .edited: true
    case .missing, .index: false
    }
  }

  /// The index in the file, whether or not it is believed.
  var index: JournalIndex? {
    switch self {
    case .missing, .torn: nil
    case .edited(let index): index
    case .index(let index, _): index
    }
  }
}

extension JournalIndex {
  /// The contents of the file for this index.
  var bytes: [UInt8] {
    var text = JournalText()
    text.add("covered", Int64(covered))
    text.add("lastLine", Int64(lastLine))
    text.add("seq", head.map { Int64($0.sequence) })
    text.add("hash", head?.hash.text)
    text.add("open", openLines.map { String(decoding: $0, as: UTF8.self) })
    let own = JournalHash(of: text.bytes)
    text.add("self", own.text)
    return text.bytes + Array("}\n".utf8)
  }

  /// Returns nil if a member is missing, malformed or out of range.
  fileprivate init?(_ members: JournalMembers) {
    guard let covered = members.number("covered"), let lastLine = members.number("lastLine"),
      lastLine >= 0, lastLine < covered,
      let sequence = members.number("seq"), JournalRecord.sequences.contains(sequence),
      let open = members.texts("open"),
      let hash = members.ascii("hash").flatMap({ JournalHash($0) })
    else { return nil }
    self.init()
    for text in open {
      guard let line = try? JournalLine(reading: text.bytes) else { return nil }
      take(line, length: 0)
    }
    self.covered = Int(covered)
    self.lastLine = Int(lastLine)
    head = JournalHead(sequence: Int(sequence), hash: hash)
  }
}
