import HandshakeUI
import Model
import ReviewInbox
import Synchronization
import TestSupport
import Testing
import Text

/// The confirmed plan is the reviewed one, and was on the screen.
@Suite("The reviewed plan (UX-14.6, UX-14.8)") struct ReviewedTests {
  /// Stages acme-prod's invitation by an unknown organization and enters its id.
  private static let stated = "aC<Wait:1s><PgDn><PgDn><PgDn><Tab>CHG-1<Enter>o-zz9y8x7w6v<Enter>"

  @Test("the payer is on the screen before an accept of an unknown organization can be typed")
  func toldAfterStating() async throws {
    var stage = try await Stage.open()
    try await stage.press(Self.stated)
    #expect(stage.shows("o-zz9y8x7w6v, management account 888800002222"))
    try await stage.press("kq<Enter><Wait:6s>")
    #expect(stage.world.answers == 0)
    try await stage.press("<PgDn><PgDn><PgDn>kq<Enter><Wait:6s>")
    #expect(stage.world.answers == 1)
  }

  @Test(
    "an organization that another session removes from the trust list is not accepted as trusted")
  func trustIsReadAgain() async throws {
    var stage = try await Stage.open(columns: 120, rows: 40)
    try await stage.press("ja")
    stage.world.change { $0.trust = TrustList() }
    try await stage.press("C<Wait:1s>")
    #expect(stage.shows("the trust list changed"))
    try await stage.press("<Tab>CHG-1<Enter>accept 1 kq<Enter><Wait:6s>")
    #expect(stage.world.answers == 0)
    try await stage.press("<Esc><Esc>C<Wait:1s>")
    #expect(stage.shows("Which organization do you expect?"))
  }

  @Test("the same while it is armed: the grace ends without sending")
  func trustIsReadAtLast() async throws {
    var stage = try await Stage.open(columns: 120, rows: 40)
    try await stage.press("jaC<Wait:1s><Tab>CHG-1<Enter>accept 1 kq")
    stage.world.change { $0.trust = TrustList() }
    try await stage.press("<Enter><Wait:6s>")
    #expect(stage.world.answers == 0)
    #expect(stage.shows("the trust list changed"))
  }

  @Test("an account that was reviewed as in no organization is not sent as a member of one")
  func identityIsTheReviewed() async throws {
    let world = try World.mockup()
    let account = try Fixture.account("111122223333")
    var stage = try await Stage.open(world, columns: 120, rows: 40)
    let member = try #require(world.content.withLock { $0.identities[account] })
    try await stage.press("a")
    // Between staging and review it is in none; at sending it is a member again.
    var alone = member
    alone.membership = .standalone
    world.change { $0.identities[account] = alone }
    try await stage.press("RC<Wait:1s><PgDn><PgDn><Tab>CHG-1<Enter>o-zz9y8x7w6v<Enter><PgDn>")
    world.change { $0.identities[account] = member }
    try await stage.press("kq<Enter><Wait:6s>")
    #expect(stage.world.answers == 0)
  }
}
