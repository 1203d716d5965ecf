import Model
import ReviewInbox
import ReviewJournal
import Synchronization
import Text

/// A journal's bytes in memory, with writes that a test makes fail.
public final class JournalInMemory: JournalFile {
  private struct Content {
    var bytes: [UInt8]
    var index: [UInt8]?
    var held: Set<JournalLock> = []
    var appends = 0
    var isBroken = false
    var aside: [[UInt8]] = []
  }

  /// The result of an append.
  public enum Append: Sendable {
    case written
    /// Only so many bytes are written, as in a power cut.
    case torn(Int)
    /// Nothing is written.
    case refused
    /// The sync fails; the bytes may be written or not.
    case unsynced
  }

  private let content: Mutex<Content>
  private let fate: @Sendable (_ append: Int) -> Append

  /// Creates a journal with these bytes and no index.
  ///
  /// `fate` decides the result of the n-th append, counted from 1.
  public init(
    _ bytes: [UInt8] = [], fate: @escaping @Sendable (Int) -> Append = { _ in .written }
  ) {
    content = Mutex(Content(bytes: bytes))
    self.fate = fate
  }

  /// The journal's bytes as appended so far, torn appends included; a test may replace them.
  public var bytes: [UInt8] {
    get { content.withLock { $0.bytes } }
    set { content.withLock { $0.bytes = newValue } }
  }

  /// The contents of the journal's index file; nil if there is none.
  public var index: [UInt8]? {
    get { content.withLock { $0.index } }
    set { content.withLock { $0.index = newValue } }
  }

  /// The kept contents of damaged journals, the first one first.
  public var aside: [[UInt8]] { content.withLock { $0.aside } }

  /// The locks that are held.
  public var held: Set<JournalLock> { content.withLock { $0.held } }

  /// Runs `body` at once, without a lock.
  ///
  /// - Throws: What `body` throws.
  public func exclusively<Value>(
    _ body: (any JournalAccess) throws(JournalFault) -> Value
  ) throws(JournalFault) -> Value {
    try body(Access(journal: self))
  }

  /// Runs `body` over the current bytes, without a lock.
  ///
  /// - Throws: What `body` throws.
  public func reading<Value>(
    _ body: (any JournalBytes) throws(JournalFault) -> Value
  ) throws(JournalFault) -> Value {
    try body(Access(journal: self))
  }

  /// Takes a lock until `release` is called; returns nil if it is held already.
  public func hold(_ lock: JournalLock) -> (any JournalHold)? {
    content.withLock { $0.held.insert(lock).inserted } ? Hold(journal: self, lock: lock) : nil
  }

  private func append(_ bytes: [UInt8]) throws(JournalFault) {
    let number = content.withLock { content in
      content.appends += 1
      return content.appends
    }
    let fate = fate(number)
    try content.withLock { (content) throws(JournalFault) in
      guard !content.isBroken else { throw .broken }
      switch fate {
      case .written: content.bytes += bytes
      case .torn(let count): content.bytes += bytes.prefix(count)
      case .refused: throw .system(call: "write", errno: 28, path: .init("journal.jsonl"))
      case .unsynced:
        content.bytes += bytes
        content.isBroken = true
        throw .broken
      }
    }
    if case .torn = fate { throw .system(call: "write", errno: 28, path: .init("journal.jsonl")) }
  }

  private struct Access: JournalAccess {
    let journal: JournalInMemory
    var size: Int { journal.bytes.count }
    func bytes(from offset: Int) -> [UInt8] { Array(journal.bytes.dropFirst(offset)) }
    func index() -> [UInt8]? { journal.index }
    func append(_ bytes: [UInt8]) throws(JournalFault) { try journal.append(bytes) }
    func replaceIndex(_ bytes: [UInt8]) { journal.index = bytes }
    var isBroken: Bool { journal.content.withLock { $0.isBroken } }

    func setAside(_ content: (String) -> [UInt8]) {
      let name = "journal.jsonl.damaged-\(journal.aside.count + 1)"
      let fresh = content(name)
      journal.content.withLock { content in
        content.aside.append(content.bytes)
        content.bytes = fresh
        content.isBroken = false
      }
    }
  }

  private final class Hold: JournalHold {
    let journal: JournalInMemory
    let lock: JournalLock

    init(journal: JournalInMemory, lock: JournalLock) {
      self.journal = journal
      self.lock = lock
    }

    func release() { _ = journal.content.withLock { $0.held.remove(lock) } }
  }
}

extension Journal {
  /// A journal in memory or on disk, with a test's clock.
  public static func testing(
    in file: any JournalFile = JournalInMemory(), clock: any TimeSource = ManualTime(),
    seed: UInt64 = 7, boot: String = "boot-1"
  ) -> Journal {
    Journal(
      in: file, clock: clock, random: SeededBytes(seed: seed), host: .init("bastion"),
      boot: .init(boot),
      who: Operator(
        login: .init("root"), behindSudo: .init("vera"), loginUID: 1_001,
        terminal: .init("/dev/pts/3")))
  }
}
