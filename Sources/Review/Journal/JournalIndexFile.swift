import Text

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
