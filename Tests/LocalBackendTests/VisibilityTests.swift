import Model
import TestSupport
import Testing
import Text

@testable import LocalBackend

@Suite("Visibility")
struct VisibilityTests {
  private func ids(_ account: String, _ query: Query, in world: World) async throws -> [Untrusted] {
    let backend = try world.backend(account)
    var found: [Untrusted] = []
    var page: PageToken?
    repeat {
      let reply = try await backend.handshakes(query, page: page).value
      #expect(reply.handshakes.count <= 20)
      found += reply.handshakes.map(\.idText)
      page = reply.next
    } while page != nil
    return found
  }

  @Test("Sent has the organization's requests, received those to the account")
  func directions() async throws {
    let world = try World()
    let toLoner = try await world.invite(Cast.loner, from: Cast.acme)
    let toAnna = try await world.invite(Cast.anna, from: Cast.acme)
    #expect(try await ids(Cast.acme, Query(.sent), in: world) == [toLoner, toAnna])
    #expect(try await ids(Cast.acme, Query(.received), in: world) == [])
    #expect(try await ids(Cast.loner, Query(.received), in: world) == [toLoner])
    #expect(try await ids(Cast.anna, Query(.received), in: world) == [toAnna])
    #expect(try await ids(Cast.globex, Query(.sent), in: world) == [])
  }

  @Test("A standalone account has sent nothing, a plain member may not list")
  func refusedListings() async throws {
    let world = try World()
    #expect(
      await said { try await world.backend(Cast.loner).handshakes(Query(.sent), page: nil) }
        == "AWSOrganizationsNotInUseException")
    #expect(
      await said { try await world.backend(Cast.clerk).handshakes(Query(.sent), page: nil) }
        == "AccessDeniedException")
  }

  @Test("A delegated administrator lists and reads sent handshakes, and can cancel none of them")
  func delegated() async throws {
    let world = try World()
    let id = try await world.invite(Cast.loner, from: Cast.acme)
    try world.change(
      "INSERT INTO delegated_administrators VALUES (?, ?, 'x')", Cast.clerk, Cast.acmes)
    #expect(try await ids(Cast.clerk, Query(.sent), in: world) == [id])
    #expect(try await world.describe(id, as: Cast.clerk).state == .open)
    #expect(
      await said { try await world.backend(Cast.clerk).cancel(id) } == "AccessDeniedException")
  }

  @Test("A management account does not see the invitations that it could not accept")
  func management() async throws {
    let world = try World()
    let id = try await world.invite(Cast.acme, from: Cast.globex)
    #expect(try await ids(Cast.acme, Query(.received), in: world) == [])
    #expect(
      await said { try await world.backend(Cast.acme).accept(id) }
        == "MasterCannotLeaveOrganizationException")
  }

  @Test("A list can be filtered by one action")
  func actions() async throws {
    let world = try World()
    let parent = try await world.backend(Cast.globex).enableAllFeatures().value.idText
    let invitation = try await world.invite(Cast.anna, from: Cast.acme)
    #expect(
      try await ids(Cast.globex, Query(.sent, filter: .action(.enableAllFeatures)), in: world)
        == [parent])
    #expect(
      try await ids(Cast.anna, Query(.received, filter: .action(.invite)), in: world)
        == [invitation])
    #expect(
      await said {
        try await world.backend(Cast.anna).handshakes(
          Query(.received, filter: .action(.unknown(Untrusted("JOIN")))), page: nil)
      } == "InvalidInputException INVALID_ENUM")
  }

  @Test("The parties are in either order, the same each time for one call")
  func partyOrder() async throws {
    let world = try World()
    var first: Set<PartyType> = []
    for _ in 0..<12 {
      let id = try await world.invite(Cast.loner, from: Cast.acme)
      let shown = try await world.describe(id, as: Cast.loner)
      #expect(try await world.describe(id, as: Cast.loner) == shown)
      first.insert(try #require(shown.parties.first).type)
      _ = try await world.backend(Cast.loner).decline(id)
    }
    #expect(first == [.account, .organization])
  }

  @Test("Pages of twenty, none lost and none repeated, also while others end")
  func pages() async throws {
    let world = try World()
    try world.change("UPDATE organizations SET account_limit = 1000")
    var sent: [Untrusted] = []
    for number in 0..<45 {
      sent.append(
        try await world.backend(Cast.acme).invite(
          Invitation(to: .email(Untrusted("n\(number)@example.com")))
        ).value.idText)
    }
    let acme = try world.backend(Cast.acme)
    let first = try await acme.handshakes(Query(.sent), page: nil).value
    #expect(first.handshakes.map(\.idText) == Array(sent[..<20]))
    _ = try await acme.cancel(sent[0])
    let second = try await acme.handshakes(Query(.sent), page: first.next).value
    #expect(second.handshakes.map(\.idText) == Array(sent[20..<40]))
    let third = try await acme.handshakes(Query(.sent), page: second.next).value
    #expect(third.handshakes.map(\.idText) == Array(sent[40...]))
    #expect(third.next == nil)
  }

  @Test("A token is valid for its own listing only")
  func tokens() async throws {
    let world = try World()
    try world.change("UPDATE organizations SET account_limit = 1000")
    for number in 0..<21 {
      _ = try await world.backend(Cast.acme).invite(
        Invitation(to: .email(Untrusted("n\(number)@example.com"))))
    }
    let acme = try world.backend(Cast.acme)
    let token = try #require(try await acme.handshakes(Query(.sent), page: nil).value.next)
    let invalid = "InvalidInputException INVALID_NEXT_TOKEN"
    let filtered = Query(.sent, filter: .action(.invite))
    #expect(await said { try await acme.handshakes(filtered, page: token) } == invalid)
    #expect(await said { try await acme.handshakes(Query(.received), page: token) } == invalid)
    for text in ["", "x", String(repeating: "0", count: 32), String(repeating: "g", count: 32)] {
      let made = PageToken(Untrusted(text))
      #expect(await said { try await acme.handshakes(Query(.sent), page: made) } == invalid)
    }
  }

  @Test("The accounts of the store, and those that are a party to a handshake")
  func accounts() async throws {
    let world = try World()
    let all = try await world.store.accounts()
    #expect(all.count == 8)
    let anna = try #require(all.first { $0.id.text == Cast.anna })
    #expect(anna.organization?.text == Cast.globexes)
    #expect(anna.role == .member)
    #expect(anna.name == Untrusted("anna"))
    #expect(all.first { $0.id.text == Cast.loner }?.role == .standalone)
    #expect(all.first { $0.id.text == Cast.acme }?.role == .management)
    #expect(try await world.store.parties().isEmpty)
    _ = try await world.invite(Cast.loner, from: Cast.acme)
    #expect(try await world.store.parties().map(\.id.text) == [Cast.acme, Cast.loner])
    world.time.pass(.days(45))
    #expect(try await world.store.parties().isEmpty)
  }

  @Test("An unknown account may do nothing")
  func unknownAccount() async throws {
    let world = try World()
    let nobody = try world.backend("999999999999")
    #expect(await said { try await nobody.identity() } == "AccessDeniedException")
    #expect(
      await said { try await nobody.handshakes(Query(.received), page: nil) }
        == "AccessDeniedException")
  }
}

@Suite("The embedded organization meets the backend contract")
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
