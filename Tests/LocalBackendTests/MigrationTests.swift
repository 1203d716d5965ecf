import Glibc
import Model
import TestSupport
import Testing
import Text

@testable import LocalBackend

@Suite("A file of an earlier version")
struct MigrationTests {
  /// A store as version 1 left it: the accounts, and a transfer that was accepted.
  private func version1(at path: String, now: Timestamp) throws {
    try write([], to: path)
    let database = try Database(path, .shared)
    try database.script("PRAGMA application_id = \(Schema.applicationID)")
    try Schema.migrate(database, to: 1)
    try database.transaction(.immediate) {
      try StoreSettings.insert(Store.Options(), into: database)
      try Cast.plant(now: now, in: database)
      try database.execute(
        """
        INSERT INTO responsibility_transfers (id, name, starts, payer, source, accepted)
        VALUES ('rt-00000001', 'bills', ?, ?, ?, ?)
        """,
        [now.milliseconds, Cast.acmes, Cast.globexes, now.milliseconds])
    }
    try database.script("PRAGMA journal_mode = WAL")
    try database.close()
    #expect(Array(bytes(of: path)[60..<64]) == [0, 0, 0, 1])
    #expect(chmod(path, 0o600) == 0)
  }

  private func open(_ path: String, _ time: ManualTime) throws -> Store {
    try Store.open(at: path, time: time, random: SeededBytes())
  }

  private func counts(_ store: Store) throws -> [String: Int64] {
    try store.writer.read { db in
      var tables: [String: Int64] = [:]
      for table in Schema.tables(of: 1) {
        tables[table] = try db.number("SELECT count(*) FROM \(table)")
      }
      return tables
    }
  }

  @Test("It is opened, migrated to this version, and keeps its contents")
  func opening() async throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/store"
    let time = ManualTime()
    try version1(at: path, now: time.now())
    let store = try open(path, time)
    let kept = try counts(store)
    #expect(kept["accounts"] == 8)
    #expect(kept["memberships"] == 6)
    #expect(kept["responsibility_transfers"] == 1)
    let globex = LocalBackend(
      store: store, account: try Fixture.account(Cast.globex), user: "tester")
    #expect(try await globex.transfer(Untrusted("rt-00000001")).value.status == .accepted)
    #expect(
      try await globex.terminateTransfer(Untrusted("rt-00000001")).value.status == .withdrawn)
    #expect(try await globex.identity().value.organization?.id.text == Cast.globexes)
    #expect(try await store.quickCheck().isEmpty)
    try store.close()
    #expect(Array(bytes(of: path)[60..<64]) == [0, 0, 0, UInt8(Store.formatVersion)])
    #expect(Set(directory.contents().keys) == ["store"])
    try open(path, time).close()
  }

  @Test("When the migration fails, it is unchanged")
  func failing() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/store"
    let time = ManualTime()
    try version1(at: path, now: time.now())
    // A table of the new name stands in the way of the migration's second statement.
    let database = try Database(path, .shared)
    try database.script("CREATE TABLE account_creations (x)")
    try database.close()
    #expect(throws: StoreError.self) { try open(path, time) }
    let after = try Database(path, .shared)
    #expect(try after.number("PRAGMA user_version") == 1)
    let columns = try after.all("PRAGMA table_info(responsibility_transfers)") { row in
      try row.optionalText("name")
    }
    #expect(columns.contains("source"))
    #expect(!columns.contains("ends"), "the first statement was undone")
  }

  @Test("Two processes that open it at once both succeed")
  func together() async throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/store"
    let time = ManualTime()
    try version1(at: path, now: time.now())
    let stores = try await withThrowingTaskGroup(of: Store.self) { group in
      for _ in 0..<4 { group.addTask { try open(path, time) } }
      var stores: [Store] = []
      for try await store in group { stores.append(store) }
      return stores
    }
    #expect(stores.count == 4)
    for store in stores { #expect(try await store.accounts().count == 8) }
  }

  @Test("A missing table of its version is reported, one of a later version is not")
  func tables() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/store"
    let time = ManualTime()
    try version1(at: path, now: time.now())
    let database = try Database(path, .shared)
    try database.script("DROP TABLE buckets")
    try database.close()
    let before = bytes(of: path)
    #expect(throws: StoreError.damaged(path: path, detail: "tables are missing: buckets")) {
      try open(path, time)
    }
    #expect(bytes(of: path) == before)
  }
}
