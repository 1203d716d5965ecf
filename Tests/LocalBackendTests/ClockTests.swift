import Model
import TestSupport
import Testing
import Text

@testable import LocalBackend

@Suite("Time in the store (DOM-5)")
struct ClockTests {
  @Test("An invitation is OPEN to the last millisecond of its 15 days, and then EXPIRED")
  func expiry() async throws {
    let world = try World()
    let id = try await world.invite(Cast.loner, from: Cast.acme)
    world.time.pass(.days(15) - Span(milliseconds: 1))
    #expect(try await world.describe(id, as: Cast.loner).state == .open)
    world.time.pass(Span(milliseconds: 1))
    #expect(try await world.describe(id, as: Cast.loner).state == .expired)
    #expect(try world.count("SELECT count(*) FROM handshakes WHERE state = 'EXPIRED'") == 0)
  }

  @Test("The next write records the expiry, with the instant at which it happened")
  func settled() async throws {
    let world = try World()
    _ = try await world.invite(Cast.loner, from: Cast.acme)
    world.time.pass(.days(20))
    _ = try await world.invite(Cast.loner, from: Cast.acme)
    #expect(
      try world.count(
        "SELECT count(*) FROM handshakes WHERE state = 'EXPIRED' AND ended = expires") == 1)
  }

  @Test(
    "An ended handshake is shown for 30 days and then removed",
    arguments: [Answer.accept, .decline, .cancel])
  func forgetting(_ answer: Answer) async throws {
    let world = try World()
    let id = try await world.invite(Cast.loner, from: Cast.acme)
    _ = try await world.backend(answer == .cancel ? Cast.acme : Cast.loner).send(answer, id)
    world.time.pass(.days(30) - Span(milliseconds: 1))
    #expect(try await world.describe(id, as: Cast.acme).state == answer.target)
    world.time.pass(Span(milliseconds: 1))
    #expect(
      await said { try await world.describe(id, as: Cast.acme) } == "HandshakeNotFoundException")
    let sent = try await world.backend(Cast.acme).handshakes(Query(.sent), page: nil).value
    #expect(sent.handshakes.isEmpty)
    try await world.store.advance(.zero)
    #expect(try world.count("SELECT count(*) FROM handshakes") == 0)
  }

  @Test("An expired one is removed 30 days after it expired, not after it was noticed")
  func forgettingExpired() async throws {
    let world = try World()
    let id = try await world.invite(Cast.loner, from: Cast.acme)
    world.time.pass(.days(45) - Span(milliseconds: 1))
    #expect(try await world.describe(id, as: Cast.loner).state == .expired)
    world.time.pass(Span(milliseconds: 1))
    #expect(
      await said { try await world.describe(id, as: Cast.loner) } == "HandshakeNotFoundException")
  }

  @Test(
    "Advancing moves the clock of every user of the file, and is distinguished from the wall clock")
  func advancing() async throws {
    let world = try World()
    let id = try await world.invite(Cast.loner, from: Cast.acme)
    let clock = try await world.store.advance(.days(16))
    #expect(clock.advanced == .days(16))
    #expect(clock.now == world.time.now() + .days(16))
    let second = try world.reopened()
    #expect(try await second.clock() == clock)
    let reply = try await LocalBackend(
      store: second, account: try Fixture.account(Cast.loner), user: "x"
    ).handshakes(Query(.received), page: nil)
    #expect(reply.time == clock.now)
    #expect(reply.value.handshakes.map(\.state) == [.expired])
    #expect(reply.value.handshakes.map(\.idText) == [id])
    #expect(try await world.store.advance(.hours(1)).advanced == .days(16) + .hours(1))
  }

  @Test("The clock never goes back, and never out of the calendar")
  func bounds() async throws {
    let world = try World()
    #expect(try await world.store.advance(.days(-3)).advanced == .zero)
    let far = try await world.store.advance(Span(milliseconds: .max))
    #expect(Timestamp.representable.contains(far.now))
  }
}

extension Span {
  fileprivate static func - (left: Span, right: Span) -> Span {
    Span(milliseconds: left.milliseconds - right.milliseconds)
  }
  fileprivate static func + (left: Span, right: Span) -> Span {
    Span(milliseconds: left.milliseconds + right.milliseconds)
  }
}
