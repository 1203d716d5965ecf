import Crypto
import Text

/// The records of a journal, and whether they are as they were written.
///
/// A chain shows which lines were changed, removed or moved. It cannot show that the end was cut
/// off or that the whole journal was rewritten: for that, the head's hash is printed where somebody
/// else keeps it.
public struct JournalChain: Hashable, Sendable {
  /// Every line that could be read, including those behind a bad one.
  public private(set) var records: [JournalRecord] = []
  /// The first line at which the chain breaks; nil if it is whole.
  public private(set) var firstBad: BadLine?
  /// The number of writes that a power loss cut short and that a later line names.
  ///
  /// They do not break the chain.
  public private(set) var torn = 0
  /// Bytes at the end that are not a whole line (yet).
  public private(set) var tail: [UInt8] = []
  /// The number of lines that end with a newline, readable or not.
  public private(set) var lines = 0
  /// The state of `open.json` beside this journal.
  public private(set) var index = IndexState.fits

  /// Whether a sync has failed, so that it is unknown which lines the disk holds.
  public private(set) var isBroken = false

  /// The result of comparing the index beside a journal with the journal.
  ///
  /// Only an index that fits is relied on; otherwise the whole journal is read to find the
  /// unresolved attempts. An index that lists lines that the journal lacks is reported as
  /// `firstBad` instead.
  public enum IndexState: String, Hashable, CaseIterable, Sendable {
    /// It agrees with the journal, or both are empty.
    case fits
    case missing
    /// Cut short by a power loss.
    case torn
    /// Written by an earlier version of this program.
    case outdated
    /// Not as this program wrote it.
    case edited
  }

  /// The last record's number and hash; nil for an empty journal.
  public var head: JournalHead? {
    records.last.map { JournalHead(sequence: $0.sequence, hash: $0.hash) }
  }

  /// Reads a whole journal and compares it with the index beside it, which may list lines that are
  /// gone.
  ///
  /// Damage is not thrown; it is in `firstBad`.
  ///
  /// - Throws: `.system` or `.unsafe(.tooLarge)` if the bytes cannot be read.
  init(reading access: any JournalBytes) throws(JournalFault) {
    let file = JournalIndexFile(access.index())
    var replayed = JournalIndex()
    self.init(
      reading: try access.bytes(from: 0), replaying: &replayed, upTo: file.index?.covered ?? 0)
    isBroken = access.isBroken
    switch file {
    case .missing: index = records.isEmpty ? .fits : .missing
    case .torn: index = .torn
    case .edited: index = .edited
    case .index(let stored, let isHashed):
      switch try stored.standing(in: access) {
      case .ahead:
        if firstBad == nil { mark(lines + 1, .cutOff) }
      case .bound where isHashed:
        // The lines are compared too: the line that confirms the index can be forged like the
        // index.
        index = replayed.openLines == stored.openLines ? .fits : .edited
      case .bound: index = .edited
      case .unbound(let record): index = isHashed || record.openHash != nil ? .edited : .outdated
      }
    }
    // The journal that the index belongs to is gone.
    if records.isEmpty, firstBad == nil, file.isDoubtful { mark(lines + 1, .cutOff) }
  }

  /// Reads a whole journal without an index or the state of its storage.
  public init(reading bytes: [UInt8]) {
    var replayed = JournalIndex()
    self.init(reading: bytes, replaying: &replayed, upTo: 0)
  }

  /// Reads a whole journal, and adds the lines that end within the first `covered` bytes to
  /// `replayed`.
  private init(reading bytes: [UInt8], replaying replayed: inout JournalIndex, upTo covered: Int) {
    var start = 0
    var unread = Unread()
    while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
      lines += 1
      let line = Array(bytes[start..<end])
      start = end + 1
      do throws(BadLine.Fault) {
        let read = try JournalLine(reading: line)
        if start <= covered { replayed.take(read, length: 0) }
        take(read.record, after: &unread)
      } catch {
        if error == .unreadable { unread.add(line, number: lines) } else { mark(lines, error) }
      }
    }
    tail = Array(bytes[start...])
    if let number = unread.firstLine { mark(number, .unreadable) }
  }

  private mutating func take(_ record: JournalRecord, after unread: inout Unread) {
    if case .torn(let count, let digest) = record.event, unread.isNamed(count, digest) {
      torn += 1
      unread = Unread()
    }
    if let number = unread.firstLine {
      // The very first write can be cut short too: then the chain begins behind its remains.
      if records.isEmpty, record.isGenesis { torn += 1 } else { mark(number, .unreadable) }
      unread = Unread()
    }
    if records.isEmpty {
      if !record.isGenesis { mark(lines, .noGenesis) }
    } else if record.previous != head?.hash || record.sequence != (head?.sequence ?? 0) + 1 {
      mark(lines, .gap)
    }
    records.append(record)
  }

  private mutating func mark(_ line: Int, _ fault: BadLine.Fault) {
    if firstBad.map({ line < $0.line }) ?? true { firstBad = BadLine(line: line, fault: fault) }
  }
}

