import Glibc
import Model
import Platform
import ReviewJournal
import Synchronization
import TestSupport
import Testing
import Text

@testable import HandshakeTUI

@Suite("The journal on disk")
struct JournalOnDiskTests {
  private let directory: TemporaryDirectory
  private let path: String

  init() throws {
    directory = try TemporaryDirectory()
    path = directory.path + "/state/handshake"
  }

  private var journal: Journal { .testing(in: JournalOnDisk(at: path)) }

  private func event() throws -> JournalEvent {
    .trustRemoved(try Fixture.organization("o-a1b2c3d4e5"))
  }

  private func mode(_ name: String) -> mode_t {
    var status = stat()
    return stat(path + name, &status) == 0 ? status.st_mode & 0o7777 : 0
  }

  private func bytes(_ path: String) throws -> [UInt8] {
    let descriptor = open(path, O_RDONLY)
    defer { close(descriptor) }
    return try OpenFile(descriptor: dup(descriptor), path: path).read(limit: 1 << 20)
  }

  private func put(_ text: String, in name: String, mode: mode_t = 0o600) {
    let descriptor = open(path + "/" + name, O_CREAT | O_WRONLY, mode)
    _ = text.withCString { write(descriptor, $0, strlen($0)) }
    close(descriptor)
    chmod(path + "/" + name, mode)
  }

  @Test("is created with its directory, private, at the first line")
  func made() throws {
    #expect(try journal.read().records.isEmpty)
    #expect(try journal.openIntents().isEmpty)
    #expect(access(directory.path + "/state", F_OK) != 0)
    try journal.append(try event())
    #expect(mode("") == 0o700)
    #expect(["/journal.jsonl", "/open.json", "/journal.lock"].map(mode) == [0o600, 0o600, 0o600])
    #expect(try journal.read().records.count == 2)
    #expect(try journal.head()?.sequence == 2)
  }

