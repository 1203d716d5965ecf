import Model
import ReviewInbox
import TestSupport
import Testing
import Text

@Suite("Who may answer, by the parties (DOM-4)")
struct StandingTests {
  private func standing(
    _ answer: Answer, _ handshake: Handshake, in world: World, _ id: Int = 1
  ) throws -> Standing {
    let row = try #require(world.inbox.row(try Fixture.handshake(World.id(id))))
    return world.inbox.standing(answer, of: row, at: World.now)
  }

  @Test("The recipient accepts and declines, the sender cancels, each as itself")
  func sides() throws {
    var world = try World(
      [World.acmeDev, World.acmeManager], managers: [World.acmeManager: World.acme])
    let handshake = try World.invitation(1)
    world.read(try World.source(World.acmeManager, .sent), [handshake])
    let recipient = try Fixture.account(World.acmeDev)
    let sender = try Fixture.account(World.acmeManager)
    #expect(try standing(.accept, handshake, in: world) == .open(as: recipient))
    #expect(try standing(.decline, handshake, in: world) == .open(as: recipient))
    #expect(try standing(.cancel, handshake, in: world) == .open(as: sender))
  }

  @Test("In one account's view the other side's answers are unavailable, with the reason")
  func oneAccount() throws {
    var world = try World([World.acmeDev])
    let handshake = try World.invitation(1)
    world.read(try World.source(World.acmeDev), [handshake])
    #expect(
      try standing(.cancel, handshake, in: world)
        == .closed(.onlySender(try Fixture.account(World.acmeManager))))
    var senders = try World([World.acmeManager], managers: [World.acmeManager: World.acme])
    senders.read(try World.source(World.acmeManager, .sent), [handshake])
    #expect(
      try standing(.accept, handshake, in: senders)
        == .closed(.onlyRecipient(try Fixture.account(World.acmeDev))))
  }

  @Test("An invitation to an address is answered by the account that received it")
  func email() throws {
    var world = try World()
    let handshake = try World.invitation(1).toEmail("ops@example.com")
    world.read(try World.source(World.sandbox), [handshake])
    #expect(
      try standing(.accept, handshake, in: world)
        == .open(as: try Fixture.account(World.sandbox)))
  }

  @Test("A parent is finalised by its own management account")
  func finalise() throws {
    var world = try World([World.acmeManager], managers: [World.acmeManager: World.acme])
    let handshake = try World.invitation(1).asFinalisation(.open)
    world.read(try World.source(World.acmeManager, .sent), [handshake])
    let manager = try Fixture.account(World.acmeManager)
    #expect(try standing(.accept, handshake, in: world) == .open(as: manager))
    #expect(try standing(.cancel, handshake, in: world) == .open(as: manager))
    #expect(try standing(.decline, handshake, in: world) == .closed(.nothingToDecline))
  }

  @Test(
    "An unidentified account answers nothing; a settled row says that it is settled all the same")
  func unidentified() throws {
    let account = try Fixture.account(World.acmeDev)
    var world = try World([])
    world.inbox = Inbox(profiles: [Profile(account: account, name: Untrusted("a"))])
    var settled = try World.invitation(2)
    settled.state = .canceled
    world.read(try World.source(World.acmeDev), [try World.invitation(1), settled])
    #expect(try standing(.accept, settled, in: world) == .unidentified(account))
    #expect(try standing(.accept, settled, in: world, 2) == .closed(.settled(.canceled)))
  }

  @Test("A damaged row cannot be answered")
  func damaged() throws {
    var world = try World([World.acmeDev])
    var handshake = try World.invitation(1)
    handshake.damage = [Damage(.malformed, at: "ExpirationTimestamp")]
    world.read(try World.source(World.acmeDev), [handshake])
    for answer in Answer.allCases {
      #expect(try standing(answer, handshake, in: world) == .closed(.damaged))
    }
  }
}