extension JournalRecord {
  fileprivate var isGenesis: Bool {
    if case .genesis = event { sequence == 1 && previous == .none } else { false }
  }
}

/// Lines that are not records, until a later line names them.
private struct Unread {
  private var bytes: [UInt8] = []
  private(set) var firstLine: Int?

  mutating func add(_ line: [UInt8], number: Int) {
    bytes += line + [UInt8(ascii: "\n")]
    firstLine = firstLine ?? number
  }

  /// Returns whether a line with this length and digest names these bytes.
  ///
  /// The remains may have had a newline of their own, or got one so that the next line could begin.
  func isNamed(_ count: Int, _ digest: JournalHash) -> Bool {
    guard firstLine != nil, count == bytes.count || count == bytes.count - 1 else { return false }
    return JournalHash(digest: Array(SHA256.hash(data: bytes.prefix(count)))) == digest
  }
}

/// The end of a journal: its index, brought up to date from the bytes behind what the index covers.
///
/// (SEC-4.5.4, SEC-4.5.5)
struct JournalEnd {
  var index: JournalIndex
  /// The remains of a write that was cut short; nil if there are none.
  private(set) var remains: [UInt8]?
  /// Whether a newline has to be written before the next line.
  private(set) var lacksNewline = false
  /// Whether there is an index but no record: the journal that it belongs to was moved away.
  private(set) var isNewBesideIndex = false
  /// The hash over the unresolved attempts in the last record; nil in records of earlier versions.
  private var lastOpenHash: JournalHash?

  /// Reads the index, and the bytes behind it if it can be relied on, otherwise the whole journal.
  ///
  /// - Throws: `.damaged` if the last line was changed; if the last line's hash over the unresolved
  ///   attempts does not match the lines before it; if the journal has records but lacks the line
  ///   that the index ends with; or if it has none and the index cannot be relied on. `.system` or
  ///   `.unsafe(.tooLarge)` if the bytes cannot be read.
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
    // Whatever the index says, the journal itself shows which attempts are unresolved.
    try follow(access.bytes(from: 0)[...])
    // The last line says which attempts were open after it: one that is missing was cut out.
    if let told = lastOpenHash, told != index.openHash {
      throw .damaged(after: index.head?.sequence ?? 0)
    }
    if let ahead {
      // Lines are on the disk before the index lists them: an index with other lines shows that
      // lines were cut off or changed.
      guard index.head == nil else { throw .damaged(after: index.head?.sequence ?? 0) }
      index.carry(ahead)
      isNewBesideIndex = true
    } else if index.head == nil, file.isDoubtful {
      // It belongs to a journal that is gone, and it is unknown which attempts were open there.
      throw .damaged(after: 0)
    }
  }

  /// Adds the lines of `bytes` to the index.
  ///
  /// A bad line further up is reported by `journal verify`; only the end must be sound, because the
  /// next line is chained to it.
  ///
  /// - Throws: `.damaged` if a line behind the last record is a whole object but not a valid
  ///   record.
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
    // A write that was cut short leaves no whole object; a whole one was changed by somebody.
    guard !wasChanged else { throw .damaged(after: index.head?.sequence ?? 0) }
    unread += rest
    index.skip(unread.count)
    lacksNewline = !rest.isEmpty
    remains = unread.isEmpty ? nil : unread
  }

  /// Returns the record in `bytes` if it is valid and follows the last one; nil otherwise.
  private func whole(_ bytes: [UInt8]) -> JournalLine? {
    guard let line = try? JournalLine(reading: bytes),
      line.record.previous == index.head?.hash ?? .none
    else { return nil }
    return line
  }
}
