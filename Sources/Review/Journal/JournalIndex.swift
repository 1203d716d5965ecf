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
/// It stands in `open.json` and is made from the journal again whenever it does not fit it.
struct JournalIndex: Hashable {
  /// Bytes of the journal that are taken in, and where the last of their lines begins.
  private(set) var covered = 0
  private(set) var lastLine = 0
  private(set) var head: JournalHead?
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
      lines[intent.id] = [line.bytes]
      if known.insert(intent.id).inserted { order.append(intent.id) }
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

  /// What the journal holds behind what is taken in; nil when this is no index of it.
  func whatFollows(in access: any JournalBytes) throws(JournalFault) -> ArraySlice<UInt8>? {
    guard covered <= access.size else { return nil }
    let bytes = try access.bytes(from: lastLine)
    let length = covered - lastLine
    let last = bytes.prefix(length)
    guard last.last == UInt8(ascii: "\n"),
      let line = try? JournalLine(reading: Array(last.dropLast())),
      line.record.hash == head?.hash
    else { return nil }
    return bytes.dropFirst(length)
  }

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

extension JournalIndex {
  /// What stands in the file.
  var bytes: [UInt8] {
    var text = JournalText()
    text.add("covered", Int64(covered))
    text.add("lastLine", Int64(lastLine))
    text.add("seq", head.map { Int64($0.sequence) })
    text.add("hash", head?.hash.text)
    text.add(
      "open", order.flatMap { lines[$0] ?? [] }.map { String(decoding: $0, as: UTF8.self) })
    return text.bytes + Array("}\n".utf8)
  }

  /// Nil when it is damaged in any way.
  init?(_ bytes: [UInt8]) {
    guard bytes.last == UInt8(ascii: "\n"), let members = JournalMembers(bytes.dropLast()),
      let covered = members.number("covered"), let lastLine = members.number("lastLine"),
      let sequence = members.number("seq"), let open = members.texts("open"),
      let hash = members.ascii("hash").flatMap({ JournalHash($0) }),
      (0..<covered).contains(lastLine)
    else { return nil }
    for text in open {
      guard let line = try? JournalLine(reading: text.bytes) else { return nil }
      take(line, length: 0)
    }
    self.covered = Int(covered)
    self.lastLine = Int(lastLine)
    head = JournalHead(sequence: Int(sequence), hash: hash)
  }
}
