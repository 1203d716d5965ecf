import Model
import Review
import TestSupport
import Testing
import Text

@Suite("Trust")
struct TrustTests {
  @Test("An organization is trusted only with the management account that is written down")
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
