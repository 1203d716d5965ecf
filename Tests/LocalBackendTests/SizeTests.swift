import Model
import TestSupport
import Testing
import Text

@testable import LocalBackend

@Suite("A store of a given size")
struct SizeTests {
  @Test(
    "has that many invitations, from a hundredth as many organizations to at most 100 accounts",
    arguments: [(1, 1, 1), (99, 1, 99), (100, 1, 100), (101, 2, 100), (2_345, 24, 100)])
  func counts(_ size: Int, _ senders: Int, _ recipients: Int) async throws {
    let world = try SeededWorld(Store.Options(size: size))
    let counts = try await world.store.reader.read { db in
      try db.first(
        """
        SELECT count(*), count(DISTINCT organization), count(DISTINCT recipient),
          sum(state = 'OPEN') FROM handshakes
        """
      ) { row in
        var counts: [Int64?] = []
        for index in 0..<4 as Range<Int32> { counts.append(try row.number(at: index)) }
        return counts
      }
    }
    #expect(counts == [size, senders, recipients, size].map { Int64($0) })
  }

  @Test("accepts one of them")
  func accepts() async throws {
    let world = try SeededWorld(Store.Options(size: 30))
    let account = try #require(
      try await world.store.parties().first { $0.id.text.hasPrefix("1") }?.id)
    let first = try #require(try await world.all(Query(.received), as: account.text).first)
    let reply = try await world.backend(account.text).accept(Untrusted(first.id?.text ?? "")).value
    #expect(reply.state == .accepted)
  }

  @Test("empty means an organization, a standalone account, and nothing sent")
  func empty() async throws {
    let world = try SeededWorld(Store.Options(empty: true))
    let accounts = try await world.store.accounts()
    #expect(accounts.map(\.role) == [.management, .standalone])
    #expect(try await world.everything().isEmpty)
  }

  @Test("reset creates the same again, however it was used")
  func reset() async throws {
    let world = try SeededWorld(Store.Options(size: 3))
    let before = try await world.everything()
    let account = try #require(before.first?.recipientAccount)
    _ = try await world.backend(account.text).accept(Untrusted(before[0].id?.text ?? ""))
    try await world.store.advance(.days(2))
    try await world.store.reset()
    #expect(Set(try await world.everything().compactMap(\.id)) == Set(before.compactMap(\.id)))
    #expect(try await world.store.clock().advanced == .zero)
  }
}
