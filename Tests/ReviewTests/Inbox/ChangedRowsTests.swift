import Model
import ReviewInbox
import TestSupport
import Testing
import Text

@Suite("Rows that are not any more what they were") struct ChangedRowsTests {
  @Test("A service's clock that was ahead once does not keep a row as it was")
  func clockAhead() throws {
    var world = try World([World.acmeDev])
    let source = try World.source(World.acmeDev)
    world.read(source, [try World.invitation(1)], at: World.now + .minutes(10))
    var canceled = try World.invitation(1)
    canceled.state = .canceled
    world.uptime = world.uptime + .seconds(5)
    world.read(source, [], at: World.now)
    world.uptime = world.uptime + .seconds(5)
    world.read(source, [canceled], at: World.now)
    let id = try Fixture.handshake(World.id(1))
    #expect(world.inbox.row(id)?.handshake.state == .canceled)
    world.read(source, [try World.invitation(1)], at: World.now + .minutes(10))
    world.inbox.apply(
      Reply(canceled, at: World.now), seenBy: source, uptime: world.uptime + .minutes(2))
    #expect(world.inbox.row(id)?.handshake.state == .canceled)
  }

  @Test("A row that no listing contains any more cannot be answered, though it is still shown")
  func vanished() throws {
    var world = try World([World.acmeDev])
    let source = try World.source(World.acmeDev)
    world.read(source, [try World.invitation(1), try World.invitation(2)])
    world.read(source, [try World.invitation(2)])
    let row = try #require(world.inbox.row(try Fixture.handshake(World.id(1))))
    #expect(world.shown().contains(World.id(1)))
    #expect(row.isGone)
    for answer in [Answer.accept, .decline, .cancel] {
      #expect(world.inbox.standing(answer, of: row, at: World.now) == .closed(.notListed))
    }
    world.read(source, [try World.invitation(1), try World.invitation(2)])
    let back = try #require(world.inbox.row(try Fixture.handshake(World.id(1))))
    #expect(!back.isGone)
  }

  @Test("One id twice on two pages of a listing: both rows are shown, and neither can be answered")
  func sharedAcrossPages() throws {
    var world = try World([World.acmeDev])
    let source = try World.source(World.acmeDev)
    let other = try World.invitation(1) { $0.name = "Other" }
    let pass = world.inbox.begin(source)
    for (handshake, next) in [(try World.invitation(1), "t"), (other, nil)] {
      let token = next.map { PageToken(Untrusted($0)) }
      _ = world.inbox.apply(
        Reply(Page(handshakes: [handshake], next: token), at: World.now), of: pass,
        uptime: world.uptime)
    }
    #expect(world.inbox.listing(.inbox).count == 2)
    for position in 0..<2 {
      let row = try #require(world.inbox.row(position, in: .inbox))
      #expect(row.handshake.damage.map(\.fault) == [.duplicateID])
      #expect(world.inbox.standing(.accept, of: row, at: World.now) == .closed(.damaged))
    }
    world.read(source, [other])
    let row = try #require(world.inbox.row(try Fixture.handshake(World.id(1))))
    #expect(row.handshake == other)
  }

  @Test(
    "One id twice in a listing is detected also when the row was read individually meanwhile",
    arguments: [0, 1, 2])
  func sharedAndDescribed(singleAt: Int) throws {
    let source = try World.source(World.acmeDev)
    let first = try World.invitation(1)
    let other = try World.invitation(1) { $0.name = "Other" }
    for (second, isShared) in [(other, true), (first, false)] {
      var world = try World([World.acmeDev])
      let pass = world.inbox.begin(source)
      for (index, handshake) in [first, second].enumerated() {
        if index == singleAt || singleAt == 2 {
          // It changed between the listing and the read.
          var changed = first
          changed.requested = World.now - .hours(singleAt == 2 ? Int64(index + 1) : 9)
          world.inbox.apply(
            Reply(changed, at: World.now + .minutes(1)), seenBy: source, uptime: world.uptime)
        }
        _ = world.inbox.apply(
          Reply(
            Page(
              handshakes: [handshake],
              next: index == 0 ? PageToken(Untrusted("t\(isShared)")) : nil), at: World.now),
          of: pass, uptime: world.uptime)
      }
      let rows = (0..<world.inbox.listing(.inbox).count).compactMap {
        world.inbox.row($0, in: .inbox)
      }
      let isDamaged = rows.contains { $0.handshake.damage.map(\.fault) == [.duplicateID] }
      #expect(isDamaged == isShared, "\(singleAt) \(isShared)")
    }
  }

  @Test(
    "A row with two records of one id stays disabled until a later pass has one of them, whatever is read"
  )
  func sharedStays() throws {
    var world = try World([World.acmeDev])
    let source = try World.source(World.acmeDev)
    let first = try World.invitation(1)
    let other = try World.invitation(1) { $0.name = "Other" }
    let pass = world.inbox.begin(source)
    func single() {
      world.inbox.apply(
        Reply(first, at: World.now + .minutes(1)), seenBy: source, uptime: world.uptime)
    }
    for (handshake, next) in [(first, "t"), (other, "u"), (first, nil)] {
      let token = next.map { PageToken(Untrusted($0)) }
      _ = world.inbox.apply(
        Reply(Page(handshakes: [handshake], next: token), at: World.now), of: pass,
        uptime: world.uptime)
      single()
    }
    let row = try #require(world.inbox.row(try Fixture.handshake(World.id(1))))
    #expect(row.handshake.damage.map(\.fault) == [.duplicateID])
    world.read(source, [first])
    let later = try #require(world.inbox.row(try Fixture.handshake(World.id(1))))
    #expect(later.handshake.damage.isEmpty)
  }

  @Test("A record that a later page repeats as it was read meanwhile is not a second one")
  func repeated() throws {
    var world = try World([World.acmeDev])
    let source = try World.source(World.acmeDev)
    let first = try World.invitation(1)
    var changed = first
    changed.state = .accepted
    let pass = world.inbox.begin(source)
    _ = world.inbox.apply(
      Reply(Page(handshakes: [first], next: PageToken(Untrusted("t"))), at: World.now), of: pass,
      uptime: world.uptime)
    world.inbox.apply(
      Reply(changed, at: World.now + .minutes(1)), seenBy: source, uptime: world.uptime)
    _ = world.inbox.apply(
      Reply(Page(handshakes: [changed], next: nil), at: World.now + .minutes(2)), of: pass,
      uptime: world.uptime)
    let row = try #require(world.inbox.row(try Fixture.handshake(World.id(1))))
    #expect(row.handshake == changed)
  }

  @Test("A row that begins to match a filter, by time or by a change, is shown")
  func refiltered() throws {
    var world = try World([World.acmeDev])
    let source = try World.source(World.acmeDev)
    world.read(source, [try World.invitation(1), try World.invitation(30)])
    world.inbox.setFilter(try RowFilter("expires:<25h"), in: .inbox, at: World.now)
    #expect(world.shown() == [World.id(1)])
    world.inbox.refilter(at: World.now + .hours(5), onlyTimed: true)
    #expect(world.shown() == [World.id(1), World.id(30)])
    world.inbox.setFilter(try RowFilter("state:requested"), in: .inbox, at: World.now)
    #expect(world.shown() == [])
    var requested = try World.invitation(30)
    requested.state = .requested
    world.read(source, [try World.invitation(1), requested])
    world.inbox.refilter(at: World.now, onlyTimed: false)
    #expect(world.shown() == [World.id(30)])
  }
}
