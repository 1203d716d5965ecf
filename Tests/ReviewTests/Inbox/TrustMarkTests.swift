import Model
import ReviewWording
import TestSupport
import Testing
import Text

@testable import ReviewAnswering
@testable import ReviewInbox
@testable import ReviewJournal

@Suite("Marks of senders")
struct TrustMarkTests {
  private static func fake(_ number: Int, _ name: String = "Acme Ho1dings") throws -> Handshake {
    try World.invitation(number) {
      $0.organization = World.globex
      $0.sender = World.globexManager
      $0.name = name
    }
  }

  private static func stranger(_ number: Int) throws -> Handshake {
    try World.invitation(number) {
      $0.organization = "o-lab0lab1la"
      $0.sender = "999900005555"
      $0.name = "Initech"
    }
  }

  private static func world(_ trust: TrustList) throws -> World {
    var world = try World(trust: trust)
    world.read(
      try World.source(World.acmeDev),
      [try fake(1), try World.invitation(2), try stranger(3)])
    return world
  }

  /// Acme, listed without a name.
  private static func unnamed() throws -> TrustList {
    var list = try World.trusting()
    var entry = try #require(list.sorted.first)
    entry.name = Untrusted("")
    list.add(entry)
    return list
  }

  @Test("a trust list without names marks look-alikes of the names its pairs were seen with")
  func withoutNames() throws {
    let world = try Self.world(try Self.unnamed())
    let marks = try (1...3).map { number in
      world.inbox.trustMark(
        of: try #require(world.inbox.row(try Fixture.handshake(World.id(number)))))
    }
    #expect(marks == [.like, .ok, .new])
    #expect(marks.map(\.text) == ["like!", "ok", "new?"])
  }

  @Test(
    "trust:like matches look-alikes, trust:new all that are not trusted",
    arguments: [
      ("trust:like", [1]), ("trust:new", [1, 3]), ("trust:ok", [2]), ("trust:LIKE", [1]),
    ])
  func filter(text: String, expected: [Int]) throws {
    var world = try Self.world(try Self.unnamed())
    world.inbox.setFilter(try RowFilter(text), in: .inbox, at: World.now)
    #expect(world.shown() == expected.map(World.id))
  }

  @Test("a filter for look-alikes finds rows whose original was read after them")
  func lateName() throws {
    var world = try World(trust: try Self.unnamed())
    world.inbox.setFilter(try RowFilter("trust:like"), in: .inbox, at: World.now)
    world.read(try World.source(World.acmeDev), [try Self.fake(1)])
    #expect(world.shown().isEmpty)
    world.read(try World.source(World.sandbox), [try World.invitation(2, to: World.sandbox)])
    #expect(world.shown() == [World.id(1)])
  }

  @Test("an order by trust has look-alikes first", arguments: [true, false])
  func order(isDescending: Bool) throws {
    var world = try Self.world(try Self.unnamed())
    world.inbox.setOrder(RowOrder(.trust, descending: isDescending), in: .inbox)
    let expected = [World.id(1), World.id(3), World.id(2)]
    #expect(world.shown() == (isDescending ? expected.reversed() : expected))
  }

  @Test("a sender is compared with the name of the account's own organization")
  func ownName() throws {
    var world = try World([World.acmeDev], members: [World.acmeDev: World.acme])
    world.read(try World.source(World.acmeDev), [try Self.fake(1), try World.invitation(2)])
    let row = try #require(world.inbox.row(try Fixture.handshake(World.id(1))))
    #expect(world.inbox.trustMark(of: row) == .like)
    #expect(world.inbox.lookAlike(of: row)?.organization.text == World.acme)
  }

  private static func record(_ event: JournalEvent) -> JournalRecord {
    JournalRecord(
      sequence: 1, previous: .none,
      moment: JournalMoment(time: World.now, uptime: .zero, boot: Untrusted("b")),
      who: Operator(login: Untrusted("ops")), event: event, hash: .none)
  }

  private static func accepted(_ outcome: IntentOutcome?) throws -> JournalNotes {
    let account = try Fixture.account(World.acmeDev)
    let intent = JournalIntent(
      id: IntentID(from: SeededBytes(seed: 9)),
      act: .answer(
        .accept, try Fixture.handshake(World.id(7)),
        Fingerprint(of: try World.invitation(7), for: account, at: World.place)),
      account: account, caller: Untrusted("arn"), place: World.place, reason: nil, attempt: 1,
      asked: World.now,
      subject: JournalIntent.Subject(
        action: .invite, organization: try Fixture.organization(World.acme),
        sender: try Fixture.account(World.acmeManager), joins: true,
        senderName: Untrusted("Äcme Hóldings")))
    return JournalNotes(
      [record(.intent(intent))] + (outcome.map { [record(.outcome(intent.id, $0))] } ?? []))
  }

  @Test(
    "a name that was accepted before counts after the service has removed it, with accents or not")
  func acceptedBefore() throws {
    for (outcome, expected) in [
      (IntentOutcome.done(nil), TrustMark.like), (.doneLater(.membership, nil), .like),
      (.notApplied(.open), .new), (nil, .new),
    ] as [(IntentOutcome?, TrustMark)] {
      for isFirst in [true, false] {
        var world = try World()
        if isFirst { world.inbox.join(try Self.accepted(outcome), at: World.place) }
        world.read(try World.source(World.acmeDev), [try Self.fake(1)])
        if !isFirst { world.inbox.join(try Self.accepted(outcome), at: World.place) }
        let row = try #require(world.inbox.row(try Fixture.handshake(World.id(1))))
        #expect(world.inbox.trustMark(of: row) == expected)
        // A list that is read again keeps them.
        world.inbox.setTrust(TrustList())
        #expect(world.inbox.trustMark(of: row) == expected)
      }
    }
    var elsewhere = try World()
    elsewhere.inbox.join(
      try Self.accepted(.done(nil)), at: ServicePlace(.local, at: Untrusted("/other")))
    elsewhere.read(try World.source(World.acmeDev), [try Self.fake(1)])
    let row = try #require(elsewhere.inbox.row(try Fixture.handshake(World.id(1))))
    #expect(elsewhere.inbox.trustMark(of: row) == .new)
  }

  @Test("a name that a pair was once listed under counts while the pair is listed")
  func givenBefore() throws {
    let notes = JournalNotes([
      Self.record(
        .trustAdded(
          try Fixture.organization(World.acme), try Fixture.account(World.acmeManager),
          name: Untrusted("Acme Holdings")))
    ])
    for (list, expected) in [(try Self.unnamed(), TrustMark.like), (TrustList(), .new)] {
      var world = try World(trust: list)
      world.inbox.noteNames(in: notes) { _ in true }
      world.read(try World.source(World.acmeDev), [try Self.fake(1)])
      let row = try #require(world.inbox.row(try Fixture.handshake(World.id(1))))
      #expect(world.inbox.trustMark(of: row) == expected)
    }
  }

  @Test("the review of a look-alike gives that as the reason, and the name that it resembles")
  func review() throws {
    let world = try Self.world(try Self.unnamed())
    var plan = Plan()
    let row = try #require(world.inbox.row(try Fixture.handshake(World.id(1))))
    _ = plan.stage(.accept, row, in: world.inbox, from: World.place, at: World.now)
    let line = try #require(ReviewSheet(plan, in: world.inbox).alone.first)
    #expect(line.ruling.reasons == [.lookAlike])
    #expect(line.mark == .like)
    #expect(line.lookAlike?.name == Untrusted("Acme Holdings"))
    #expect(line.item.senderTrust?.mark == .like)
    _ = plan.stage(.decline, row, in: world.inbox, from: World.place, at: World.now)
    #expect(ReviewSheet(plan, in: world.inbox).lookAlikeCount == 1)
  }

  @Test("an organization about to be trusted is compared by each of its names, never with itself")
  func beforeTrusting() throws {
    let inbox = try Self.world(try Self.unnamed()).inbox
    let list = inbox.trustList
    let globex = try Fixture.organization(World.globex)
    let manager = try Fixture.account(World.globexManager)
    #expect(inbox.names(of: globex, managedBy: manager) == [Untrusted("Acme Ho1dings")])
    for (name, expected) in [("Acme Ho1dings", true), ("Globex", false)] {
      let found = list.lookAlike(of: globex, managedBy: manager, named: [Untrusted(name)])
      #expect((found != nil) == expected)
    }
    let acme = try Fixture.organization(World.acme)
    let acmeManager = try Fixture.account(World.acmeManager)
    #expect(
      list.lookAlike(of: acme, managedBy: acmeManager, named: [Untrusted("Acme Holdings")]) == nil)
    #expect(list.names(of: acme, managedBy: acmeManager) == [Untrusted("Acme Holdings")])
  }
}
