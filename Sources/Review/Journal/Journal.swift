import Crypto
import Model
import Text

/// The audit trail: what is about to be asked, and what became of it, each on the disk before the
/// next thing is done.
public struct Journal: Sendable {
  public let file: any JournalFile
  private let clock: any TimeSource
  private let random: any RandomSource
  private let host: Untrusted
  private let boot: Untrusted
  private let who: Operator

  public init(
    in file: any JournalFile, clock: any TimeSource, random: any RandomSource, host: Untrusted,
    boot: Untrusted, who: Operator
  ) {
    self.file = file
    self.clock = clock
    self.random = random
    self.host = host
    self.boot = boot
    self.who = who
  }

  public func makeIntentID() -> IntentID { IntentID(from: random) }

  /// What time it is by this host's clocks.
  public var moment: JournalMoment {
    JournalMoment(time: clock.now(), uptime: clock.uptime(), boot: boot)
  }

  /// Fastens `event` to the end of the chain; it is on the disk when this returns.
  @discardableResult
  public func append(_ event: JournalEvent) throws(JournalFault) -> JournalRecord {
    try file.exclusively { access throws(JournalFault) in
      var end = try JournalEnd(reading: access)
      var addition: [UInt8] = []
      var events = [event]
      if end.index.head == nil {
        // What stands in front of the first line says nothing: no record was ever whole.
        events.insert(.genesis(host: host, random: Untrusted(random.bytes(16).hexadecimal)), at: 0)
      } else if let torn = end.remains {
        let digest = JournalHash(digest: Array(SHA256.hash(data: torn)))
        events.insert(.torn(bytes: torn.count, sha256: digest), at: 0)
      }
      if end.lacksNewline {
        addition.append(UInt8(ascii: "\n"))
        end.index.skip(1)
      }
      var record: JournalRecord?
      for event in events {
        let line = JournalLine(event, after: end.index.head, at: moment, by: who)
        addition += line.bytes + [UInt8(ascii: "\n")]
        end.index.take(line, length: line.bytes.count + 1)
        record = line.record
      }
      try access.append(addition)
      access.replaceIndex(end.index.bytes)
      guard let record else { throw .damaged(after: 0) }
      return record
    }
  }

  /// The attempts whose end is not written down.
  public func openIntents() throws(JournalFault) -> [OpenIntent] {
    try file.reading { access throws(JournalFault) in
      try JournalEnd(reading: access).index.open
    }
  }

  /// The whole journal.
  public func read() throws(JournalFault) -> JournalChain {
    try file.reading { access throws(JournalFault) in
      JournalChain(reading: try access.bytes(from: 0))
    }
  }

  /// The end of the chain, to be printed after each act; nil while there is none.
  public func head() throws(JournalFault) -> JournalHead? {
    try file.reading { access throws(JournalFault) in
      try JournalEnd(reading: access).index.head
    }
  }
}

/// The state of the journal's end: what the index tells, brought up to date from the bytes behind it.
private struct JournalEnd {
  var index: JournalIndex
  /// What is left of a write that was cut short.
  private(set) var remains: [UInt8]?
  /// Whether a newline has to come before the next line.
  private(set) var lacksNewline = false

  init(reading access: any JournalBytes) throws(JournalFault) {
    index = JournalIndex()
    if let stored = access.index().flatMap({ JournalIndex($0) }), stored.covered <= access.size {
      let bytes = try access.bytes(from: stored.lastLine)
      let length = stored.covered - stored.lastLine
      let last = bytes.prefix(length)
      if last.last == UInt8(ascii: "\n"),
        let line = try? JournalLine(reading: Array(last.dropLast())),
        line.record.hash == stored.head?.hash
      {
        index = stored
        try follow(bytes.dropFirst(length))
        return
      }
    }
    try follow(access.bytes(from: 0)[...])
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
