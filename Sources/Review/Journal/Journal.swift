import Crypto
import Model
import Text

/// The audit trail: each request before it is sent, and its outcome.
///
/// Each record is on the disk before the next step is taken (SEC-4.5).
public struct Journal: Sendable {
  /// The storage of the journal and its locks.
  public let file: any JournalFile
  private let clock: any TimeSource
  private let random: any RandomSource
  private let host: Untrusted
  private let boot: Untrusted
  private let who: Operator

  /// Creates a journal in `file`, and neither reads nor writes anything yet.
  ///
  /// `random` makes the ids of attempts and the random digits of a first line. `host`, `boot` and
  /// `who` are written into the records: the host's name, the kernel's name for this boot and the
  /// operator.
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

  /// Returns a new random id for one attempt.
  public func makeIntentID() -> IntentID { IntentID(from: random) }

  /// The current moment by this host's clocks.
  public var moment: JournalMoment {
    JournalMoment(time: clock.now(), uptime: clock.uptime(), boot: boot)
  }

  /// Appends `event` to the end of the chain, and returns once it is on the disk.
  ///
  /// The first record of a journal is preceded by a genesis line. The remains of a write that was
  /// cut short are named by a line of their own before `event`.
  ///
  /// - Returns: The record as it was written, with its number and hash.
  /// - Throws: `.damaged` if the journal's end or its index shows that lines were changed or cut
  ///   off; `.broken` if a sync failed before, or now; `.system`, `.unsafe` or `.foreignFolder` if
  ///   the file cannot be opened, locked, read or written.
  @discardableResult
  public func append(_ event: JournalEvent) throws(JournalFault) -> JournalRecord {
    try file.exclusively { access throws(JournalFault) in
      let end = try JournalEnd(reading: access)
      var addition = JournalAddition(to: end.index)
      if end.lacksNewline { addition.addNewline() }
      if end.index.head == nil {
        // Bytes in front of the first line hold no information: no record was ever complete.
        begin(&addition, carrying: end.index.open)
        // Before the line is written: an index that lists more lines than the journal has means
        // damage.
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

  /// Adds the first lines of a journal: its genesis line and, in a new segment, the segment line.
  ///
  /// The unresolved attempts of the journal before it follow, with the time and the operator that
  /// they had there.
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

  /// Returns the attempts whose outcome is not known yet.
  ///
  /// - Throws: `.damaged` if the journal's end or its index shows that lines were changed or cut
  ///   off; `.system`, `.unsafe` or `.foreignFolder` if the file cannot be read.
  public func openIntents() throws(JournalFault) -> [OpenIntent] {
    try file.reading { access throws(JournalFault) in
      try JournalEnd(reading: access).index.open
    }
  }

  /// Reads and checks the whole journal.
  ///
  /// Damage is not an error here: the result says where the chain breaks.
  ///
  /// - Throws: `.system`, `.unsafe` or `.foreignFolder` if the file cannot be read.
  public func read() throws(JournalFault) -> JournalChain {
    try file.reading { access throws(JournalFault) in
      try JournalChain(reading: access)
    }
  }

  /// Returns the end of the chain, which is printed after each act; nil if the journal is empty.
  ///
  /// - Throws: `.damaged` if the journal's end or its index shows that lines were changed or cut
  ///   off; `.system`, `.unsafe` or `.foreignFolder` if the file cannot be read.
  public func head() throws(JournalFault) -> JournalHead? {
    try file.reading { access throws(JournalFault) in
      try JournalEnd(reading: access).index.head
    }
  }
}

/// A damaged or broken journal that was kept when a new one was begun in its place.
public struct JournalSegment: Hashable, Sendable {
  /// The name of its file, in the journal's folder.
  public var keptAs: Untrusted
  /// The size of the kept file.
  public var bytes: Int
  /// The SHA-256 of all its bytes.
  public var sha256: JournalHash
  /// The line, from 1, at which its chain breaks; nil if the chain was whole and a sync had failed.
  public var firstBadLine: Int?

  /// Creates the description of a kept journal.
  public init(keptAs: Untrusted, bytes: Int, sha256: JournalHash, firstBadLine: Int?) {
    self.keptAs = keptAs
    self.bytes = bytes
    self.sha256 = sha256
    self.firstBadLine = firstBadLine
  }
}

extension Journal {
  /// Keeps a damaged or broken journal unchanged under another name and begins a new chain.
  ///
  /// The new chain names the size and hash of the kept bytes. Unresolved attempts that can still be
  /// read, in the journal or in its index, are carried over and reconciled as before (SEC-4.5.8).
  ///
  /// - Returns: The kept journal and the number of attempts carried over; nil if the journal is
  ///   intact.
  /// - Throws: `.system`, `.unsafe` or `.foreignFolder` if the files cannot be read, kept or
  ///   replaced.
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
      // Even an index that is not believed: reconciling one attempt too many does no harm.
      if let stored = JournalIndexFile(access.index()).index { known.carry(stored) }
      var kept = JournalSegment(
        keptAs: Untrusted(""), bytes: bytes.count,
        sha256: JournalHash(digest: Array(SHA256.hash(data: bytes))),
        firstBadLine: chain.firstBad?.line)
      try access.setAside { name in
        kept.keptAs = Untrusted(name)
        var addition = JournalAddition(to: JournalIndex())
        begin(&addition, behind: kept, carrying: known.open)
        // Before the new journal is in place: if that step fails, the old one still counts as
        // damaged.
        access.replaceIndex(addition.index.bytes)
        return addition.bytes
      }
      return (kept, known.open.count)
    }
  }
}

/// Lines that are about to be appended, and the index that will describe the journal after them.
struct JournalAddition {
  private(set) var index: JournalIndex
  private(set) var bytes: [UInt8] = []

