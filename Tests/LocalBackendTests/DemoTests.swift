import Model
import TestSupport
import Testing
import Text

@testable import LocalBackend

/// A store with a seed's own rows.
final class SeededWorld {
  let time: ManualTime
  let store: Store
  private let directory: TemporaryDirectory

  init(_ options: Store.Options = Store.Options(), at now: Timestamp = ManualTime.mockup) throws {
    time = ManualTime(now)
    directory = try TemporaryDirectory()
    store = try Store.create(
      at: directory.path + "/store", options: options, time: time, random: SeededBytes())
  }

  func backend(_ account: String) throws -> LocalBackend {
    LocalBackend(store: store, account: try Fixture.account(account), user: "tester")
  }

  func all(_ query: Query, as account: String) async throws -> [Handshake] {
    let backend = try backend(account)
    var found: [Handshake] = []
    var token: PageToken?
    repeat {
      let page = try await backend.handshakes(query, page: token).value
      found += page.handshakes
      token = page.next
    } while token != nil
    return found
  }

  /// All handshakes that any account of the store sees, once each.
  func everything() async throws -> [Handshake] {
    var seen: [HandshakeID: Handshake] = [:]
    for account in try await store.accounts() {
      var listed = try await all(Query(.received), as: account.id.text)
      if try await backend(account.id.text).identity().value.role == .management {
        listed += try await all(Query(.sent), as: account.id.text)
      }
      for handshake in listed { if let id = handshake.id { seen[id] = handshake } }
    }
    return Array(seen.values)
  }

  func received(by account: String, from sender: String) async throws -> Untrusted {
    let id = try await store.reader.read { db in
      try db.text(
        "SELECT id FROM handshakes WHERE recipient = ? AND organization = ?", [account, sender])
    }
    return Untrusted(try #require(id))
  }
}

@Suite("The demonstration")
struct DemoTests {
  @Test("holds every action")
  func actions() async throws {
    let all = try await SeededWorld().everything()
    #expect(Set(all.compactMap(\.action)) == Set(Action.allKnown))
  }

  @Test("holds every state")
  func states() async throws {
    let all = try await SeededWorld().everything()
    #expect(Set(all.compactMap(\.state)) == Set(HandshakeState.allKnown))
  }

  @Test("has valid records, each of a known shape")
  func sound() async throws {
    for handshake in try await SeededWorld().everything() {
      #expect(handshake.damage.isEmpty)
      #expect(handshake.shape != .unknown)
    }
  }

  @Test("has two invitations open for one account, and one that expires tomorrow")
  func traps() async throws {
    let world = try SeededWorld()
    let two = try await world.all(Query(.received), as: "444455556666")
    #expect(two.filter(\.isPending).count == 2)
    let shop = try await world.all(Query(.received), as: "272727272727")
    let left = shop.compactMap(\.expires).map { $0 - world.time.now() }
    #expect(left.contains { $0 > .hours(24) && $0 < .hours(48) })
  }

  @Test("has a parent that can be finalised, and one that waits for a child")
  func migrations() async throws {
    let world = try SeededWorld()
    let ready = try await world.all(Query(.sent), as: "999900005555")
    #expect(ready.contains { $0.shape == .finalisation && $0.state == .open })
    let waiting = try await world.all(Query(.sent), as: "999900007777")
    #expect(waiting.contains { $0.shape == .finalisation && $0.state == .requested })
    #expect(waiting.contains { $0.shape == .consent && $0.state == .open })
    let parent = try #require(ready.first { $0.shape == .finalisation }?.id)
    let done = try await world.backend("999900005555").accept(Untrusted(parent.text)).value
    #expect(done.state == .accepted)
    let after = try await world.backend("999900005555").identity().value
    #expect(after.organization?.featureSet == .all)
  }

  @Test("names in its trust list two of its own organizations, with their management accounts")
  func trust() async throws {
    let world = try SeededWorld()
    #expect(DemoTrust.entries.count == 2)
    for entry in DemoTrust.entries {
      let organization = try await world.backend(entry.managementAccount).identity().value
        .organization
      #expect(organization?.id.text == entry.organization)
    }
  }

  @Test(
    "can be created on any day: a transfer's start and end are always in the future",
    arguments: [
      CivilDate(year: 2026, month: 11, day: 30, hour: 23, minute: 59),
      CivilDate(year: 2026, month: 12, day: 31, hour: 23),
      CivilDate(year: 2027, month: 1, day: 31), CivilDate(year: 2028, month: 2, day: 29),
    ])
  func anyDay(_ date: CivilDate) async throws {
    let world = try SeededWorld(at: date.instant)
    let bills = try await world.all(Query(.received), as: "242424242424")
    let expires = try #require(bills.first { $0.shape == .transfer }?.expires)
    #expect(expires > date.instant + .days(1))
    #expect(CivilDate(expires + .days(1)).day == 1)
  }

  @Test("is the same world for the same seed, and another for another")
  func seeds() async throws {
    func ids(_ seed: UInt64) async throws -> Set<HandshakeID> {
      Set(try await SeededWorld(Store.Options(seed: seed)).everything().compactMap(\.id))
    }
    let first = try await ids(7)
    #expect(try await ids(7) == first)
    #expect(try await ids(8) != first)
  }

  @Test("uses the API reference's names when its reading is that")
  func reference() async throws {
    let world = try SeededWorld(Store.Options(reading: .reference))
    let ready = try await world.all(Query(.sent), as: "999900005555")
    #expect(ready.first { $0.shape == .finalisation }?.action == .approveAllFeatures)
  }
}
