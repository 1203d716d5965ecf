import Model
import TestSupport
import Testing
import Text

@testable import ReviewInbox

@Suite("Trust (DOM-13)")
struct TrustTests {
  @Test("An organization is trusted only with the management account in its entry")
  func pairs() throws {
    let list = try World.trusting()
    let nobody: [Identity] = []
    #expect(list.trust(in: try World.invitation(1), for: nobody) == .ok)
    let impostor = try World.invitation(1) { $0.sender = World.globexManager }
    #expect(list.trust(in: impostor, for: nobody) == .new)
    let other = try World.invitation(1) { $0.organization = World.globex }
    #expect(list.trust(in: other, for: nobody) == .new)
    var noARN = try World.invitation(1)
    noARN.arn = nil
    #expect(list.trust(in: noARN, for: nobody) == .new)
  }

  @Test("An account's own organization is its own, the sender's own is not the recipient's")
  func own() throws {
    let handshake = try World.invitation(1)
    var members = try World([World.acmeDev], members: [World.acmeDev: World.acme])
    members.read(try World.source(World.acmeDev), [handshake])
    let id = try Fixture.handshake(World.id(1))
    #expect(members.inbox.trust(of: try #require(members.inbox.row(id))) == .own)

    var both = try World(
      [World.acmeDev, World.acmeManager], managers: [World.acmeManager: World.acme])
    both.read(try World.source(World.acmeManager, .sent), [handshake])
    both.read(try World.source(World.acmeDev), [handshake])
    #expect(both.inbox.trust(of: try #require(both.inbox.row(id))) == .new)

    var sender = try World([World.acmeManager], managers: [World.acmeManager: World.acme])
    sender.read(try World.source(World.acmeManager, .sent), [handshake])
    #expect(sender.inbox.trust(of: try #require(sender.inbox.row(id))) == .own)
  }

  private static func fake(
    _ number: Int, _ name: String, state: HandshakeState = .open
  ) throws -> Handshake {
    try World.invitation(number) {
      $0.organization = World.globex
      $0.sender = World.globexManager
      $0.name = name
      $0.state = state
    }
  }

  @Test(
    "A sender is compared with every name that a trusted pair was seen with, in any order of reading"
  )
  func seenNames() throws {
    let fake = try Self.fake(1, "Tidewater Group")
    let real = try World.invitation(2) { $0.name = "Tidewater Group" }
    let impostor = try World.invitation(3) {
      $0.sender = World.globexManager
      $0.name = "Tidewater Group"
    }
    let source = try World.source(World.acmeDev)
    for order in [[fake, real, impostor], [impostor, fake, real], [real, impostor, fake]] {
      var world = try World(trust: try World.trusting())
      world.read(source, order)
      let list = world.inbox.trustList
      #expect(list.hasLookAlike(fake))
      #expect(list.hasLookAlike(impostor))
      #expect(!list.hasLookAlike(real))
      #expect(list.marks(of: fake) == [.looksLike(Untrusted("Tidewater Group"))])
      // Names that were seen are not part of the list.
      #expect(list == (try World.trusting()))
      #expect(list.sorted.count == 1)
      // A list that is read again is compared with the names read before.
      world.inbox.setTrust(TrustList())
      #expect(!world.inbox.trustList.hasLookAlike(fake))
      world.inbox.setTrust(try World.trusting())
      #expect(world.inbox.trustList.hasLookAlike(fake))
    }
    // Only a trusted pair adds names.
    var world = try World(trust: try World.trusting())
    world.read(source, [fake, impostor])
    #expect(!world.inbox.trustList.hasLookAlike(fake))
  }

  @Test("A sender is compared with the names of accepted handshakes, trusted or not")
  func acceptedNames() throws {
    let accepted = try World.invitation(1) {
      $0.name = "Tidewater Group"
      $0.state = .accepted
    }
    let fake = try Self.fake(2, "Tidewater Groüp")
    var world = try World()
    world.read(try World.source(World.acmeDev), [fake, accepted])
    #expect(world.inbox.trustList.hasLookAlike(fake))
    #expect(!world.inbox.trustList.hasLookAlike(accepted))
    var declined = try World()
    declined.read(
      try World.source(World.acmeDev),
      [fake, try World.invitation(1) { $0.name = "Tidewater Group" }])
    #expect(!declined.inbox.trustList.hasLookAlike(fake))
  }

  @Test(
    "Names of one organization are limited, and which ones are kept does not depend on the order")
  func bounded() throws {
    let owner = KnownNames.Owner(
      organization: try Fixture.organization(World.acme),
      account: try Fixture.account(World.acmeManager))
    let names = (0..<100).map { Untrusted("Name \($0) of many") }
    var one = KnownNames()
    var other = KnownNames()
    for name in names { one.add(name, of: owner) }
    for name in names.reversed() { other.add(name, of: owner) }
    var kept = 0
    for name in names {
      let shape = NameShape(name)
      #expect(
        one.match(shape, besides: nil)?.name == other.match(shape, besides: nil)?.name)
      if one.match(shape, besides: nil)?.name == name { kept += 1 }
      #expect(one.match(shape, besides: owner) == nil)
    }
    #expect((1...KnownNames.namesKept).contains(kept))
  }

  @Test("A contradictory record belongs to no organization, whatever its ARN names")
  func ambiguous() throws {
    let list = try World.trusting()
    let nobody: [Identity] = []
    for fault in Damage.Fault.allCases {
      var handshake = try World.invitation(1)
      handshake.damage = [Damage(fault, at: "Arn")]
      #expect(list.trust(in: handshake, for: nobody) == (fault.isAmbiguous ? .new : .ok))
      #expect(list.hasLookAlike(handshake) == fault.isAmbiguous)
    }
  }

  @Test("Entries are added, replaced and removed by organization, and written in order")
  func list() throws {
    var list = try World.trusting()
    let entry = TrustedOrganization(
      organization: try Fixture.organization("o-0000000000"),
      managementAccount: try Fixture.account(World.globexManager), name: Untrusted(""),
      addedAt: World.now, addedBy: Untrusted("ops"))
    #expect(list.add(entry) == nil)
    #expect(list.sorted.map(\.organization.text) == ["o-0000000000", World.acme])
    #expect(list.add(entry) == entry)
    #expect(list.name(of: entry.organization, managedBy: entry.managementAccount) == nil)
    #expect(
      list.name(of: try Fixture.organization(World.acme), managedBy: entry.managementAccount)
        == nil)
    #expect(list.remove(entry.organization) == entry)
    #expect(list.remove(entry.organization) == nil)
    #expect(list.sorted.count == 1)
  }
}
