import Model
import ReviewAnswering
import ReviewJournal
import TestSupport
import Testing
import Text

@Suite("The reconciler (SEC-4.4.12)")
struct ReconcilerTests {
  /// A journal with one unfinished attempt, and the service with the handshake in `state`.
  private func scene(_ state: HandshakeState, doubt: IntentOutcome.Doubt? = nil) throws -> Scene {
    let scene = try Scene()
    guard case .answer(let item) = try scene.plan(1) else { throw FixtureError(text: "plan") }
    var now = item.seen
    now.state = state
    scene.service.put(now)
    try scene.journal.append(.intent(try intent(item)))
    if let doubt {
      try scene.journal.append(
        .outcome(Events.intentID(), .unknown(doubt, closed: false)))
    }
    return scene
  }

  private func intent(_ item: PlanItem) throws -> JournalIntent {
    var intent = try Events.intent(.answer(.accept, item.id, item.fingerprint))
    intent.account = item.account
    return intent
  }

  @Test("finds the result of an attempt, journals it, and has nothing to do after that")
  func conclusions() async throws {
    for (state, outcome) in [
      (HandshakeState.accepted, IntentOutcome.doneLater(.handshake, nil)),
      (.open, .notApplied(.open)), (.canceled, .notApplied(.canceled)),
    ] {
      for doubt in [nil, IntentOutcome.Doubt.replyLost] {
        let scene = try scene(state, doubt: doubt)
        let heard = Heard<Reconciler.Finding>()
        let findings = try await scene.reconciler.reconcile { heard.hear($0) }
        #expect(findings.map(\.outcome) == [outcome])
        #expect(heard.all == findings)
        #expect(try scene.reconciler.open().isEmpty)
        #expect(scene.file.held.isEmpty)
        #expect(try await scene.reconciler.reconcile().isEmpty)
        #expect(!scene.service.calls.contains(.acceptHandshake))
      }
    }
  }

  @Test("skips locked attempts, those of another service, and other accounts")
  func leftAlone() async throws {
    let scene = try scene(.accepted)
    let hold = scene.file.hold(.intent(Events.intentID()))
    #expect(try await scene.reconciler.reconcile().isEmpty)
    hold?.release()
    let elsewhere = Reconciler(
      readers: { scene.service.backend($0) }, journal: scene.journal,
      sleeper: ManualSleeper(scene.time), place: ServicePlace(.aws, at: Untrusted("host")))
    #expect(try await elsewhere.reconcile().isEmpty)
    let other = try Fixture.account("999999999999")
    #expect(try await scene.reconciler.reconcile(of: [other]).isEmpty)
    #expect(try await scene.reconciler.reconcile().count == 1)
  }

  @Test("a remembered membership proves nothing: the organization is read as it is now")
  func membershipNow() async throws {
    let scene = try Scene()
    guard case .answer(let item) = try scene.plan(1) else { throw FixtureError(text: "plan") }
    var attempt = try intent(item)
    let sender = try #require(item.seen.senderAccount)
    attempt.subject = JournalIntent.Subject(
      action: .invite, organization: item.seen.senderOrganization, sender: sender, joins: true)
    try scene.journal.append(.intent(attempt))
    let joined = try Fixture.identity(
      item.account.text, in: try #require(item.seen.senderOrganization).text,
      managedBy: sender.text)
    let reader = RememberingReader(
      remembered: try Fixture.identity(item.account.text), now: joined, time: scene.time.now())
    let reconciler = Reconciler(
      readers: { _ in reader }, journal: scene.journal, sleeper: ManualSleeper(scene.time),
      place: Events.place)
    #expect(try await reconciler.reconcile().map(\.outcome) == [.doneLater(.membership, nil)])
  }

  /// A reader that is denied the handshake, and remembers an earlier membership.
  private struct RememberingReader: HandshakeReader {
    let remembered: Identity
    let now: Identity
    let time: Timestamp

    func identity() async throws(BackendError) -> Reply<Identity> { Reply(remembered, at: time) }
    func identityNow() async throws(BackendError) -> Reply<Identity> { Reply(now, at: time) }
    func handshakes(_ query: Query, page: PageToken?) async throws(BackendError) -> Reply<Page> {
      Reply(Page(handshakes: [], next: nil), at: time)
    }
    func handshake(_ id: HandshakeID) async throws(BackendError) -> Reply<Handshake> {
      throw BackendError(
        .service(.accessDenied, reason: nil, message: Untrusted("no")), in: .describeHandshake,
        applied: .refused, time: time)
    }
  }

  @Test("what cannot be found out stays open and is written down once")
  func stillUnknown() async throws {
    let scene = try Scene(fate: { _, _ in .refused(.accessDenied) })
    guard case .answer(let item) = try scene.plan(1) else { throw FixtureError(text: "plan") }
    try scene.journal.append(.intent(try intent(item)))
    for _ in 0..<3 {
      #expect(
        try await scene.reconciler.reconcile().map(\.outcome) == [.unknown(.denied, closed: false)])
    }
    #expect(try scene.kinds() == ["INTENT", "UNKNOWN denied"])
    #expect(try scene.reconciler.open().count == 1)
  }

  @Test("a recent attempt gets its minute; after a reboot the wall clock gives its age")
  func age() async throws {
    let scene = try scene(.open)
    let start = scene.time.uptime()
    _ = try await scene.reconciler.reconcile()
    #expect(scene.time.uptime().milliseconds - start.milliseconds == 60_000)

    let other = try self.scene(.open)
    let rebooted = ManualTime(ManualTime.mockup + .hours(2), uptime: .seconds(5))
    let after = Reconciler(
      readers: { other.service.backend($0) },
      journal: .testing(in: other.file, clock: rebooted, boot: "boot-2"),
      sleeper: ManualSleeper(rebooted), place: Events.place)
    #expect(try await after.reconcile().map(\.outcome) == [.notApplied(.open)])
    #expect(rebooted.uptime() == .seconds(5))
  }

  @Test("stops on request, and leaves the attempt open")
  func stopped() async throws {
    let scene = try scene(.open)
    let stop = StopFlag()
    stop.raise(.now)
    #expect(try await scene.reconciler.reconcile(stop: stop).isEmpty)
    #expect(try scene.reconciler.open().count == 1)
  }
}
