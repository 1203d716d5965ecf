import Model
import ReviewInbox
import TestSupport
import Testing
import Text

@testable import ReviewAnswering
@testable import ReviewJournal

@Suite("History from the journal")
struct InboxJournalTests {
  private static func notes(
    _ id: String, _ answer: Answer, _ outcome: IntentOutcome?, at place: ServicePlace = World.place
  ) throws -> JournalNotes {
    let account = try Fixture.account(World.acmeDev)
    let handshake = try World.invitation(1)
    let intent = JournalIntent(
      id: IntentID(from: SeededBytes(seed: 5)),
      act: .answer(
        answer, try Fixture.handshake(id),
        Fingerprint(of: handshake, for: account, at: place)),
      account: account, caller: Untrusted("arn"), place: place, reason: Untrusted("CHG-1"),
      attempt: 1, asked: World.now,
      subject: JournalIntent.Subject(
        action: .invite, organization: try Fixture.organization(World.acme),
        sender: try Fixture.account(World.acmeManager), joins: true))
    var events = [JournalEvent.intent(intent)]
    if let outcome { events.append(.outcome(intent.id, outcome)) }
    let moment = JournalMoment(time: World.now, uptime: .zero, boot: Untrusted("b"))
    return JournalNotes(
      events.map { event in
        JournalRecord(
          sequence: 1, previous: .none, moment: moment, who: Operator(login: Untrusted("ops")),
          event: event, hash: .none)
      })
  }

  @Test("Handshakes that the service has removed are in History, with who and why")
  func forgotten() throws {
    var world = try World([World.acmeDev])
    world.read(try World.source(World.acmeDev), [try World.invitation(2)])
    let id = try Fixture.handshake(World.id(1))
    world.inbox.join(try Self.notes(World.id(1), .accept, .done(nil)), at: World.place)
    world.inbox.admit()
    #expect(world.shown(.history) == [World.id(1)])
    #expect(world.shown() == [World.id(2)])
    let row = try #require(world.inbox.row(id))
    #expect(row.origin == .journal)
    #expect(row.handshake.state == .accepted)
    #expect(row.handshake.senderOrganization?.text == World.acme)
    #expect(world.inbox.appliedAttempt(id)?.intent.reason == Untrusted("CHG-1"))
    #expect(world.inbox.appliedAttempt(id)?.who.name == Untrusted("ops"))
  }

  @Test("Refused answers, and answers given elsewhere, are not in History")
  func notDone() throws {
    let elsewhere = ServicePlace(.local, at: Untrusted("/other"))
    for notes in [
      try Self.notes(World.id(1), .accept, nil),
      try Self.notes(World.id(1), .accept, .notApplied(.open)),
      try Self.notes(World.id(1), .accept, .done(nil), at: elsewhere),
    ] {
      var world = try World([World.acmeDev])
      world.inbox.join(notes, at: World.place)
      #expect(world.inbox.listing(.history).count == 0)
      #expect(world.inbox.appliedAttempt(try Fixture.handshake(World.id(1))) == nil)
    }
  }

  @Test("A row that the service still lists is the service's, whichever is read first")
  func both() throws {
    let notes = try Self.notes(World.id(1), .accept, .doneLater(.handshake, nil))
    var accepted = try World.invitation(1)
    accepted.state = .accepted
    for isJournalFirst in [true, false] {
      var world = try World([World.acmeDev])
      if isJournalFirst { world.inbox.join(notes, at: World.place) }
      world.read(try World.source(World.acmeDev), [accepted], at: World.now - .days(1))
      if !isJournalFirst { world.inbox.join(notes, at: World.place) }
      let row = try #require(world.inbox.row(try Fixture.handshake(World.id(1))))
      #expect(row.origin == .service)
      #expect(row.handshake == accepted)
      #expect(world.shown(.history) == [World.id(1)])
    }
  }

  @Test("An attempt with unknown result offers a look before another answer")
  func openAttempt() throws {
    var world = try World([World.acmeDev])
    world.read(try World.source(World.acmeDev), [try World.invitation(1)])
    world.inbox.join(
      try Self.notes(World.id(1), .accept, .unknown(.replyLost, closed: false)), at: World.place)
    let row = try #require(world.inbox.row(try Fixture.handshake(World.id(1))))
    let checks = Check.all(.accept, to: row, in: world.inbox, with: Plan(), at: World.now)
    #expect(checks.contains(Check(.openAttempt(true), .attention)))
  }
}
