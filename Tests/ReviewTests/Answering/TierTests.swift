import Model
import ReviewAnswering
import ReviewInbox
import ReviewWording
import TestSupport
import Testing
import Text

@Suite("The confirmation tiers (UX-13)")
struct TierTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var answer = Answer.accept
    var member: String?
    var manager: String?
    var trust = Trust.ok
    var change: @Sendable (Handshake) -> Handshake = { $0 }
    var expected: Tier
    var reasons: Int
  }

  static let cases = [
    Case(testDescription: "decline", answer: .decline, trust: .new, expected: .t1, reasons: 0),
    Case(testDescription: "cancel", answer: .cancel, trust: .new, expected: .t1, reasons: 0),
    Case(testDescription: "trusted, standalone", expected: .t2, reasons: 0),
    Case(testDescription: "not trusted", trust: .new, expected: .t3, reasons: 1),
    Case(
      testDescription: "trusted, but leaves another organization", member: World.globex,
      expected: .t3, reasons: 1),
    Case(
      testDescription: "not trusted, and leaves another", member: World.globex, trust: .new,
      expected: .t3, reasons: 2),
    Case(
      testDescription: "consent in the own organization", member: World.acme, trust: .own,
      change: { $0.asConsent(of: "abcdefgh12") }, expected: .t2, reasons: 0),
    Case(
      testDescription: "finalises", manager: World.acme, trust: .own,
      change: { $0.asFinalisation(.open) }, expected: .t3, reasons: 1),
    Case(
      testDescription: "hands the bill over", manager: World.globex,
      change: { $0.asTransfer() }, expected: .t3, reasons: 1),
  ]

  @Test("Which facts put an answer on which tier", arguments: cases)
  func rungs(example: Case) throws {
    var identity = try Fixture.identity(World.acmeDev)
    if let manager = example.manager {
      identity = try Fixture.identity(World.acmeDev, in: manager)
    } else if let member = example.member {
      identity = try Fixture.identity(
        World.acmeDev, in: member, managedBy: World.globexManager)
    }
    let handshake = example.change(try World.invitation(1))
    let ruling = TierRuling(example.answer, to: handshake, trust: example.trust, as: identity)
    #expect(ruling.tier == example.expected)
    #expect(ruling.reasons.count == example.reasons)
  }

  @Test("An organization listed with another management account is reported as exactly that")
  func otherManager() throws {
    var world = try World(trust: try World.trusting(World.acme, World.globexManager))
    world.read(try World.source(World.acmeDev), [try World.invitation(1)])
    var plan = Plan()
    let row = try #require(world.inbox.row(try Fixture.handshake(World.id(1))))
    _ = plan.stage(.accept, row, in: world.inbox, from: World.place, at: World.now)
    let line = try #require(ReviewSheet(plan, in: world.inbox).alone.first)
    #expect(
      line.ruling.reasons == [.otherManager(listed: try Fixture.account(World.globexManager))])
    #expect(line.ruling.listedManager?.text == World.globexManager)
    let words = line.ruling.reasons.map(\.words).joined()
    #expect(words.contains("ANOTHER management account"))
    #expect(!words.contains(World.acmeManager) && !words.contains(World.globexManager))
  }

  private func world(_ trusted: Bool) throws -> (World, Plan) {
    var world = try World(trust: trusted ? try World.trusting() : TrustList())
    world.read(
      try World.source(World.acmeDev), [try World.invitation(1), try World.invitation(2)])
    world.read(try World.source(World.sandbox), [try World.invitation(3, to: World.sandbox)])
    world.inbox.admit()
    return (world, Plan())
  }

  @Test("Trusted accepts share one challenge with the declines; the others are confirmed alone")
  func steps() throws {
    var (world, plan) = try world(true)
    for (answer, number) in [(Answer.accept, 1), (.decline, 2), (.accept, 3)] {
      let row = try #require(world.inbox.row(try Fixture.handshake(World.id(number))))
      _ = plan.stage(answer, row, in: world.inbox, from: World.place, at: World.now)
    }
    let together = ReviewSheet(plan, in: world.inbox)
    #expect(together.steps.map(\.confirmation) == [.batch(accepts: 2)])
    #expect(together.steps.first?.items.map(\.answer) == [.decline, .accept, .accept])
    world.inbox.setTrust(TrustList())
    let apart = ReviewSheet(plan, in: world.inbox)
    let organization = try Fixture.organization(World.acme)
    #expect(
      apart.steps.map(\.confirmation) == [
        .noAccepts(declines: 1, cancels: 0),
        .alone(try Fixture.handshake(World.id(1)), organization),
        .alone(try Fixture.handshake(World.id(3)), organization),
      ])
    #expect(apart.steps.flatMap(\.items).count == plan.items.count)
  }

  @Test("The review lists rows hidden by a filter, marked")
  func hidden() throws {
    var (world, plan) = try world(true)
    let row = try #require(world.inbox.row(try Fixture.handshake(World.id(1))))
    _ = plan.stage(.accept, row, in: world.inbox, from: World.place, at: World.now)
    #expect(ReviewSheet(plan, in: world.inbox).together.allSatisfy { !$0.isHidden })
    world.inbox.setFilter(try RowFilter(World.id(3)), in: .inbox, at: World.now)
    let sheet = ReviewSheet(plan, in: world.inbox)
    #expect((sheet.together + sheet.alone).map(\.isHidden) == [true])
    #expect(sheet.steps.flatMap(\.items).map(\.id.text) == [World.id(1)])
  }

  @Test("Letters are two of the alphabet, and differ from one drawing to the next")
  func letters() {
    let random = SeededBytes(seed: 3)
    let drawn = (0..<200).map { _ in ConfirmationLetters.draw(from: random) }
    for letters in drawn {
      #expect(letters.utf8.count == 2)
      #expect(letters.utf8.allSatisfy { (0x61...0x7A).contains($0) })
    }
    #expect(Set(drawn).count > 100)
  }
}
