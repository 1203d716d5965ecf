import Model
import ReviewInbox
import TestSupport
import Testing
import Text

@Suite("The inbox over many accounts (UX-6, UX-10)")
struct InboxTests {
  static let denied = BackendError(
    .service(.accessDenied, reason: nil, message: Untrusted("no")),
    in: .listHandshakesForOrganization, applied: .refused, time: World.now)

  @Test("A source that failed is unknown, never empty")
  func failedSource() throws {
    var world = try World()
    let source = try World.source(World.acmeDev)
    let pass = world.inbox.begin(source)
    world.inbox.fail(pass, Self.denied, uptime: world.uptime)
    #expect(world.inbox.sources[source]?.status == .failed(Self.denied))
    #expect(world.inbox.sources[source]?.fresh == nil)
  }

  @Test("An account that cannot be identified makes its sources fail")
  func unidentified() throws {
    var inbox = Inbox(profiles: [
      Profile(account: try Fixture.account(World.acmeDev), name: Untrusted("a"))
    ])
    inbox.failedToIdentify(try Fixture.account(World.acmeDev), Self.denied, uptime: .zero)
    #expect(inbox.sourcesInOrder.map(\.status) == [.failed(Self.denied)])
    #expect(inbox.isSettled)
  }

  @Test(
    "A member that may not list its organization's sent handshakes is no failure; a management account is",
    arguments: [(false, SourceStatus.notOffered), (true, .failed(denied))])
  func notOffered(isManager: Bool, expected: SourceStatus) throws {
    var world = try World(
      [World.acmeDev], members: isManager ? [:] : [World.acmeDev: World.acme],
      managers: isManager ? [World.acmeDev: World.acme] : [:])
    let source = try World.source(World.acmeDev, .sent)
    let pass = world.inbox.begin(source)
    world.inbox.fail(pass, Self.denied, uptime: world.uptime)
    #expect(world.inbox.sources[source]?.status == expected)
  }

  @Test("A profile whose account becomes known late is found by its name in rows that were there")
  func lateName() throws {
    let manager = try Fixture.account(World.acmeManager)
    let (first, second) = (Untrusted("team-dev"), Untrusted("dev-readers"))
    var inbox = Inbox(
      profiles: [Profile(account: manager, name: Untrusted("mgmt"))], unresolved: [first, second])
    let pass = inbox.begin(SourceKey(manager, .sent))
    let page = Page(handshakes: [try World.invitation(1)], next: nil)
    _ = inbox.apply(Reply(page, at: World.now), of: pass, uptime: .zero)
    for name in [first, second] {
      inbox.setFilter(
        try RowFilter(String(decoding: name.bytes, as: UTF8.self)), in: .sent, at: World.now)
      #expect(inbox.listing(.sent).count == 0)
      _ = inbox.resolved(name, as: try Fixture.account(World.acmeDev))
      #expect(inbox.listing(.sent).count == 1)
    }
  }

  @Test("During the first listing rows are put in place; later ones wait behind the note")
  func queueing() throws {
    var world = try World([World.acmeDev])
    let source = try World.source(World.acmeDev)
    world.read(source, [try World.invitation(5), try World.invitation(2)])
    #expect(world.shown() == [World.id(2), World.id(5)])
    world.read(
      source, [try World.invitation(5), try World.invitation(1), try World.invitation(2)])
    #expect(world.shown() == [World.id(2), World.id(5)])
    #expect(world.inbox.waiting(in: .inbox) == 1)
    world.inbox.admit()
    #expect(world.shown() == [World.id(1), World.id(2), World.id(5)])
    #expect(world.inbox.waiting(in: .inbox) == 0)
  }

  @Test("Rows of a source that is still read for the first time are inserted, not queued")
  func streaming() throws {
    var world = try World()
    let late = world.inbox.begin(try World.source(World.sandbox))
    world.read(try World.source(World.acmeDev), [try World.invitation(5)])
    _ = world.inbox.apply(
      Reply(
        Page(handshakes: [try World.invitation(1, to: World.sandbox)], next: nil), at: World.now),
      of: late, uptime: world.uptime)
    #expect(world.shown() == [World.id(1), World.id(5)])
    #expect(world.inbox.isSettled)
  }

  @Test("A source that is added later, as after a login, is inserted; new rows of its refresh wait")
  func laterSource() throws {
    var world = try World()
    world.read(try World.source(World.acmeDev), [try World.invitation(5)])
    #expect(world.inbox.isSettled)
    let late = try World.source(World.sandbox)
    world.read(late, [try World.invitation(1, to: World.sandbox)])
    #expect(world.shown() == [World.id(1), World.id(5)])
    let more = [1, 2].map { try? World.invitation($0, to: World.sandbox) }.compactMap(\.self)
    world.read(late, more)
    #expect(world.shown() == [World.id(1), World.id(5)])
    #expect(world.inbox.waiting(in: .inbox) == 1)
  }

