import GRDB
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
    let database = try DatabaseQueue(path: path)
    try database.writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA application_id = \(Schema.applicationID)")
    }
    try Schema.migrator.migrate(database, upTo: "1")
    try database.write { db in
      try StoreSettings.insert(Store.Options(), into: db)
      try Cast.plant(now: now, in: db)
      try db.execute(
        sql: """
          INSERT INTO responsibility_transfers (id, name, starts, payer, source, accepted)
          VALUES ('rt-00000001', 'bills', ?, ?, ?, ?)
          """,
        arguments: [now.milliseconds, Cast.acmes, Cast.globexes, now.milliseconds])
    }
    try database.writeWithoutTransaction { db in
      _ = try String.fetchOne(db, sql: "PRAGMA journal_mode = WAL")
    }
    try database.close()
    #expect(Array(bytes(of: path)[60..<64]) == [0, 0, 0, 1])
    #expect(chmod(path, 0o600) == 0)
  }

  private func open(_ path: String, _ time: ManualTime) throws -> Store {
    try Store.open(at: path, time: time, random: SeededBytes())
  }

  private func dump(_ store: Store) throws -> [String: [Row]] {
    try store.writer.read { db in
      var tables: [String: [Row]] = [:]
      for table in Schema.tables(of: 1) {
        tables[table] = try Row.fetchAll(db, sql: "SELECT * FROM \(table) ORDER BY rowid")
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
    let kept = try dump(store)
    #expect(kept["accounts"]?.count == 8)
    #expect(kept["memberships"]?.count == 6)
    #expect(kept["responsibility_transfers"]?.count == 1)
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
    let database = try DatabaseQueue(path: path)
    try database.write { try $0.execute(sql: "CREATE TABLE account_creations (x)") }
    try database.close()
    #expect(throws: StoreError.self) { try open(path, time) }
    let after = try DatabaseQueue(path: path)
    try after.read { db in
      #expect(try Int.fetchOne(db, sql: "PRAGMA user_version") == 1)
      let columns = try db.columns(in: "responsibility_transfers").map(\.name)
      #expect(!columns.contains("ends"), "the first statement was undone")
    }
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
    let database = try DatabaseQueue(path: path)
    try database.write { try $0.execute(sql: "DROP TABLE buckets") }
    try database.close()
    let before = bytes(of: path)
    #expect(throws: StoreError.damaged(path: path, detail: "tables are missing: buckets")) {
      try open(path, time)
    }
    #expect(bytes(of: path) == before)
  }
}
