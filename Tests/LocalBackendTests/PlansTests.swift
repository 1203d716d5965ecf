import GRDB
import Model
import Synchronization
import TestSupport
import Testing
import Text

@testable import LocalBackend

@Suite("The cost of a page")
struct PlansTests {
  /// SQLite's own plan of every statement that a call runs.
  private func plans(_ world: World, _ call: () async throws -> Void) async throws -> [String] {
    let log = StatementLog()
    try await world.store.reader.writeWithoutTransaction { db in
      db.trace { log.add($0) }
    }
    try await call()
    try await world.store.reader.writeWithoutTransaction { db in db.trace(options: []) }
    return try await world.store.reader.read { db in
      try log.statements().flatMap { sql in
        try Row.fetchAll(db, sql: "EXPLAIN QUERY PLAN " + sql).map { $0["detail"] as String }
      }
    }
  }

  @Test("Listing reads a range of an index: no scan, no sort, one query for the whole page")
  func listing() async throws {
    let world = try World()
    _ = try await world.invite(Cast.loner, from: Cast.acme)
    for (account, query) in [
      (Cast.loner, Query(.received)), (Cast.acme, Query(.sent)),
      (Cast.acme, Query(.sent, filter: .action(.invite))),
    ] {
      let backend = try world.backend(account)
      let plan = try await plans(world) { _ = try await backend.handshakes(query, page: nil) }
      #expect(plan.contains { $0.contains("handshakes USING") })
      #expect(!plan.contains { $0.hasPrefix("SCAN") }, "\(plan)")
      #expect(!plan.contains { $0.contains("TEMP B-TREE") }, "\(plan)")
    }
  }

  @Test("Finding the parties costs the accounts, not the handshakes")
  func parties() async throws {
    let world = try World()
    let plan = try await plans(world) { _ = try await world.store.parties() }
    #expect(!plan.contains { $0.hasPrefix("SCAN handshakes") }, "\(plan)")
    #expect(!plan.contains { $0.contains("AUTOMATIC") }, "\(plan)")
  }
}

private final class StatementLog: Sendable {
  private let lines = Mutex<[String]>([])

  func add(_ event: Database.TraceEvent) {
    guard case .statement(let statement) = event else { return }
    let sql = statement.expandedSQL
    lines.withLock { $0.append(sql) }
  }

  func statements() -> [String] { lines.withLock { $0.filter { $0.hasPrefix("SELECT") } } }
}
