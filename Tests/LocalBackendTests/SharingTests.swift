import Model
import TestSupport
import Testing
import Text

@testable import LocalBackend

@Suite("Several processes on one file")
struct SharingTests {
  private func backend(_ store: Store, _ account: String) throws -> LocalBackend {
    LocalBackend(store: store, account: try Fixture.account(account), user: "second")
  }

  @Test("The other process reads a commit with its next call")
  func visible() async throws {
    let world = try World()
    let second = try world.reopened()
    let id = try await world.invite(Cast.loner, from: Cast.acme)
    #expect(await said { try await backend(second, Cast.loner).accept(id) } == "ok")
    #expect(try await world.describe(id, as: Cast.acme).state == .accepted)
    #expect(
      await said { try await world.backend(Cast.loner).accept(id) }
        == "HandshakeAlreadyInStateException")
  }

  @Test("Of many that accept at once, one does it and the others find it done")
  func race() async throws {
    let world = try World()
    let id = try await world.invite(Cast.loner, from: Cast.acme)
    let backends = try (0..<6).map { _ in try backend(try world.reopened(), Cast.loner) }
    let answers = await withTaskGroup(of: String.self) { group in
      for backend in backends { group.addTask { await said { try await backend.accept(id) } } }
      return await group.reduce(into: [String]()) { $0.append($1) }
    }
    #expect(
      answers.sorted()
        == Array(repeating: "HandshakeAlreadyInStateException", count: 5) + ["ok"])
  }

  @Test("Of an accept and a cancel at once, one wins and the handshake says which")
  func acceptAgainstCancel() async throws {
    for seed in 0..<10 as Range<UInt64> {
      let world = try World(seed: seed)
      let id = try await world.invite(Cast.loner, from: Cast.acme)
      let receiver = try backend(try world.reopened(), Cast.loner)
      let sender = try world.backend(Cast.acme)
      async let accepting = said { try await receiver.accept(id) }
      async let cancelling = said { try await sender.cancel(id) }
      let (accepted, canceled) = await (accepting, cancelling)
      #expect([accepted, canceled].filter { $0 == "ok" }.count == 1)
      #expect(
        try await world.describe(id, as: Cast.acme).state
          == (accepted == "ok" ? .accepted : .canceled))
      #expect(try world.organization(of: Cast.loner) == (accepted == "ok" ? Cast.acmes : nil))
    }
  }

  @Test(
    "A process that locks the file for too long is a concurrent modification; reading continues")
  func busy() async throws {
    let world = try World()
    let id = try await world.invite(Cast.loner, from: Cast.acme)
    let second = try world.reopened()
    try await second.writer.use { try $0.script("PRAGMA busy_timeout = 20") }
    let holder = try Holder(world.path)
    let error = try await failure { try await backend(second, Cast.loner).accept(id) }
    #expect(error.exception == .concurrentModification)
    #expect(error.applied == .refused)
    #expect(error.time == world.time.now())
    #expect(
      await said { try await backend(second, Cast.loner).handshakes(Query(.received), page: nil) }
        == "ok")
    try holder.release()
    #expect(await said { try await backend(second, Cast.loner).accept(id) } == "ok")
  }

  @Test("A longer change of an organization delays other changes, until it is over")
  func longerChange() async throws {
    let world = try World()
    let id = try await world.invite(Cast.loner, from: Cast.acme)
    let end = (world.time.now() + .minutes(5)).milliseconds
    try world.change("UPDATE organizations SET changing_until = \(end) WHERE id = ?", Cast.acmes)
    let error = try await failure { try await world.backend(Cast.loner).accept(id) }
    #expect(error.exception == .concurrentModification)
    #expect(error.retryAfter == .minutes(5))
    #expect(
      await said { try await world.invite(Cast.other, from: Cast.acme) }
        == "ConcurrentModificationException")
    world.time.pass(.minutes(5))
    #expect(await said { try await world.backend(Cast.loner).accept(id) } == "ok")
  }

  @Test("Resetting recreates it for all, with its original options")
  func reset() async throws {
    let directory = try TemporaryDirectory()
    let options = Store.Options(reading: .reference, throttle: true, empty: true, seed: 7)
    let path = directory.path + "/store"
    let time = ManualTime()
    let store = try Store.create(at: path, options: options, time: time, random: SeededBytes())
    let second = try Store.open(at: path, time: time, random: SeededBytes(seed: 2))
    #expect(second.options == options)
    let before = try await second.accounts()
    try await store.advance(.days(3))
    try await store.writer.write { try $0.execute("DELETE FROM policy_denials") }
    try await store.reset()
    #expect(try await second.clock().advanced == .zero)
    #expect(try await second.accounts() == before)
    #expect(try Store.open(at: path, time: time, random: SeededBytes()).options == options)
  }

  @Test("A write whose caller was cancelled completes: done or refused, never unknown")
  func cancelledCaller() async throws {
    let world = try World()
    let id = try await world.invite(Cast.loner, from: Cast.acme)
    let backend = try world.backend(Cast.loner)
    let task = Task { await said { try await backend.accept(id) } }
    task.cancel()
    #expect(await task.value == "ok")
  }
}

/// Another process in the middle of a write.
private struct Holder {
  private let connection: StoreConnection

  init(_ path: String) throws {
    connection = StoreConnection(try Database(path, .shared))
    try connection.use { try $0.execute("BEGIN IMMEDIATE") }
  }

  func release() throws { try connection.use { try $0.execute("COMMIT") } }
}
