import Model
import TestSupport
import Testing
import Text

@testable import LocalBackend

@Suite("Our client meets the backend contract over the wire")
struct WireContractTests {
  /// A management account with an organization, and two accounts without.
  private func world() throws -> World {
    let directory = try TemporaryDirectory()
    let time = ManualTime()
    let options = Store.Options(empty: true)
    try Store.create(
      at: directory.path + "/organization.sqlite", options: options, time: time,
      random: SeededBytes()
    ) { db in
      let seeder = DemoSeeder(options, now: time.now(), db: db)
      try seeder.seedNothingSent()
      try seeder.account("100000000003", "stranger", "stranger@example.com")
    }.close()
    return try World(in: directory, time: time)
  }

  @Test(
    "clause, with full pages and with empty ones", arguments: BackendContract.clauses,
    [false, true])
  func clause(_ clause: ContractClause, _ emptyPages: Bool) async throws {
    let world = try world()
    if emptyPages { _ = try await world.admin("POST", "faults", #"{"kind":"empty-pages"}"#) }
    let client = FaultClient(world)
    func backend(_ account: String) throws -> any HandshakeBackend {
      try present(client.backend(try Fixture.account(account)))
    }
    let time = world.time
    let store = world.store
    let contract = ContractWorld(
      inviter: try backend("100000000001"), invitee: try backend("100000000002"),
      stranger: try backend("100000000003")
    ) { span in
      time.pass(.seconds(3))
      try await store.advance(span)
    }
    try await clause.check(contract)
  }
}
