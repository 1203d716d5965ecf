import Crypto
import Model
import Text

/// The audit trail: what is about to be asked, and what became of it, each on the disk before the
/// next thing is done (SEC-4.5).
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
      let end = try JournalEnd(reading: access)
      var addition = JournalAddition(to: end.index)
      if end.lacksNewline { addition.addNewline() }
      if end.index.head == nil {
        // What stands in front of the first line says nothing: no record was ever whole.
        begin(&addition, carrying: end.index.open)
        // Before the line is there: an index that knows of more than there is tells of damage.
        if end.isNewBesideIndex { access.replaceIndex(addition.index.bytes) }
      } else if let torn = end.remains {
        let digest = JournalHash(digest: Array(SHA256.hash(data: torn)))
        addition.add(.torn(bytes: torn.count, sha256: digest), at: moment, by: who)
      }
      let record = addition.add(event, at: moment, by: who)
      try access.append(addition.bytes)
      access.replaceIndex(addition.index.bytes)
      return record
    }
  }

  /// The first lines of a journal: its own, and the attempts without an end that stood in the one
  /// before it, as they were written there.
  func begin(
    _ addition: inout JournalAddition, behind segment: JournalSegment? = nil,
    carrying open: [OpenIntent]
  ) {
    let digits = Untrusted(random.bytes(16).hexadecimal)
    addition.add(.genesis(host: host, random: digits), at: moment, by: who)
    if let segment { addition.add(.segment(segment), at: moment, by: who) }
    for attempt in open {
      addition.add(.intent(attempt.intent), at: attempt.moment, by: attempt.who)
      guard let doubt = attempt.doubt else { continue }
      let outcome = JournalEvent.outcome(attempt.intent.id, .unknown(doubt, closed: false))
      addition.add(outcome, at: attempt.moment, by: attempt.who)
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
      try JournalChain(reading: access)
    }
  }

  /// The end of the chain, to be printed after each act; nil while there is none.
  public func head() throws(JournalFault) -> JournalHead? {
    try file.reading { access throws(JournalFault) in
      try JournalEnd(reading: access).index.head
    }
  }
}

/// A damaged journal that was kept when a new one was begun in its place.
public struct JournalSegment: Hashable, Sendable {
  /// The name of its file, beside the journal.
  public var keptAs: Untrusted
  public var bytes: Int
  public var sha256: JournalHash
  /// Nil when its chain was whole and a sync had failed.
  public var firstBadLine: Int?

  public init(keptAs: Untrusted, bytes: Int, sha256: JournalHash, firstBadLine: Int?) {
    self.keptAs = keptAs
    self.bytes = bytes
    self.sha256 = sha256
    self.firstBadLine = firstBadLine
  }
}

extension Journal {
  /// Keeps a damaged or broken journal unchanged under another name and begins a new chain that
  /// names its bytes. Attempts without an end that can still be read, in it or in the index, are
  /// carried over: they are found out about as before. Nil when there is nothing wrong with it.
  /// (SEC-4.5.8)
  public func beginSegment() throws(JournalFault) -> (kept: JournalSegment, carried: Int)? {
    let isThere = try file.reading { access in
      access.size > 0 || access.isBroken || JournalIndexFile(access.index()).isDoubtful
    }
    guard isThere else { return nil }
    return try file.exclusively { access throws(JournalFault) in
      let bytes = try access.bytes(from: 0)
      let chain = try JournalChain(reading: access)
      guard chain.firstBad != nil || access.isBroken else { return nil }
      var known = JournalIndex(scanning: bytes)
      // Believed or not: to find out about one attempt too many does no harm.
      if let stored = JournalIndexFile(access.index()).index { known.carry(stored) }
      var kept = JournalSegment(
        keptAs: Untrusted(""), bytes: bytes.count,
        sha256: JournalHash(digest: Array(SHA256.hash(data: bytes))),
        firstBadLine: chain.firstBad?.line)
      try access.setAside { name in
        kept.keptAs = Untrusted(name)
        var addition = JournalAddition(to: JournalIndex())
        begin(&addition, behind: kept, carrying: known.open)
        // Before the new journal is there: if that comes to nothing, the old one is damaged still.
        access.replaceIndex(addition.index.bytes)
        return addition.bytes
      }
      return (kept, known.open.count)
    }
  }
}

