import Model
import TestSupport
import Testing
import Text

@testable import LocalBackend

@Suite("The cost of a page")
struct PlansTests {
  /// SQLite's own plan of every statement that a call runs.
  private func plans(_ world: World, _ call: () async throws -> Void) async throws -> [String] {
    let reader = world.store.reader
    // Forget what was compiled, so that the call compiles all that it runs.
    try await reader.use { db in db.forget() }
    try await call()
    return try await reader.read { db in
      try db.kept.filter { $0.hasPrefix("SELECT") }.flatMap { sql in
        let values = Values(repeating: nil, count: sql.parameters)
        return try db.all("EXPLAIN QUERY PLAN " + sql, values) { row in
          try row.optionalText("detail") ?? ""
        }
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

extension String {
  /// The number of parameters of an SQL statement: the plain ones, or the highest numbered one.
  fileprivate var parameters: Int {
    let parts = split(separator: "?", omittingEmptySubsequences: false).dropFirst()
    let numbers = parts.map { Int($0.prefix { $0.isNumber }) }
    return numbers.contains(nil) ? parts.count : numbers.compactMap(\.self).max() ?? 0
  }
}
