import Crypto
import Text

/// The state of the journal's end: what the index tells, brought up to date from the bytes behind it.
/// (SEC-4.5.4, SEC-4.5.5)
struct JournalEnd {
  var index: JournalIndex
  /// What is left of a write that was cut short.
  private(set) var remains: [UInt8]?
  /// Whether a newline has to come before the next line.
  private(set) var lacksNewline = false
  /// Whether no record is there and an index is: the journal that it belongs to was moved away.
  private(set) var isNewBesideIndex = false
  /// What the last record that was followed says of the open attempts; earlier versions said nothing.
  private var lastOpenHash: JournalHash?

  init(reading access: any JournalBytes) throws(JournalFault) {
    index = JournalIndex()
    let file = JournalIndexFile(access.index())
    var ahead: JournalIndex?
    if case .index(let stored, let isHashed) = file {
      switch try stored.standing(in: access) {
      case .bound(let rest) where isHashed:
        index = stored
        try follow(rest)
        return
      case .bound, .unbound: break
      case .ahead: ahead = stored
      }
    }
    // Whatever else the index is: the journal itself tells which attempts have no end.
    try follow(access.bytes(from: 0)[...])
    // The last line says which attempts were open after it: one that is missing was cut out.
    if let told = lastOpenHash, told != index.openHash {
      throw .damaged(after: index.head?.sequence ?? 0)
    }
    if let ahead {
      // Lines are on the disk before the index knows of them: one that knows of others tells that
      // they were cut off or changed.
      guard index.head == nil else { throw .damaged(after: index.head?.sequence ?? 0) }
      index.carry(ahead)
      isNewBesideIndex = true
    } else if index.head == nil, file.isDoubtful {
      // It belongs to a journal that is gone, and nobody can tell what was open there.
      throw .damaged(after: 0)
    }
  }

  /// A bad line further up is for `journal verify` to tell; only the end must be sound, because the
  /// next line is fastened to it.
  private mutating func follow(_ bytes: ArraySlice<UInt8>) throws(JournalFault) {
    var rest = bytes
    var unread: [UInt8] = []
    var wasChanged = false
    while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
      let line = Array(rest[..<end])
      if let line = try? JournalLine(reading: line) {
        index.skip(unread.count)
        index.take(line, length: line.bytes.count + 1)
        lastOpenHash = line.record.openHash
        unread = []
        wasChanged = false
      } else {
        unread += line + [UInt8(ascii: "\n")]
        wasChanged = wasChanged || JournalMembers(line) != nil
      }
      rest = rest[(end + 1)...]
    }
    if !rest.isEmpty, let line = whole(Array(rest)) {
      // Only its newline was lost.
      index.skip(unread.count)
      index.take(line, length: line.bytes.count)
      lastOpenHash = line.record.openHash
      lacksNewline = true
      return
    }
    // What a cut write leaves is no whole object; one that is was changed by somebody.
    guard !wasChanged else { throw .damaged(after: index.head?.sequence ?? 0) }
    unread += rest
    index.skip(unread.count)
    lacksNewline = !rest.isEmpty
    remains = unread.isEmpty ? nil : unread
  }

  private func whole(_ bytes: [UInt8]) -> JournalLine? {
    guard let line = try? JournalLine(reading: bytes),
      line.record.previous == index.head?.hash ?? .none
    else { return nil }
    return line
  }
}