  @Test("A known row changes in place, and is removed when the operator asks for new rows")
  func changesInPlace() throws {
    var world = try World([World.acmeDev])
    let source = try World.source(World.acmeDev)
    let rows = try (1...3).map { try World.invitation($0) }
    world.read(source, rows)
    var accepted = rows[1]
    accepted.state = .accepted
    world.inbox.apply(
      Reply(accepted, at: World.now + .seconds(1)), seenBy: source, uptime: world.uptime)
    #expect(world.shown() == [World.id(1), World.id(2), World.id(3)])
    #expect(world.inbox.row(try Fixture.handshake(World.id(2)))?.handshake.state == .accepted)
    #expect(world.shown(.history) == [])
    world.inbox.admit()
    #expect(world.shown() == [World.id(1), World.id(3)])
    #expect(world.shown(.history) == [World.id(2)])
  }

  @Test("An earlier read does not overwrite a later one")
  func olderReading() throws {
    var world = try World([World.acmeDev])
    let source = try World.source(World.acmeDev)
    var declined = try World.invitation(1)
    declined.state = .declined
    world.read(source, [declined], at: World.now + .minutes(1))
    world.inbox.apply(
      Reply(try World.invitation(1), at: World.now), seenBy: source, uptime: world.uptime)
    #expect(world.inbox.row(try Fixture.handshake(World.id(1)))?.handshake.state == .declined)
  }

  @Test(
    "Handshakes that a member may not list count as not read, unless another account of its organization listed them"
  )
  func unlistable() throws {
    var world = try World(
      [World.acmeDev, World.acmeManager], members: [World.acmeDev: World.acme],
      managers: [World.acmeManager: World.acme])
    let member = try Fixture.account(World.acmeDev)
    let manager = try Fixture.account(World.acmeManager)
    world.inbox.fail(
      world.inbox.begin(SourceKey(member, .sent)), Self.denied, uptime: world.uptime)
    #expect(world.inbox.sources[SourceKey(member, .sent)]?.status == .notOffered)
    #expect(world.inbox.unlistable() == [member])
    world.read(SourceKey(manager, .sent), [])
    #expect(world.inbox.unlistable() == [])
    #expect(world.inbox.unlistable(in: member) == [member])
  }

  @Test("A reply to an earlier pass is dropped")
  func stalePass() throws {
    var world = try World([World.acmeDev])
    let source = try World.source(World.acmeDev)
    let old = world.inbox.begin(source)
    let new = world.inbox.begin(source)
    let page = Page(handshakes: [try World.invitation(1)], next: nil)
    _ = world.inbox.apply(Reply(page, at: World.now), of: old, uptime: world.uptime)
    world.inbox.fail(old, Self.denied, uptime: world.uptime)
    #expect(world.shown() == [])
    #expect(world.inbox.sources[source]?.status == .reading(pages: 0))
    _ = world.inbox.apply(Reply(page, at: World.now), of: new, uptime: world.uptime)
    #expect(world.shown() == [World.id(1)])
  }

  @Test("An empty page with a token is continued; the same token twice ends in failure")
  func tokens() throws {
    var world = try World([World.acmeDev])
    let source = try World.source(World.acmeDev)
    let pass = world.inbox.begin(source)
    let token = PageToken(Untrusted("t"))
    let empty = Reply(Page(handshakes: [], next: token), at: World.now)
    #expect(world.inbox.apply(empty, of: pass, uptime: world.uptime) == token)
    #expect(world.inbox.sources[source]?.status == .reading(pages: 1))
    #expect(world.inbox.apply(empty, of: pass, uptime: world.uptime) == nil)
    guard case .failed = world.inbox.sources[source]?.status else {
      Issue.record("still reading")
      return
    }
  }

  @Test("Pages in a loop end in failure at the first repeated one")
  func circle() throws {
    var world = try World([World.acmeDev])
    let source = try World.source(World.acmeDev)
    let pass = world.inbox.begin(source)
    let page = { Reply(Page(handshakes: [], next: PageToken(Untrusted($0))), at: World.now) }
    for name in ["a", "b", "c"] {
      #expect(world.inbox.apply(page(name), of: pass, uptime: world.uptime) != nil)
    }
    #expect(world.inbox.apply(page("a"), of: pass, uptime: world.uptime) == nil)
    guard case .failed = world.inbox.sources[source]?.status else {
      Issue.record("still reading")
      return
    }
    // The next pass may use all the tokens again.
    let again = world.inbox.begin(source)
    #expect(world.inbox.apply(page("a"), of: again, uptime: world.uptime) != nil)
  }

  @Test("Endless pages without a record fail too")
  func endless() throws {
    var world = try World([World.acmeDev])
    let source = try World.source(World.acmeDev)
    let pass = world.inbox.begin(source)
    var pages = 0
    while pages < 5_000 {
      let page = Page(handshakes: [], next: PageToken(Untrusted("\(pages)")))
      guard world.inbox.apply(Reply(page, at: World.now), of: pass, uptime: world.uptime) != nil
      else { break }
      pages += 1
    }
    #expect(pages == 1_000)
    guard case .failed = world.inbox.sources[source]?.status else {
      Issue.record("still reading")
      return
    }
  }

