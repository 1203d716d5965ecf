import Model
import ReviewAnswering
import ReviewInbox
import TestSupport
import Testing
import Text

@Suite("Scope of the account viewed")
struct ScopeTests {
  /// The manager sent two invitations: to one of the operator's accounts, and to another account.
  private func world() throws -> World {
    var world = try World(
      [World.acmeDev, World.sandbox, World.acmeManager], managers: [World.acmeManager: World.acme])
    let own = try World.invitation(1)
    world.read(try World.source(World.acmeDev), [own])
    world.read(try World.source(World.sandbox), [])
    world.read(try World.source(World.acmeManager), [])
    world.read(
      try World.source(World.acmeManager, .sent),
      [own, try World.invitation(2, to: "555566667777")])
    return world
  }

  @Test("Sent shows what the account's organization sent, and not what the account received")
  func sides() throws {
    var world = try world()
    let table: [(String?, inbox: [Int], sent: [Int])] = [
      (nil, [1], [1, 2]), (World.acmeDev, [1], []), (World.sandbox, [], []),
      (World.acmeManager, [], [1, 2]),
    ]
    for (account, inbox, sent) in table {
      world.inbox.setScope(try account.map { try Fixture.account($0) }, at: World.now)
      #expect(world.shown(.inbox) == inbox.map { World.id($0) }, "\(account ?? "all")")
      #expect(world.shown(.sent) == sent.map { World.id($0) }, "\(account ?? "all")")
    }
  }

  @Test("requests to a management account are not sent by it, though its organization lists them")
  func transferInTheOrganizationsListing() throws {
    var world = try World([World.acmeManager], managers: [World.acmeManager: World.acme])
    let asked = try World.invitation(3, to: World.acmeManager) {
      $0.organization = World.globex
      $0.sender = World.globexManager
    }.asTransfer()
    world.read(try World.source(World.acmeManager, .sent), [asked])
    #expect(world.shown(.inbox) == [World.id(3)])
    #expect(world.shown(.sent) == [])
  }

  @Test("the total is that of the scope, and follows the reads; all counts every account's")
  func totals() throws {
    var world = try world()
    let dev = try Fixture.account(World.acmeDev)
    let sandbox = try Fixture.account(World.sandbox)
    func totals(_ selection: RowSelection) -> [Int] {
      let listing = world.inbox.listing(selection)
      return [listing.count, listing.total, listing.all]
    }
    #expect(totals(.sent) == [2, 2, 2])
    world.inbox.setScope(sandbox, at: World.now)
    #expect(totals(.inbox) == [0, 0, 1])
    #expect(totals(.sent) == [0, 0, 2])
    world.inbox.setScope(dev, at: World.now)
    #expect(totals(.inbox) == [1, 1, 1])
    world.read(
      try World.source(World.acmeDev), [try World.invitation(1), try World.invitation(4)])
    world.inbox.admit()
    #expect(totals(.inbox) == [2, 2, 2])
    world.read(try World.source(World.acmeDev), [try World.invitation(4)])
    world.inbox.admit()
    #expect(totals(.inbox) == [1, 1, 1])
    world.inbox.setFilter(try RowFilter("state:accepted"), in: .inbox, at: World.now)
    #expect(totals(.inbox) == [0, 1, 1])
    world.inbox.setScope(nil, at: World.now)
    #expect(totals(.inbox) == [0, 1, 1])
  }

  @Test("the open handshakes of an account include every kind that it received")
  func openCounts() throws {
    var world = try World(
      [World.acmeDev, World.acmeManager], managers: [World.acmeManager: World.acme])
    let dev = try Fixture.account(World.acmeDev)
    let manager = try Fixture.account(World.acmeManager)
    let billing = try World.invitation(3, to: World.acmeManager) {
      $0.organization = World.globex
      $0.sender = World.globexManager
    }.asTransfer()
    let parent = try World.invitation(5, to: World.acmeManager).asFinalisation(.open)
    world.read(
      try World.source(World.acmeDev),
      [try World.invitation(1), try World.invitation(2).asConsent(of: "55")])
    world.read(try World.source(World.acmeManager), [billing])
    world.read(
      try World.source(World.acmeManager, .sent), [billing, parent, try World.invitation(1)])
    #expect(world.inbox.openCount(for: dev) == 2)
    #expect(world.inbox.openCount(for: manager) == 2)
    world.read(try World.source(World.acmeManager), [])
    #expect(world.inbox.openCount(for: manager) == 2)
    world.read(try World.source(World.acmeManager, .sent), [])
    #expect(world.inbox.openCount(for: manager) == 0)
    #expect(world.inbox.openCount(for: dev) == 2)
  }

  @Test("records that differ only in the order of their parties are equal")
  func partyOrder() throws {
    let one = try World.invitation(1)
    var other = one
    other.parties.reverse()
    #expect(one == other)
    #expect(Set([one, other]).count == 1)
    var world = try World([World.acmeDev])
    // Twice in one listing: the row is not damaged by it.
    world.read(try World.source(World.acmeDev), [one, other])
    #expect(world.shown() == [World.id(1)])
    #expect(world.inbox.row(0, in: .inbox)?.handshake.damage.isEmpty == true)
    var changed = other
    changed.parties[0].id = Untrusted("someone else")
    #expect(one != changed)
    changed.parties = one.parties + [one.parties[0]]
    #expect(one != changed)
  }

  @Test("other invitations are not mentioned until all that an account received was read")
  func otherInvitationsUnknown() throws {
    var world = try World([World.acmeDev])
    let dev = try Fixture.account(World.acmeDev)
    let source = try World.source(World.acmeDev)
    let pass = world.inbox.begin(source)
    let page = Page(handshakes: [try World.invitation(1)], next: PageToken(Untrusted("more")))
    _ = world.inbox.apply(Reply(page, at: World.now), of: pass, uptime: world.uptime)
    func facts() throws -> [Check] {
      let row = try #require(world.inbox.row(0, in: .inbox))
      return Check.all(.accept, to: row, in: world.inbox, with: Plan(), at: World.now)
    }
    #expect(try facts().contains(Check(.invitationsUnknown(dev), .attention)))
    world.read(source, [try World.invitation(1)])
    #expect(try facts().contains(Check(.openInvitations(dev, 1), .passed)))
  }

  @Test("the sender's trust is checked for an accept only")
  func trustOfDecline() throws {
    var world = try World([World.acmeDev])
    world.read(try World.source(World.acmeDev), [try World.invitation(1)])
    let row = try #require(world.inbox.row(0, in: .inbox))
    for answer in Answer.allCases {
      let checks = Check.all(answer, to: row, in: world.inbox, with: Plan(), at: World.now)
      let isChecked = checks.contains { if case .trust = $0.fact { true } else { false } }
      #expect(isChecked == (answer == .accept))
    }
  }
}
