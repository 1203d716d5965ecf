import Model
import ReviewAnswering
import ReviewInbox
import TestSupport
import Testing
import Text

@Suite("The rules when an answer is sent (SEC-4.2.4)")
struct SendingRulesTests {
  private static let acme = World.acme
  private static let manager = World.acmeManager

  /// An accept of an invitation from Acme, reviewed with this trust.
  private func accept(_ scene: Scene, _ number: Int = 1, reviewed: SenderTrust?) throws
    -> WriteRequest
  {
    guard case .answer(var item) = try scene.plan(number) else {
      throw FixtureError(text: "no answer")
    }
    item.senderTrust = reviewed
    return .answer(item)
  }

  private func rules(_ trust: TrustList) -> RulesReading { .rules(SendingRules(trust: trust)) }

  @Test(
    "an organization removed from the list after the review is not accepted; nothing is journalled")
  func withdrawn() async throws {
    let scene = try Scene()
    scene.rules.set(rules(TrustList()))
    let summary = await scene.run([try accept(scene, reviewed: SenderTrust(.ok))])
    #expect(summary.results.map(\.outcome) == [.heldBack(.trustChanged(.withdrawn))])
    #expect(!scene.service.calls.contains(.acceptHandshake))
    #expect(try scene.kinds().isEmpty)
  }

  @Test("the list is read before each accept, not once for a run")
  func eachTime() async throws {
    let scene = try Scene()
    scene.rules.set(rules(try World.trusting()))
    let writes = try (1...3).map { try accept(scene, $0, reviewed: SenderTrust(.ok)) }
    let summary = await scene.run(writes) { news in
      if case .ended(0, _) = news { scene.rules.set(rules(TrustList())) }
    }
    #expect(
      summary.results.map(\.outcome).dropFirst() == [
        .heldBack(.trustChanged(.withdrawn)), .heldBack(.trustChanged(.withdrawn)),
      ])
    #expect(scene.service.calls.count { $0 == .acceptHandshake } == 1)
  }

  @Test(
    "a confirmation stays valid unless the trust has become lower than it was at the confirmation")
  func losses() async throws {
    let other = try Fixture.account("121212121212")
    let third = try Fixture.account("131313131313")
    let none = TrustList()
    let listed = try World.trusting()
    let elsewhere = try World.trusting(Self.acme, other.text)
    let cases: [(SenderTrust?, TrustList, SenderTrust.Loss?)] = [
      (SenderTrust(.ok), listed, nil),
      (SenderTrust(.ok), none, .withdrawn),
      (SenderTrust(.ok), elsewhere, .otherManager(other)),
      (SenderTrust(.own), none, .withdrawn),
      (SenderTrust(.new), none, nil),
      (SenderTrust(.new), listed, nil),
      (SenderTrust(.new), elsewhere, .otherManager(other)),
      (SenderTrust(.new, otherManager: other), elsewhere, nil),
      (SenderTrust(.new, otherManager: third), elsewhere, .otherManager(other)),
      (SenderTrust(.new, otherManager: other), none, nil),
      (nil, listed, .notReviewed),
    ]
    for (reviewed, now, loss) in cases {
      let scene = try Scene()
      scene.rules.set(rules(now))
      let summary = await scene.run([try accept(scene, reviewed: reviewed)])
      let expected: WriteOutcome? = loss.map { .heldBack(.trustChanged($0)) }
      let outcome = summary.results.first?.outcome
      #expect(expected == nil ? outcome?.applied == nil : outcome == expected)
    }
  }

  @Test("a decline and a cancel need no trust")
  func declines() async throws {
    let scene = try Scene()
    let writes = [try scene.plan(1, .decline), try scene.plan(2, .cancel)]
    let summary = await scene.run(writes)
    #expect(summary.results.allSatisfy { $0.outcome.applied == nil })
  }

  @Test("an unreadable list stops everything")
  func unreadable() async throws {
    let scene = try Scene()
    let why = Untrusted("trust.toml:3: bad")
    scene.rules.set(.failed(why))
    let account = try Fixture.account(Self.manager)
    let manager = try Fixture.identity(account.text, in: Self.acme)
    guard case .answer(var cancel) = try scene.plan(3, .cancel) else {
      Issue.record("the plan holds no answer")
      return
    }
    cancel.actor = manager
    let answers = [
      try accept(scene, reviewed: SenderTrust(.ok)), try scene.plan(2, .decline), .answer(cancel),
    ]
    scene.service.put(manager)
    let writes: [WriteRequest] =
      answers + [
        .invite(
          Invitation(to: .account(Untrusted("222233334444"))), account,
          into: try Fixture.organization(Self.acme))
      ]
    let summary = await scene.run(writes)
    #expect(
      summary.results.map(\.outcome)
        == Array(repeating: .heldBack(.rulesUnreadable(why)), count: 4))
    #expect(try scene.kinds().isEmpty)
  }

  @Test("an account whose organization differs from the one shown creates nothing")
  func moved() async throws {
    let scene = try Scene()
    let account = try Fixture.account(Self.manager)
    scene.service.put(try Fixture.identity(account.text, in: World.globex))
    let acme = try Fixture.organization(Self.acme)
    let globex = try Fixture.organization(World.globex)
    let writes: [WriteRequest] = [
      .enableAllFeatures(account, in: acme), .enableAllFeatures(account, in: nil),
      .invite(Invitation(to: .account(Untrusted("222233334444"))), account, into: acme),
    ]
    let summary = await scene.run(writes)
    #expect(
      summary.results.map(\.outcome)
        == Array(repeating: .heldBack(.membershipChanged(globex)), count: 3))
    #expect(try scene.kinds().isEmpty)
  }

  @Test("a program stopped between the first read and the intent reads everything again")
  func frozen() async throws {
    for pauses in 0...3 {
      let scene = try Scene()
      scene.rules.pause(Array(repeating: .seconds(6), count: pauses))
      let summary = await scene.run([try scene.plan(1)], pace: .unlimited)
      let reads = scene.service.calls.count { $0 == .describeHandshake }
      #expect(reads == min(pauses + 1, 3))
      #expect((summary.results[0].outcome == .heldBack(.stale)) == (pauses == 3))
      #expect(scene.service.calls.count { $0 == .acceptHandshake } == (pauses < 3 ? 1 : 0))
    }
  }

  @Test("a read of five seconds ago is fresh")
  func fresh() async throws {
    let scene = try Scene()
    scene.rules.pause([.seconds(5)])
    _ = await scene.run([try scene.plan(1)], pace: .unlimited)
    #expect(scene.service.calls.count { $0 == .describeHandshake } == 1)
  }
}
