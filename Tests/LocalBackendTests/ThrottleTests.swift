import Model
import TestSupport
import Testing
import Text

@testable import LocalBackend

@Suite("Request rates")
struct ThrottleTests {
  static let tooMany = "TooManyRequestsException"

  @Test("When off, nothing is counted")
  func off() async throws {
    let world = try World()
    let loner = try world.backend(Cast.loner)
    for _ in 0..<20 {
      #expect(
        await said { try await loner.accept(Untrusted("h-00000000")) }
          == "HandshakeNotFoundException")
    }
    #expect(try world.count("SELECT count(*) FROM buckets") == 0)
  }

  @Test("AcceptHandshake: two at once, then one a second, refused ones included")
  func accepting() async throws {
    let world = try World(Store.Options(throttle: true))
    let loner = try world.backend(Cast.loner)
    let missing = "HandshakeNotFoundException"
    let id = Untrusted("h-00000000")
    #expect(await said { try await loner.accept(id) } == missing)
    #expect(await said { try await loner.accept(id) } == missing)
    let error = try await failure { try await loner.accept(id) }
    #expect(error.exception == .tooManyRequests)
    #expect(error.retryAfter == .seconds(1))
    #expect(error.applied == .refused)
    world.time.pass(Span(milliseconds: 999))
    #expect(await said { try await loner.accept(id) } == Self.tooMany)
    world.time.pass(Span(milliseconds: 1))
    #expect(await said { try await loner.accept(id) } == missing)
    #expect(await said { try await loner.accept(id) } == Self.tooMany)
  }

  @Test("Buckets are of an account and an operation, and rows: another process shares them")
  func scopes() async throws {
    let world = try World(Store.Options(throttle: true))
    let id = Untrusted("h-00000000")
    for _ in 0..<2 { _ = await said { try await world.backend(Cast.loner).accept(id) } }
    let second = LocalBackend(
      store: try world.reopened(), account: try Fixture.account(Cast.loner), user: "x")
    #expect(await said { try await second.accept(id) } == Self.tooMany)
    #expect(await said { try await second.decline(id) } == "HandshakeNotFoundException")
    #expect(
      await said { try await world.backend(Cast.other).accept(id) }
        == "HandshakeNotFoundException")
  }

  @Test("The members of one organization share a bucket of five")
  func organization() async throws {
    let world = try World(Store.Options(throttle: true))
    let id = Untrusted("h-00000000")
    for member in [Cast.globex, Cast.globex, Cast.anna, Cast.anna, Cast.bert] {
      #expect(
        await said { try await world.backend(member).accept(id) } == "HandshakeNotFoundException")
    }
    #expect(await said { try await world.backend(Cast.bert).accept(id) } == Self.tooMany)
    world.time.pass(Span(milliseconds: 200))
    #expect(
      await said { try await world.backend(Cast.bert).accept(id) } == "HandshakeNotFoundException")
  }

  @Test("Reads are counted too")
  func reading() async throws {
    let world = try World(Store.Options(throttle: true))
    let loner = try world.backend(Cast.loner)
    for _ in 0..<8 {
      #expect(await said { try await loner.handshakes(Query(.received), page: nil) } == "ok")
    }
    #expect(await said { try await loner.handshakes(Query(.received), page: nil) } == Self.tooMany)
  }

  @Test("A clock that was set back gives no tokens, and takes none")
  func clockSetBack() async throws {
    let world = try World(Store.Options(throttle: true))
    let loner = try world.backend(Cast.loner)
    let id = Untrusted("h-00000000")
    _ = await said { try await loner.accept(id) }
    world.time.set(world.time.now() - .days(1))
    #expect(await said { try await loner.accept(id) } == "HandshakeNotFoundException")
    world.time.set(world.time.now() - .days(1))
    #expect(await said { try await loner.accept(id) } == Self.tooMany)
    world.time.pass(.seconds(1))
    #expect(await said { try await loner.accept(id) } == "HandshakeNotFoundException")
  }
}