  @Test("A handshake that both sides see is one row with two sources")
  func bothSides() throws {
    var world = try World(
      [World.acmeDev, World.acmeManager], managers: [World.acmeManager: World.acme])
    let sent = try World.source(World.acmeManager, .sent)
    let received = try World.source(World.acmeDev)
    world.read(sent, [try World.invitation(1)])
    #expect(world.shown() == [])
    world.read(received, [try World.invitation(1)])
    #expect(world.shown(.sent) == [World.id(1)])
    let row = try #require(world.inbox.row(try Fixture.handshake(World.id(1))))
    #expect(row.sources == [sent, received])
    world.inbox.admit()
    #expect(world.shown() == [World.id(1)])
  }

  @Test("A handshake that a source does not list any more is removed with the next new rows")
  func vanished() throws {
    var world = try World([World.acmeDev])
    let source = try World.source(World.acmeDev)
    world.read(source, [try World.invitation(1), try World.invitation(2)])
    world.read(source, [try World.invitation(2)])
    #expect(world.shown() == [World.id(1), World.id(2)])
    world.inbox.admit()
    #expect(world.shown() == [World.id(2)])
  }

  @Test("Damaged records keep separate rows: without an id, equal, and with a shared id")
  func damaged() throws {
    var world = try World([World.acmeDev])
    var nameless = try World.invitation(1)
    nameless.id = nil
    nameless.damage = [Damage(.malformed, at: "Id")]
    var twin = try World.invitation(2)
    twin.damage = [Damage(.duplicateID, at: "Id")]
    var otherTwin = twin
    otherTwin.expires = World.now
    world.read(
      try World.source(World.acmeDev),
      [nameless, nameless, twin, otherTwin, try World.invitation(3)])
    #expect(world.inbox.listing(.inbox).count == 5)
    let keys = world.inbox.keys(0..<5, in: .inbox)
    #expect(Set(keys).count == 5)
    #expect(keys.filter { $0.id == nil }.count == 4)
    world.read(try World.source(World.acmeDev), [nameless, nameless, twin, otherTwin])
    #expect(world.inbox.waiting(in: .inbox) == 0)
  }

  @Test("Now is the service's time, advanced by the monotonic clock")
  func now() throws {
    let world = try World([World.acmeDev])
    #expect(world.inbox.now(at: world.uptime) == World.now)
    let later = Span(milliseconds: world.uptime.milliseconds + 90_000)
    #expect(world.inbox.now(at: later) == World.now + .seconds(90))
  }

  @Test("The open invitations for one account are counted as they are added and removed")
  func duplicates() throws {
    var world = try World([World.acmeDev])
    let account = try Fixture.account(World.acmeDev)
    let source = try World.source(World.acmeDev)
    world.read(source, try (1...3).map { try World.invitation($0) })
    #expect(world.inbox.openInvitations(for: account) == 3)
    var declined = try World.invitation(2)
    declined.state = .declined
    world.inbox.apply(
      Reply(declined, at: World.now + .seconds(1)), seenBy: source, uptime: world.uptime)
    #expect(world.inbox.openInvitations(for: account) == 2)
  }

  @Test("A parent is in the inbox once it can be finalised, and among the sent before")
  func parents() throws {
    var world = try World([World.acmeManager], managers: [World.acmeManager: World.acme])
    world.read(
      try World.source(World.acmeManager, .sent),
      [
        try World.invitation(1).asFinalisation(.requested),
        try World.invitation(2).asFinalisation(.open), try World.invitation(3),
      ])
    #expect(world.shown() == [World.id(2)])
    #expect(world.shown(.sent) == [World.id(1), World.id(2), World.id(3)])
  }

  @Test("A view as one account shows what that account sees")
  func scope() throws {
    var world = try World()
    world.read(try World.source(World.acmeDev), [try World.invitation(1), try World.invitation(2)])
    world.read(try World.source(World.sandbox), [try World.invitation(3, to: World.sandbox)])
    world.inbox.admit()
    world.inbox.setScope(try Fixture.account(World.sandbox), at: World.now)
    #expect(world.shown() == [World.id(3)])
    world.inbox.setScope(try Fixture.account(World.acmeDev), at: World.now)
    #expect(world.shown() == [World.id(1), World.id(2)])
    world.inbox.setScope(nil, at: World.now)
    #expect(world.shown().count == 3)
  }

  @Test("marked rows that a filter hides are counted")
  func hiddenMarks() throws {
    var world = try World([World.acmeDev])
    world.read(try World.source(World.acmeDev), try (1...4).map { try World.invitation($0) })
    let keys = world.inbox.keys(0..<4, in: .inbox)
    let marked: Set = [keys[3], keys[1]]
    #expect(world.inbox.hidden(of: marked, in: .inbox) == 0)
    world.inbox.setFilter(try RowFilter(World.id(4)), in: .inbox, at: World.now)
    #expect(world.inbox.hidden(of: marked, in: .inbox) == 1)
  }
}
