import Model
import TestSupport
import Testing
import Text

@testable import ReviewAnswering
@testable import ReviewJournal

@Suite("Finding the result of a request (SEC-4.4.9)")
struct ReconciliationTests {
  private func reply(_ state: HandshakeState) throws -> Result<Reply<Handshake>, BackendError> {
    var fixture = InvitationFixture()
    fixture.state = state
    return .success(Reply(try fixture.make(), at: ManualTime.mockup))
  }

  private func failure<Value: Sendable>(
    _ exception: ServiceException
  ) -> Result<Reply<Value>, BackendError> {
    .failure(
      BackendError(
        .service(exception, reason: nil, message: Untrusted("no")), in: .describeHandshake,
        applied: .refused))
  }

  /// Reads until it is concluded; the time that took and the number of reads.
  private func run(
    _ intent: JournalIntent, age: Span? = nil,
    _ replies: (_ read: Int) throws -> Result<Reply<Handshake>, BackendError>
  ) throws -> (outcome: IntentOutcome, waited: Int64, reads: Int) {
    var reconciliation = Reconciliation(of: intent, age: age)
    var (waited, reads) = (Int64(0), 0)
    var step = reconciliation.begin()
    while true {
      switch step {
      case .wait(let span):
        waited += span.milliseconds / 1_000
        step = reconciliation.waited()
      case .read:
        reads += 1
        step = reconciliation.read(try replies(reads))
      case .identify, .list: step = reconciliation.identified(failure(.accessDenied))
      case .conclude(let conclusion): return (conclusion.outcome, waited, reads)
      }
    }
  }

  @Test("reads 1, 2, 4, 8, 15 and 30 seconds apart, for a minute")
  func schedule() throws {
    let end = try run(try Events.answer()) { _ in try reply(.open) }
    #expect(end == (.notApplied(.open), 60, 6))
  }

  @Test("stops as soon as the state is decisive", arguments: 1...6)
  func plain(read: Int) throws {
    let end = try run(try Events.answer()) { try reply($0 < read ? .open : .accepted) }
    #expect(end == (.doneLater(.handshake, nil), [1, 3, 7, 15, 30, 60][read - 1], read))
  }

  @Test("an old attempt is read at once, without waiting")
  func old() throws {
    #expect(
      try run(try Events.answer(), age: .hours(1)) { _ in try reply(.open) }
        == (.notApplied(.open), 0, 1))
    #expect(
      try run(try Events.answer(), age: .seconds(20)) { _ in try reply(.open) }
        == (.notApplied(.open), 45, 3))
  }

  @Test("each state has its meaning for the answer that was sent")
  func states() throws {
    for answer in Answer.allCases {
      for state in [HandshakeState.accepted, .declined, .canceled, .expired] {
        let end = try run(try Events.answer(answer)) { _ in try reply(state) }
        #expect(
          end.outcome == (state == answer.target ? .doneLater(.handshake, nil) : .notApplied(state))
        )
        #expect(end.reads == 1)
      }
    }
    let odd = try run(try Events.answer()) { _ in try reply(.unknown(Untrusted("LOST"))) }
    #expect(odd.outcome == .unknown(.oddState, closed: false))
  }

  @Test("failed reads leave it open; a missing handshake ends it")
  func failing() throws {
    for exception in [ServiceException.tooManyRequests, .service, .expiredToken] {
      let end = try run(try Events.answer()) { _ in failure(exception) }
      #expect(end == (.unknown(.unreadable, closed: false), 60, 6))
    }
    let gone = try run(try Events.answer()) { _ in failure(.handshakeNotFound) }
    #expect(gone == (.unknown(.gone, closed: true), 60, 6))
    let back = try run(try Events.answer()) { read in
      try read < 3 ? failure(.handshakeNotFound) : reply(.accepted)
    }
    #expect(back.outcome == .doneLater(.handshake, nil))
  }

  @Test(
    "a denied read after an accept is proof only when the account is in the sender's organization")
  func denied() throws {
    var intent = try Events.answer()
    for (joins, manager, account, expected) in [
      (true, "999900001111", "222233334444", IntentOutcome.doneLater(.membership, nil)),
      (true, "888800001111", "222233334444", .unknown(.denied, closed: false)),
      (true, "999900001111", "222233334445", .unknown(.denied, closed: false)),
    ] {
      intent.subject.joins = joins
      var reconciliation = Reconciliation(of: intent, age: .hours(1))
      _ = reconciliation.begin()
      #expect(reconciliation.read(failure(.accessDenied)) == .identify)
      let identity = try Fixture.identity(account, in: "o-a1b2c3d4e5", managedBy: manager)
      let step = reconciliation.identified(.success(Reply(identity, at: ManualTime.mockup)))
      #expect(step == .conclude(.init(outcome: expected)))
    }
    // An account that was a member before it consents: membership proves nothing.
    intent.subject.joins = false
    let end = try run(intent) { _ in failure(.accessDenied) }
    #expect(end.outcome == .unknown(.denied, closed: false))
    #expect(end.reads == 1)
  }

  @Test("an invitation is found among those sent, by its target and not before its time")
  func invitation() throws {
    var fixture = InvitationFixture()
    fixture.requested = ManualTime.mockup
    var intent = try Events.intent(.invite(.account(Untrusted(fixture.recipient))))
    intent.account = try Fixture.account(fixture.sender)
    let made = try fixture.make()
    var early = fixture
    early.requested = ManualTime.mockup - .minutes(1)
    var other = fixture
    other.recipient = "222233334445"
    func end(_ listed: [Handshake], _ intent: JournalIntent) -> Reconciliation.Step {
      var reconciliation = Reconciliation(of: intent, age: .hours(1))
      #expect(reconciliation.begin() == .list(Query(.sent, filter: .action(.invite))))
      return reconciliation.listed(.success(listed))
    }
    let found = Reconciliation.Conclusion(outcome: .doneLater(.listing, made.id), handshake: made)
    let missing = Reconciliation.Conclusion(outcome: .notApplied(nil))
    #expect(end([try early.make(), made], intent) == .conclude(found))
    #expect(end([try early.make(), try other.make()], intent) == .conclude(missing))
    intent.act = .invite(.email(Untrusted("a@b.example")))
    #expect(end([made], intent) == .conclude(missing))
  }

  @Test("the enabling of all features is found by its parent handshake")
  func enabling() throws {
    var fixture = InvitationFixture()
    fixture.requested = ManualTime.mockup
    var intent = try Events.intent(.enableAllFeatures)
    intent.account = try Fixture.account(fixture.sender)
    var parent = try fixture.make()
    parent.parties.removeLast()
    parent.resources.removeLast(2)
    var reconciliation = Reconciliation(of: intent, age: .hours(1))
    #expect(reconciliation.begin() == .list(Query(.sent)))
    let step = reconciliation.listed(.success([try fixture.make(), parent]))
    #expect(
      step == .conclude(.init(outcome: .doneLater(.listing, parent.id), handshake: parent)))
  }
}
