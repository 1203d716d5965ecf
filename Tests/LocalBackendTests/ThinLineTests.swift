import Model
import TestSupport
import Testing
import Text

@testable import LocalBackend

@Suite("An invitation from sending to joining")
struct ThinLineTests {
  @Test("It is OPEN from birth, both sides see it, and accepting moves the account in")
  func invitation() async throws {
    let world = try World()
    let id = try await world.invite(Cast.loner, from: Cast.acme, notes: "welcome")
    let received = try await world.backend(Cast.loner).handshakes(Query(.received), page: nil).value
    #expect(received.handshakes.map(\.idText) == [id])
    let sent = try await world.backend(Cast.acme).handshakes(Query(.sent), page: nil).value
    #expect(sent.handshakes.map(\.idText) == [id])
    let shown = try await world.describe(id, as: Cast.loner)
    #expect(shown.state == .open)
    #expect(shown.shape == .invitation)
    #expect(shown.expires == shown.requested.map { $0 + .days(15) })

    let accepted = try await world.backend(Cast.loner).accept(id)
    #expect(accepted.value.state == .accepted)
    #expect(accepted.time == world.time.now())
    #expect(try world.organization(of: Cast.loner) == Cast.acmes)
    let identity = try await world.backend(Cast.loner).identity().value
    #expect(identity.role == .member)
    #expect(
      identity.caller == Untrusted("arn:aws:sts::333333333331:assumed-role/Operator/tester"))
  }
}