  @Test("many writers make one chain")
  func interleaved() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<4 {
        group.addTask { [path] in
          let journal = Journal.testing(in: JournalOnDisk(at: path), seed: UInt64(writer))
          for _ in 0..<12 {
            try journal.append(
              .mismatch(
                try Fixture.handshake("h-7d1f0c2a9b44e8aa"),
                try Fixture.account("22223333444\(writer)"), typed: Untrusted("x")))
          }
        }
      }
      try await group.waitForAll()
    }
    let chain = try journal.read()
    #expect(chain.firstBad == nil)
    #expect(chain.records.count == 1 + 4 * 12)
    for writer in 0..<4 {
      let account = try Fixture.account("22223333444\(writer)")
      let lines = chain.records.filter { record in
        if case .mismatch(_, account, _) = record.event { true } else { false }
      }
      #expect(lines.count == 12)
    }
  }

  @Test("a link, a second name, a directory or a pipe in its place is refused, and not written to")
  func places() throws {
    try journal.append(try event())
    let target = directory.path + "/elsewhere"
    let file = path + "/journal.jsonl"
    let replacements: [(JournalFault.Unsafe, () -> Void)] = [
      (.notARegularFile, { symlink(target, file) }),
      (.notARegularFile, { mkdir(file, 0o700) }),
      (.notARegularFile, { mkfifo(file, 0o600) }),
      (.hardLinked, { link(target, file) }),
    ]
    for (expected, replace) in replacements {
      unlink(file)
      rmdir(file)
      unlink(target)
      close(open(target, O_CREAT | O_WRONLY, 0o600))
      replace()
      let error = #expect(throws: JournalFault.self) { try journal.append(try event()) }
      // A directory cannot be opened for writing at all.
      if case .system(_, EISDIR, _) = error {
      } else {
        #expect(error == .unsafe(expected, path: Untrusted(file)))
      }
      #expect(throws: JournalFault.self) { try journal.read() }
      var status = stat()
      #expect(stat(target, &status) == 0 && status.st_size == 0)
    }
  }

  @Test(
    "a file or directory that others can use is refused", arguments: [mode_t(0o040), 0o004, 0o022])
  func modes(open bits: mode_t) throws {
    try journal.append(try event())
    for name in ["/journal.jsonl", "/open.json", "/journal.lock", ""] {
      let before = mode(name)
      chmod(path + name, before | bits)
      #expect(throws: JournalFault.unsafe(.openToOthers, path: Untrusted(path + name))) {
        try journal.append(try event())
      }
      chmod(path + name, before)
    }
    #expect(try journal.read().records.count == 2)
    try journal.append(try event())
  }

  @Test("after a failed sync no process writes any more, and it can still be read")
  func failedSync() throws {
    let calls = Mutex(0)
    var failing = JournalOnDisk.Calls.system
    failing.synchronise = { file throws(FileError) in
      let number = calls.withLock { calls in
        calls += 1
        return calls
      }
      if number == 2 {
        throw FileError(path: file.path, doing: .synchronise, cause: .system(EIO))
      }
    }
    let broken = Journal.testing(in: JournalOnDisk(at: path, calls: failing))
    try broken.append(try event())
    for _ in 0..<3 {
      #expect(throws: JournalFault.broken) { try broken.append(try event()) }
    }
    // Another process, or this one after a restart.
    #expect(throws: JournalFault.broken) { try journal.append(try event()) }
    #expect(calls.withLock { $0 } == 2)
    #expect(try journal.read().records.count >= 2)
    // Moved away by the operator, as the remedy says: a new one begins.
    rename(path + "/journal.jsonl", path + "/journal.old")
    try broken.append(try event())
    try journal.append(try event())
    #expect(try journal.read().records.count == 3)
  }

  @Test("a new file whose directory cannot be synced is not relied on")
  func failedDirectorySync() throws {
    var failing = JournalOnDisk.Calls.system
    failing.synchroniseDirectory = { directory throws(FileError) in
      throw FileError(path: directory.path, doing: .synchronise, cause: .system(EIO))
    }
    let broken = Journal.testing(in: JournalOnDisk(at: path, calls: failing))
    for _ in 0..<2 {
      #expect(throws: JournalFault.broken) { try broken.append(try event()) }
    }
  }

  @Test("a name is on the disk before the first line is, even if another process created the file")
  func nameFirst() throws {
    let order = Mutex([String]())
    var noting = JournalOnDisk.Calls.system
    noting.synchroniseDirectory = { directory throws(FileError) in
      order.withLock { $0.append("directory") }
      try directory.synchroniseWithParents()
    }
    noting.write = { file, bytes throws(FileError) in
      order.withLock { $0.append("write") }
      try file.append(bytes)
    }
    // Its creator was killed before it had synced anything.
    try journal.append(try event())
    truncate(path + "/journal.jsonl", 0)
    unlink(path + "/open.json")
    let noted = Journal.testing(in: JournalOnDisk(at: path, calls: noting))
    try noted.append(try event())
    try noted.append(try event())
    #expect(order.withLock { $0 } == ["directory", "write", "write"])
  }

  @Test("a damaged journal is kept byte for byte, under the next free name")
  func setAside() throws {
    for number in 1...2 {
      try journal.append(try event())
      let descriptor = open(path + "/journal.jsonl", O_WRONLY | O_APPEND)
      write(descriptor, "{\"seq\":3}\n", 10)
      close(descriptor)
      let damaged = try bytes(path + "/journal.jsonl")
      #expect(throws: JournalFault.damaged(after: number + 1)) { try journal.append(try event()) }
      let (kept, _) = try #require(try journal.beginSegment())
      #expect(kept.keptAs == Untrusted("journal.jsonl.damaged-\(number)"))
      #expect(try bytes(path + "/journal.jsonl.damaged-\(number)") == damaged)
      #expect(mode("/journal.jsonl.damaged-\(number)") == 0o600)
      #expect(mode("/journal.jsonl") == 0o600)
    }
  }

  @Test("a broken journal can be started anew, an empty one too")
  func brokenAnew() throws {
    var failing = JournalOnDisk.Calls.system
    failing.synchroniseDirectory = { directory throws(FileError) in
      throw FileError(path: directory.path, doing: .synchronise, cause: .system(EIO))
    }
    let broken = Journal.testing(in: JournalOnDisk(at: path, calls: failing))
    #expect(throws: JournalFault.broken) { try broken.append(try event()) }
    #expect(throws: JournalFault.broken) { try journal.append(try event()) }
    #expect(try journal.beginSegment()?.kept.bytes == 0)
    try journal.append(try event())
    #expect(try journal.read().firstBad == nil)
    #expect(try journal.beginSegment() == nil)
  }

  @Test("a full disk leaves nothing of the line behind, and the next one is appended")
  func fullDisk() throws {
    try journal.append(try event())
    let size = try journal.read().lines
    var failing = JournalOnDisk.Calls.system
    failing.write = { file, bytes throws(FileError) in
      try file.append(Array(bytes.prefix(50)))
      throw FileError(path: file.path, doing: .write, cause: .system(ENOSPC))
    }
    let full = Journal.testing(in: JournalOnDisk(at: path, calls: failing))
    #expect(
      throws: JournalFault.system(
        call: "write", errno: ENOSPC, path: Untrusted(path + "/journal.jsonl"))
    ) { try full.append(try event()) }
    let chain = try journal.read()
    #expect(chain.lines == size)
    #expect(chain.tail.isEmpty)
    try journal.append(try event())
    #expect(try journal.read().firstBad == nil)
  }

  @Test("the remains of a write that power loss cut short are named")
  func torn() throws {
    try journal.append(try event())
    let descriptor = open(path + "/journal.jsonl", O_WRONLY | O_APPEND)
    write(descriptor, "{\"seq\":3,\"pr", 12)
    close(descriptor)
    #expect(try journal.read().tail.count == 12)
    try journal.append(try event())
    let chain = try journal.read()
    #expect(chain.firstBad == nil)
    #expect(chain.torn == 1)
    #expect(chain.records.count == 4)
  }

  @Test("an invalid index is rewritten")
  func index() throws {
    try journal.append(try event())
    put("{\"covered\":99999999999999999999", in: "open.json")
    try journal.append(try event())
    #expect(try journal.read().records.count == 3)
  }

  @Test("a lock is held once, until it is released, and the name of its attempt is removed with it")
  func holds() throws {
    let file = JournalOnDisk(at: path)
    let other = JournalOnDisk(at: path)
    for lock in [JournalLock.account("222233334444"), .intent(IntentID(from: SeededBytes()))] {
      var first = try file.hold(lock)
      #expect(first != nil)
      #expect(try other.hold(lock) == nil)
      first?.release()
      let second = try other.hold(lock)
      #expect(second != nil)
      #expect(try file.hold(lock) == nil)
      second?.release()
      // The last reference counts as well.
      first = try file.hold(lock)
      first = nil
      #expect(try other.hold(lock) != nil)
    }
    let left = directory.path + "/state/handshake/locks"
    #expect(access(left + "/account-222233334444.lock", F_OK) == 0)
    #expect(
      access(left + "/intent-\(IntentID(from: SeededBytes()).text).lock", F_OK) != 0)
  }
}
