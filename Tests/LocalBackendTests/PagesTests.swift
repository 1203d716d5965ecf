import Model
import TestSupport
import Testing
import Text

@testable import LocalBackend

@Suite("Pages")
struct PagesTests {
  private func world(sending count: Int) async throws -> (World, [Untrusted]) {
    let world = try World()
    try world.change("UPDATE organizations SET account_limit = 1000")
    var sent: [Untrusted] = []
    for number in 0..<count {
      sent.append(
        try await world.backend(Cast.acme).invite(
          Invitation(to: .email(Untrusted("n\(number)@example.com")))
        ).value.idText)
    }
    return (world, sent)
  }

  /// Every page of acme's sent handshakes, as their ids.
  private func pages(_ backend: LocalBackend, limit: Int?) async throws -> [[Untrusted]] {
    var pages: [[Untrusted]] = []
    var page = PageRequest(limit: limit)
    repeat {
      let reply = try await backend.handshakes(Query(.sent), page).value
      pages.append(reply.handshakes.map(\.idText))
      page.token = reply.next
    } while page.token != nil && pages.count < 100
    return pages
  }

  @Test("As long as requested, from 1 to 20", arguments: [1, 3, 19, 20, nil])
  func limits(_ limit: Int?) async throws {
    let (world, sent) = try await world(sending: 22)
    let pages = try await pages(try world.backend(Cast.acme), limit: limit)
    #expect(pages.flatMap(\.self) == sent)
    #expect(pages.dropLast().allSatisfy { $0.count == limit ?? 20 })
  }

  @Test("A reader in this process gets longer ones, as long as nothing else is requested")
  func lengths() async throws {
    let (world, sent) = try await world(sending: 45)
    let store = try world.backend(Cast.acme).store
    let backend = LocalBackend(
      store: store, account: try world.backend(Cast.acme).account, user: "ops", pageLength: 30)
    let long = try await pages(backend, limit: nil)
    #expect(long.map(\.count) == [30, 15])
    #expect(long.flatMap(\.self) == sent)
    #expect(try await pages(backend, limit: 20).map(\.count) == [20, 20, 5])
    await #expect(throws: BackendError.self) {
      _ = try await backend.handshakes(Query(.sent), PageRequest(limit: 21))
    }
  }

  @Test("No page is longer than 20 or shorter than 1, in every listing")
  func outside() async throws {
    let (world, _) = try await world(sending: 1)
    let acme = try world.backend(Cast.acme)
    for (limit, reason) in [
      (0, "MIN_VALUE_EXCEEDED"), (.min, "MIN_VALUE_EXCEEDED"), (21, "MAX_VALUE_EXCEEDED"),
      (.max, "MAX_VALUE_EXCEEDED"),
    ] {
      let page = PageRequest(limit: limit)
      let answer = "InvalidInputException \(reason)"
      #expect(await said { try await acme.handshakes(Query(.sent), page) } == answer)
      #expect(await said { try await acme.handshakes(Query(.received), page) } == answer)
      #expect(await said { try await acme.accounts(page) } == answer)
      #expect(await said { try await acme.transfers(TransferQuery(.inbound), page) } == answer)
      #expect(await said { try await acme.transfers(TransferQuery(.outbound), page) } == answer)
    }
  }

  @Test("A token that is invalid, or of another listing, or too long")
  func tokens() async throws {
    let (world, _) = try await world(sending: 3)
    let acme = try world.backend(Cast.acme)
    let token = try #require(
      try await acme.handshakes(Query(.sent), PageRequest(limit: 1)).value.next)
    let long = PageToken(Untrusted(String(repeating: "t", count: 100_001)))
    for (bad, reason) in [
      (token, "INVALID_NEXT_TOKEN"), (PageToken(Untrusted("t")), "INVALID_NEXT_TOKEN"),
      (long, "MAX_LENGTH_EXCEEDED"),
    ] {
      let page = PageRequest(bad)
      let answer = "InvalidInputException \(reason)"
      #expect(await said { try await acme.handshakes(Query(.received), page) } == answer)
      #expect(await said { try await acme.accounts(page) } == answer)
      #expect(await said { try await acme.transfers(TransferQuery(.inbound), page) } == answer)
    }
  }

  @Test("When switched on, an empty page comes before each full one; nothing is lost or repeated")
  func empty() async throws {
    let (world, sent) = try await world(sending: 7)
    let backend = LocalBackend(
      store: world.store, account: try Fixture.account(Cast.acme), user: "tester",
      emptyPages: true)
    let pages = try await pages(backend, limit: 3)
    #expect(pages.map(\.count) == [0, 3, 0, 3, 0, 1])
    #expect(pages.flatMap(\.self) == sent)
    let first = try await backend.accounts().value
    #expect(first.members.isEmpty)
    let second = try await backend.accounts(PageRequest(first.next)).value
    #expect(second.members.count == 3 && second.next == nil)
    #expect(try await backend.transfers(TransferQuery(.inbound)).value.next != nil)
  }

  @Test("A listing continues when empty pages are switched on or off in its middle")
  func switching() async throws {
    let (world, sent) = try await world(sending: 4)
    let plain = try world.backend(Cast.acme)
    let pausing = LocalBackend(
      store: world.store, account: plain.account, user: "tester", emptyPages: true)
    var found: [Untrusted] = []
    var page = PageRequest(limit: 1)
    var turn = 0
    repeat {
      let backend = turn % 2 == 0 ? pausing : plain
      let reply = try await backend.handshakes(Query(.sent), page).value
      found += reply.handshakes.map(\.idText)
      page.token = reply.next
      turn += 1
    } while page.token != nil && turn < 50
    #expect(found == sent)
  }
}
