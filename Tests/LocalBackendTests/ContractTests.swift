import GRDB
import Model
import TestSupport
import Testing
import Text

@testable import LocalBackend

@Suite("The embedded organization keeps the backend contract")
struct ContractTests {
  @Test(
    "clause, with full pages and with empty ones", arguments: BackendContract.clauses,
    [false, true])
  func clause(_ clause: ContractClause, _ emptyPages: Bool) async throws {
    let seeded = try SeededWorld(Store.Options(empty: true))
    let (store, time) = (seeded.store, seeded.time)
    try await store.writer.write { db in
      _ = try DemoSeeder(Store.Options(), now: time.now(), db: db)
        .account("100000000003", "stranger", "stranger@example.com")
    }
    func backend(_ account: String) throws -> LocalBackend {
      LocalBackend(
        store: store, account: try Fixture.account(account), user: "tester",
        emptyPages: emptyPages)
    }
    let world = ContractWorld(
      inviter: try backend("100000000001"), invitee: try backend("100000000002"),
      stranger: try backend("100000000003")
    ) { span in
      time.pass(.seconds(1))
      try await store.advance(span)
    }
    try await clause.check(world)
  }
}