/// Lines on their way to the journal's end, and the index as it is once they are there.
struct JournalAddition {
  private(set) var index: JournalIndex
  private(set) var bytes: [UInt8] = []

  init(to index: JournalIndex) { self.index = index }

  /// So that the next line begins.
  mutating func addNewline() {
    bytes.append(UInt8(ascii: "\n"))
    index.skip(1)
  }

  @discardableResult
  mutating func add(
    _ event: JournalEvent, at moment: JournalMoment, by who: Operator
  ) -> JournalRecord {
    let line = JournalLine(
      event, after: index.head, at: moment, by: who,
      openHash: { mark in index.openHash(after: event, marked: mark) })
    bytes += line.bytes + [UInt8(ascii: "\n")]
    index.take(line, length: line.bytes.count + 1)
    return line.record
  }
}

/// Where the journal's bytes are: the shell's part. What the bytes mean is decided above it.
///
/// The contract: one holder at a time, among all processes and tasks; bytes are appended whole and
/// are on the disk when `append` returns; after a failed sync every `append` throws `.broken`, while
/// reading goes on (SEC-4.5.2, SEC-4.5.3).
public protocol JournalFile: Sendable {
  /// Runs `body` while nobody else writes. Waits for its turn. Makes the file when there is none.
  func exclusively<Value>(
    _ body: (any JournalAccess) throws(JournalFault) -> Value
  ) throws(JournalFault) -> Value

  /// Runs `body` over the journal as it stands, which is empty when there is none. Makes nothing.
  func reading<Value>(
    _ body: (any JournalBytes) throws(JournalFault) -> Value
  ) throws(JournalFault) -> Value

  /// Takes a lock that ends with the process at the latest; nil when somebody has it.
  func hold(_ lock: JournalLock) throws(JournalFault) -> (any JournalHold)?
}

/// The journal's bytes, to look at.
public protocol JournalBytes {
  var size: Int { get }
  /// The bytes from `offset` up to the end.
  func bytes(from offset: Int) throws(JournalFault) -> [UInt8]
  /// The index beside the journal; nil when there is none. It can be made again from the journal.
  func index() -> [UInt8]?
  /// Whether a sync failed since this journal was begun.
  var isBroken: Bool { get }
}

/// The journal's bytes, for as long as they are ours alone.
public protocol JournalAccess: JournalBytes {
  /// In one write, then synced. On `.system` nothing of it is left behind, as far as that can be
  /// done.
  func append(_ bytes: [UInt8]) throws(JournalFault)
  /// Need not reach the disk, nor succeed.
  func replaceIndex(_ bytes: [UInt8])
  /// Keeps the journal's bytes, unchanged, as a file with a name of its own, and puts what `content`
  /// makes of that name in their place, in one step. All of it is on the disk when this returns, and
  /// the journal is not broken any more.
  func setAside(_ content: (_ keptAs: String) -> [UInt8]) throws(JournalFault)
}

/// What a process can hold while it sends.
public enum JournalLock: Hashable, Sendable {
  /// Something is being sent as this account.
  case account(String)
  /// This attempt is under way.
  case intent(IntentID)
}

/// A lock that is held until `release`, or until the last reference is gone.
public protocol JournalHold: Sendable {
  func release()
}

/// Why the journal cannot be written or read. While it cannot be written nothing is sent.
public enum JournalFault: Error, Hashable, Sendable {
  /// The system refused something: what was done and to which path, with its errno. Nothing was
  /// written; it may work the next time.
  case system(call: String, errno: Int32, path: Untrusted)
  /// A sync failed, now or before. What the disk holds is not known and no second sync can tell, so
  /// nothing is written to this journal again.
  case broken
  /// The file or its directory is not as safe as it must be.
  case unsafe(Unsafe, path: Untrusted)
  /// A folder or link on the way to it belongs to somebody who is neither root nor us, and who could
  /// put another journal in its place.
  case foreignFolder(path: Untrusted, owner: UInt32)
  /// The last line, the one behind this number in the chain, is not as it was written.
  case damaged(after: Int)

  public enum Unsafe: String, Hashable, CaseIterable, Sendable {
    case notOurs
    case openToOthers
    /// A link, a directory, a pipe.
    case notARegularFile
    case hardLinked
    case notADirectory
    /// A directory above it can be changed by others.
    case parentOpenToOthers
    /// It is where a link on the way leads, and it is not there.
    case linkedAndMissing
    case tooLarge
  }
}