  init(to index: JournalIndex) { self.index = index }

  /// Adds the newline that the last line of the journal lacks.
  mutating func addNewline() {
    bytes.append(UInt8(ascii: "\n"))
    index.skip(1)
  }

  /// Adds the line of `event` and returns its record.
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

/// The storage of the journal's bytes, which the shell provides.
///
/// The bytes are interpreted by `Journal`, not here. The contract: one holder at a time, among all
/// processes and tasks; bytes are appended whole and are on the disk when `append` returns; after a
/// failed sync every `append` throws `.broken`, while reading goes on (SEC-4.5.2, SEC-4.5.3).
public protocol JournalFile: Sendable {
  /// Runs `body` while nobody else writes.
  ///
  /// Waits until the lock is free. Creates the file if there is none.
  ///
  /// - Throws: `.system`, `.unsafe` or `.foreignFolder` if the file cannot be opened or locked; and
  ///   what `body` throws.
  func exclusively<Value>(
    _ body: (any JournalAccess) throws(JournalFault) -> Value
  ) throws(JournalFault) -> Value

  /// Runs `body` over the current journal, which is empty if there is no file. Creates nothing.
  ///
  /// - Throws: `.system`, `.unsafe` or `.foreignFolder` if the file cannot be opened or locked; and
  ///   what `body` throws.
  func reading<Value>(
    _ body: (any JournalBytes) throws(JournalFault) -> Value
  ) throws(JournalFault) -> Value

  /// Takes a lock that ends with the process at the latest; returns nil if it is held already.
  ///
  /// - Throws: `.system`, `.unsafe` or `.foreignFolder` if the lock's file cannot be created or
  ///   opened.
  func hold(_ lock: JournalLock) throws(JournalFault) -> (any JournalHold)?
}

/// The journal's bytes, for reading.
public protocol JournalBytes {
  /// The number of bytes when the journal was opened.
  var size: Int { get }
  /// Returns the bytes from `offset` to the end.
  ///
  /// - Throws: `.system` if they cannot be read; `.unsafe(.tooLarge)` if they are too many.
  func bytes(from offset: Int) throws(JournalFault) -> [UInt8]
  /// Returns the index beside the journal; nil if there is none. It can be rebuilt from the
  /// journal.
  func index() -> [UInt8]?
  /// Whether a sync failed since this journal was begun.
  var isBroken: Bool { get }
}

/// The journal's bytes while this process holds the lock for writing.
public protocol JournalAccess: JournalBytes {
  /// Appends `bytes` in one write and syncs them.
  ///
  /// - Throws: `.broken` if a sync failed before, or now; `.system` if the write failed. Then
  ///   nothing of `bytes` is left behind, as far as it can be removed again.
  func append(_ bytes: [UInt8]) throws(JournalFault)
  /// Replaces the index. The new one need not reach the disk, and a failure is not reported.
  func replaceIndex(_ bytes: [UInt8])
  /// Keeps the journal's bytes unchanged under a new name and replaces the journal, in one step.
  ///
  /// The new journal is what `content` returns for that name. All of it is on the disk when this
  /// returns, and the journal is no longer broken.
  ///
  /// - Throws: `.system` or `.unsafe` if a file cannot be read, created, synced or replaced.
  func setAside(_ content: (_ keptAs: String) -> [UInt8]) throws(JournalFault)
}

/// A lock that a process holds while it sends.
public enum JournalLock: Hashable, Sendable {
  /// Something is being sent as this account.
  case account(String)
  /// This attempt is under way.
  case intent(IntentID)
}

/// A lock that is held until `release`, or until the last reference is gone.
public protocol JournalHold: Sendable {
  /// Releases the lock. A second call does nothing.
  func release()
}

/// The reason why the journal cannot be read or written.
///
/// Nothing is sent while the journal cannot be written.
public enum JournalFault: Error, Hashable, Sendable {
  /// A system call failed: the operation, its errno and the path.
  ///
  /// Nothing was written; it may work the next time.
  case system(call: String, errno: Int32, path: Untrusted)
  /// A sync failed, now or before.
  ///
  /// It is unknown what the disk holds, and a second sync that succeeds proves nothing, so nothing
  /// is written to this journal again.
  case broken
  /// The file or its directory is not as safe as it must be.
  case unsafe(Unsafe, path: Untrusted)
  /// A folder or link on the path belongs to a user who is neither root nor the current one.
  ///
  /// That user could put another journal in its place.
  case foreignFolder(path: Untrusted, owner: UInt32)
  /// The journal's end or its index shows that lines were changed or cut off.
  ///
  /// `after` is the number of the last record that could be followed; 0 if there is none.
  case damaged(after: Int)

  /// The property that makes a file or folder unsafe (SEC-4.1.1, SEC-4.1.3).
  public enum Unsafe: String, Hashable, CaseIterable, Sendable {
    case notOurs
    case openToOthers
    /// A link, a directory or a pipe.
    case notARegularFile
    case hardLinked
    case notADirectory
    /// A directory above it can be changed by others.
    case parentOpenToOthers
    /// A link on the path leads to it, and it does not exist.
    case linkedAndMissing
    case tooLarge
  }
}
