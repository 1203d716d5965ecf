import Text

/// An attempt whose end is not written down (yet).
public struct OpenIntent: Hashable, Sendable {
  public var intent: JournalIntent
  public var moment: JournalMoment
  public var who: Operator
  /// Why it is not known; nil when nothing was written down after the intent.
  public var doubt: IntentOutcome.Doubt?
}

/// What is known up to some place in the journal, so that a start reads only what lies behind it.
///
/// It stands in `open.json` (`JournalIndexFile`), and is believed only as far as the journal's own lines
/// bear it out: each says by a hash which attempts had no end after it.
struct JournalIndex: Hashable {
  /// Bytes of the journal that are taken in, and where the last of their lines begins.
  var covered = 0
  var lastLine = 0
  var head: JournalHead?
  /// The lines of the intents without an end, and of what is said about them since.
  private var lines: [IntentID: [JournalLineBytes]] = [:]
  private var order: [IntentID] = []
  /// Every attempt that was taken in here, ended ones too.
  private var known: Set<IntentID> = []

  typealias JournalLineBytes = [UInt8]

  init() {}

  /// Takes in the line that stands at `covered`.
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

  /// Passes over bytes that are no line.
  mutating func skip(_ count: Int) { covered += count }

  /// Takes in every line that can be read, wherever it stands.
  init(scanning bytes: [UInt8]) {
    for bytes in bytes.split(separator: UInt8(ascii: "\n")) {
      if let line = try? JournalLine(reading: Array(bytes)) { take(line, length: 0) }
    }
  }

  /// Takes over the attempts without an end of a journal that is not there as it was, and what is
  /// said about them: what nothing is known of here.
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

  /// What the journal says about an index of it.
  enum Standing {
    /// It is what the journal's own line says; these bytes follow it.
    case bound(ArraySlice<UInt8>)
    /// It names a line of this journal, which says something else, or nothing, about what is open.
    case unbound(JournalRecord)
    /// The line that it names is not there: lines were cut off or changed, or it is another journal's.
    case ahead
  }

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

  /// Over the attempts without an end, and what is said about them.
  var openHash: JournalHash { Self.hash(marks) }

  /// The same once a line that tells of `event` counts, as `take` will count it.
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

  /// The lines that `openIntents` are made of, in their order.
  var openLines: [JournalLineBytes] { order.flatMap { lines[$0] ?? [] } }

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

/// What stands in `open.json`: an index, or why there is none.
enum JournalIndexFile {
  case missing
  /// The remains of a write that a loss of power cut short: the file is not synced.
  case torn
  /// A whole file that this program did not write so; with what can still be read of it.
  case edited(JournalIndex?)
  /// - Parameter isHashed: Whether it holds its own hash, which an earlier version did not write.
  case index(JournalIndex, isHashed: Bool)

  init(_ bytes: [UInt8]?) {
    guard let bytes else {
      self = .missing
      return
    }
    // What a cut write leaves is the beginning of what this program writes, or nothing but zeros.
    let isBeginning =
      bytes.starts(with: Self.beginning) || Self.beginning.starts(with: bytes)
      || bytes.allSatisfy { $0 == 0 }
    let last = bytes.last { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: " ") }
    // Newlines within it are escaped: behind one there is nothing of ours.
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

  /// `,"self":"` + 64 digits + `"}` and a newline.
  private static let ownHashLength = 9 + 64 + 3

  /// Whether nothing that it says counts.
  var isDoubtful: Bool {
    switch self {
    case .torn, .edited: true
    case .missing, .index: false
    }
  }

  /// What it says, believed or not.
  var index: JournalIndex? {
    switch self {
    case .missing, .torn: nil
    case .edited(let index): index
    case .index(let index, _): index
    }
  }
}

extension JournalIndex {
  /// What stands in the file.
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

  /// Nil when a member is missing or says what cannot be.
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
