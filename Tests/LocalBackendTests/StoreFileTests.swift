import Glibc
import Model
import TestSupport
import Testing
import Text

@testable import LocalBackend

@Suite("The store's file")
struct StoreFileTests {
  private func open(_ path: String) throws -> Store {
    try Store.open(at: path, time: ManualTime(), random: SeededBytes())
  }

  private func create(_ path: String, _ options: Store.Options = Store.Options(empty: true)) throws
    -> Store
  {
    try Store.create(at: path, options: options, time: ManualTime(), random: SeededBytes())
  }

  /// A valid store's bytes, nothing beside it.
  private func sound(in directory: TemporaryDirectory) throws -> [UInt8] {
    let path = directory.path + "/made"
    try create(path).close()
    defer { unlink(path) }
    return bytes(of: path)
  }

  private func mode(_ path: String) -> mode_t {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode & 0o777 : 0
  }

  @Test("It is readable for its owner only, in a directory that is created when it is missing")
  func permissions() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/a/b/store"
    let store = try create(path)
    #expect(mode(path) == 0o600)
    #expect(mode(directory.path + "/a/b") == 0o700)
    try store.writer.write { try $0.execute("UPDATE settings SET clock_offset = 1") }
    #expect(mode(path + "-wal") == 0o600)
    #expect(mode(path + "-shm") == 0o600)
  }

  @Test("Closed, it is one file, with our mark and version in its header")
  func header() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/store"
    try create(path).close()
    #expect(Set(directory.contents().keys) == ["store"])
    let header = bytes(of: path)
    #expect(Array(header[68..<72]) == Array("hshk".utf8))
    #expect(Array(header[60..<64]) == [0, 0, 0, UInt8(Store.formatVersion)])
    try open(path).close()
    #expect(bytes(of: path) == header, "opening and closing changes nothing")
  }

  @Test("Commits are on the disk before they are answered")
  func durability() throws {
    let world = try World()
    #expect(try world.count("PRAGMA synchronous") == 2)
    let mode = try world.store.writer.read { try $0.text("PRAGMA journal_mode") }
    #expect(mode == "wal")
    #expect(try world.count("PRAGMA foreign_keys") == 1)
  }

  @Test("Creating never replaces a file, whatever it is")
  func exists() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/store"
    try write([1, 2, 3], to: path)
    #expect(throws: StoreError.exists(path: path)) { try create(path) }
    #expect(directory.contents() == ["store": [1, 2, 3]])
  }

  @Test("A missing file is reported as missing; a directory or a link is not a store")
  func kinds() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/store"
    #expect(throws: StoreError.missing(path: path)) { try open(path) }
    #expect(throws: StoreError.missing(path: path + "/below")) { try open(path + "/below") }
    mkdir(path, 0o700)
    #expect(throws: StoreError.notAFile(path: path)) { try open(path) }
    let link = directory.path + "/link"
    symlink(path, link)
    #expect(throws: StoreError.notAFile(path: link)) { try open(link) }
    #expect(throws: StoreError.exists(path: link)) { try create(link) }
  }

  /// The files that SQLite keeps beside a store.
  static let companions = ["-wal", "-shm", "-journal"]

  @Test(
    "A pipe, a folder, a link or a second name beside it is refused before SQLite opens it",
    arguments: companions)
  func companionKinds(_ suffix: String) throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/store"
    try create(path).close()
    let before = bytes(of: path)
    let elsewhere = directory.path + "/elsewhere"
    try write([1, 2, 3], to: elsewhere)
    let made: [(StoreError, () -> Void)] = [
      (.notAFile(path: path + suffix), { mkfifo(path + suffix, 0o600) }),
      (.notAFile(path: path + suffix), { mkdir(path + suffix, 0o700) }),
      (.notAFile(path: path + suffix), { symlink(elsewhere, path + suffix) }),
      (.notAFile(path: path + suffix), { symlink("nothing", path + suffix) }),
      (.unsafe(path: path + suffix, .linkedTwice), { link(elsewhere, path + suffix) }),
    ]
    for (expected, make) in made {
      make()
      #expect(throws: expected) { try open(path) }
      #expect(bytes(of: path) == before)
      unlink(path + suffix)
      rmdir(path + suffix)
    }
    #expect(bytes(of: elsewhere) == [1, 2, 3])
    try open(path).close()
  }

  @Test(
    "A store that others may write to is refused, and so is each file beside it",
    arguments: [""] + companions, [mode_t(0o620), 0o602, 0o666])
  func modes(_ suffix: String, _ mode: mode_t) throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/store"
    try create(path).close()
    if !suffix.isEmpty { try write([], to: path + suffix) }
    chmod(path + suffix, mode)
    #expect(throws: StoreError.unsafe(path: path + suffix, .writableByOthers(mode: UInt32(mode)))) {
      try open(path)
    }
    chmod(path + suffix, 0o644)
    try open(path).close()
  }

  @Test(
    "A store of another user is refused, and so is each file beside it",
    .enabled(if: geteuid() == 0, "only root can give a file away"), arguments: [""] + companions)
  func owners(_ suffix: String) throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/store"
    try create(path).close()
    if !suffix.isEmpty { try write([], to: path + suffix) }
    chown(path + suffix, 12_345, 12_345)
    #expect(throws: StoreError.unsafe(path: path + suffix, .ofAnother(uid: 12_345))) {
      try open(path)
    }
  }

  @Test("A new store uses no file that an old one left", arguments: companions)
  func leftOver(_ suffix: String) throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/store"
    try write([1], to: path + suffix)
    chmod(path + suffix, 0o600)
    #expect(throws: StoreError.leftOver(path: path + suffix)) { try create(path) }
    #expect(Set(directory.contents().keys) == ["store" + suffix])
  }

  @Test("The second name left by a killed creator is removed; any other one is refused")
  func secondName() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/store"
    try create(path).close()
    link(path, path + ".new-00ff00ff00ff")
    try open(path).close()
    #expect(Set(directory.contents().keys) == ["store"])
    link(path, directory.path + "/other")
    #expect(throws: StoreError.unsafe(path: path, .linkedTwice)) { try open(path) }
    #expect(Set(directory.contents().keys) == ["other", "store"])
  }

  enum Harm: String, CaseIterable {
    case empty
    case text
    case otherProgram
    case newer
    case noVersion
    case cutOff
    case schemaPage
    case pageSize
  }

  private func harm(_ sound: [UInt8], _ harm: Harm) -> [UInt8] {
    var bytes = sound
    switch harm {
    case .empty: bytes = []
    case .text: bytes = Array("{\"Handshakes\": []}".utf8)
    case .otherProgram: bytes[68] = 0
    case .newer: bytes[63] = 200
    case .noVersion: bytes[63] = 0
    case .cutOff: bytes.removeLast(bytes.count / 2)
    case .schemaPage: for index in 100..<4_096 { bytes[index] = 0xA5 }
    case .pageSize: bytes[16] = 0x13
    }
    return bytes
  }

  @Test(
    "A foreign, newer or damaged file is refused and left byte for byte", arguments: Harm.allCases
  )
  func refused(_ kind: Harm) throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/store"
    let harmed = harm(try sound(in: directory), kind)
    try write(harmed, to: path)
    do {
      _ = try open(path)
      Issue.record("it was opened")
    } catch let error as StoreError {
      switch (kind, error) {
      case (.empty, .foreign), (.text, .foreign), (.otherProgram, .foreign): break
      case (.newer, .newer(_, 200, Store.formatVersion)): break
      case (.noVersion, .damaged), (.cutOff, .damaged), (.pageSize, .damaged): break
      case (.schemaPage, .damaged), (.schemaPage, .foreign): break
      default: Issue.record("\(kind): \(error)")
      }
    }
    #expect(directory.contents() == ["store": harmed])
  }

  /// Puts a store and its log, as a kill leaves them, at `path`; the log has moved the clock.
  private func killed(at path: String, in directory: TemporaryDirectory) throws {
    let running = try create(directory.path + "/running")
    try running.writer.write { try $0.execute("UPDATE settings SET clock_offset = 7") }
    for suffix in ["", "-wal"] {
      try write(bytes(of: running.path + suffix), to: path + suffix)
      chmod(path + suffix, 0o600)
    }
    try running.close()
    unlink(running.path)
  }

  @Test("A log that a kill left is read, and folded in when a reader closes")
  func log() async throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/store"
    try killed(at: path, in: directory)
    let store = try open(path)
    #expect(try await store.clock().advanced == Span(milliseconds: 7))
    try store.close()
    #expect(Set(directory.contents().keys) == ["store"])
    let again = try open(path)
    #expect(try await again.clock().advanced == Span(milliseconds: 7))
  }

  @Test("A damaged file with a log is refused, and both are left byte for byte")
  func damagedWithLog() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/store"
    try killed(at: path, in: directory)
    try write(harm(bytes(of: path), .schemaPage), to: path)
    let before = directory.contents()
    #expect(throws: StoreError.self) { try open(path) }
    #expect(directory.contents() == before)
  }

  @Test("Reading opens no second connection, and cannot write")
  func oneConnection() async throws {
    let directory = try TemporaryDirectory()
    let store = try create(directory.path + "/store")
    #expect(try await store.accounts().count == 2)
    await #expect(throws: DatabaseError.self) {
      try await store.reader.use { try $0.execute("DELETE FROM settings") }
    }
    #expect(try await store.accounts().count == 2)
    #expect(!store.writer.isOpen)
    try await store.advance(.days(1))
    #expect(store.writer.isOpen)
  }

  @Test("The process keeps its lock on the file, so that no other deletes the log under it")
  func keepsLock() async throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/store"
    let store = try create(path)
    #expect(try await store.accounts().count == 2)
    var status = stat()
    #expect(stat(path, &status) == 0)
    func hasLock() -> Bool {
      let file = Glibc.open("/proc/locks", O_RDONLY)
      defer { close(file) }
      var (locks, part) = ([UInt8](), [UInt8](repeating: 0, count: 4_096))
      while case let count = read(file, &part, part.count), count > 0 { locks += part[..<count] }
      return String(decoding: locks, as: UTF8.self).split(separator: "\n")
        .contains { $0.contains(" \(getpid()) ") && $0.contains(":\(status.st_ino) ") }
    }
    #expect(hasLock())
    try await store.advance(.days(1))
    #expect(store.writer.isOpen)
    #expect(hasLock())
  }

  @Test("A file that took the store's place while it was open is not written to")
  func replacedWhileOpen() async throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/store"
    let store = try create(path)
    #expect(try await store.accounts().count == 2)
    let other = try create(directory.path + "/other")
    try other.close()
    rename(other.path, path)
    await #expect(throws: StoreError.self) { try await store.advance(.days(1)) }
    unlink(path)
    await #expect(throws: StoreError.missing(path: path)) { try await store.advance(.days(1)) }
  }

  @Test("Bytes flipped anywhere end in an error or an answer, never in a crash")
  func flips() async throws {
    let directory = try TemporaryDirectory()
    let sound = try sound(in: directory)
    var random = SeededRandom(seed: 18)
    for round in 0..<60 {
      var bytes = sound
      for _ in 0..<Int.random(in: 1...40, using: &random) {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = .random(
          in: 0...255, using: &random)
      }
      let path = directory.path + "/store\(round)"
      try write(bytes, to: path)
      guard let store = try? open(path) else {
        #expect(LocalBackendTests.bytes(of: path) == bytes)
        continue
      }
      for account in (try? await store.accounts()) ?? [] {
        let backend = LocalBackend(store: store, account: account.id, user: "x")
        _ = try? await backend.handshakes(Query(.received), page: nil)
        _ = try? await backend.invite(Invitation(to: .email(Untrusted("a@b.example"))))
      }
      _ = try? await store.quickCheck()
      try? store.close()
    }
  }

  @Test("A name with spaces, marks and other scripts is a name like any other")
  func names() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/a b?c#d%e&fö"
    let store = try create(path)
    try store.close()
    try open(path).close()
  }

  @Test("The quick check reports damage and nothing for a valid file")
  func quickCheck() async throws {
    let world = try World()
    #expect(try await world.store.quickCheck() == [])
  }

  @Test("A store whose creation failed leaves nothing behind")
  func unfinished() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/store"
    #expect(throws: StoreError.self) {
      try Store.create(
        at: path, options: Store.Options(), time: ManualTime(), random: SeededBytes()
      ) { _ in throw FixtureError(text: "no") }
    }
    #expect(directory.contents().isEmpty)
  }
}
