import Model
import ReviewAnswering
import ReviewInbox
import ReviewWording
import TestSupport
import Testing
import Text

@Suite("The confirmation tiers as flags (UX-21)")
struct CommandRulesTests {
  private func lines(_ numbers: [Int], trusted: Bool = true) throws -> [ReviewSheet.Line] {
    var world = try World(trust: trusted ? try World.trusting() : TrustList())
    world.read(try World.source(World.acmeDev), [try World.invitation(1)])
    world.read(
      try World.source(World.sandbox),
      [
        try World.invitation(3, to: World.sandbox),
        try World.invitation(4, to: World.sandbox) {
          $0.organization = World.globex
          $0.sender = World.globexManager
        },
      ])
    return try numbers.map { number in
      let row = try #require(world.inbox.row(try Fixture.handshake(World.id(number))))
      var plan = Plan()
      let item = try plan.stage(
        .accept, row, in: world.inbox, from: World.place, at: World.now
      ).get()
      return ReviewSheet.Line(item, in: world.inbox, shownIn: [])
    }
  }

  private func accept(_ organization: String? = World.acme, reason: String? = "CHG-1") throws
    -> CommandRequest
  {
    CommandRequest(
      .accept, expectedOrganization: try organization.map { try Fixture.organization($0) },
      reason: reason.map { Untrusted($0) })
  }

  @Test("requests that create a handshake have the same tiers")
  func making() throws {
    let reason = Untrusted("CHG-1")
    let acme = try Fixture.organization(World.acme)
    let other = try Fixture.organization(World.globex)
    let account = try Fixture.account(World.acmeManager)
    #expect(MakingRequest(.invite).refusal == .reasonMissing)
    #expect(MakingRequest(.invite, reason: Untrusted("\u{200B}")).refusal == .reasonMissing)
    #expect(MakingRequest(.invite, reason: reason).refusal == nil)
    let unsaid = MakingRequest(.enableAllFeatures(expected: nil), reason: reason)
    #expect(unsaid.refusal == .expectationMissing)
    let said = MakingRequest(.enableAllFeatures(expected: acme), reason: reason)
    #expect(said.refusal == nil)
    #expect(said.refusal(of: account, in: acme) == nil)
    for organization in [other, nil] {
      #expect(
        said.refusal(of: account, in: organization)
          == .organizationDiffers(account, organization))
    }
  }

  @Test("Read-only, a missing expectation, confirmation or reason stop a command")
  func flags() throws {
    #expect(try accept().refusal == nil)
    #expect(try accept(nil).refusal == .expectationMissing)
    #expect(try accept(reason: nil).refusal == .reasonMissing)
    for blank in [" \t", "\u{200B}", "\u{A0}\u{2800}", "\u{3164}", "\u{E0020}", "\u{301}"] {
      #expect(try accept(reason: blank).refusal == .reasonMissing)
      #expect(RunSettings(place: World.place, reason: Untrusted(blank)).reason == nil)
    }
    let reason = Untrusted("x")
    for answer in [Answer.decline, .cancel] {
      #expect(CommandRequest(answer, reason: reason).refusal == .confirmationMissing)
      #expect(CommandRequest(answer, isConfirmed: true).refusal == .reasonMissing)
      #expect(CommandRequest(answer, reason: reason, isConfirmed: true).refusal == nil)
    }
    #expect(
      CommandRequest(.decline, reason: reason, isConfirmed: true, isReadOnly: true).refusal
        == .readOnly)
  }

  private func refusal(
    _ organization: String = World.acme, of numbers: [Int], naming: [Int]? = nil,
    trusted: Bool = true
  ) throws -> SafetyRefusal? {
    try accept(organization).refusal(
      naming: try (naming ?? numbers).map { try Fixture.handshake(World.id($0)) },
      lines: try lines(numbers, trusted: trusted))
  }

  @Test("The expected organization must match every id")
  func expectation() throws {
    #expect(try refusal(of: [1, 3]) == nil)
    #expect(
      try refusal(of: [1, 4])
        == .otherOrganization(try Fixture.handshake(World.id(4))))
    #expect(
      try refusal(World.globex, of: [1])
        == .otherOrganization(try Fixture.handshake(World.id(1))))
  }

  @Test("An answer that is confirmed alone on the screen is accepted only as the only id")
  func alone() throws {
    #expect(try refusal(of: [1], trusted: false) == nil)
    #expect(
      try refusal(of: [1, 3], trusted: false)
        == .notAlone(try Fixture.handshake(World.id(1)), [.notTrusted]))
    // Nor is it the only one when the other id cannot be answered.
    #expect(
      try refusal(of: [1], naming: [1, 9], trusted: false)
        == .notAlone(try Fixture.handshake(World.id(1)), [.notTrusted]))
  }

  @Test("Two accepts for one account are not sent: which of them is meant is unknown")
  func secondAccept() throws {
    let first = try Fixture.handshake(World.id(1))
    let second = try Fixture.handshake(World.id(3))
    let refused = Plan.Refusal.secondAccept(first, try Fixture.account(World.acmeManager))
    #expect(
      try accept().refusal(
        naming: [first, second], lines: try lines([1]), refused: [second: refused])
        == .notStaged(second, refused))
  }

  @Test("Every refusal has words, and none names the sender's organization")
  func words() throws {
    let id = try Fixture.handshake(World.id(1))
    let all: [SafetyRefusal] = [
      .readOnly, .reasonMissing, .confirmationMissing, .expectationMissing, .otherOrganization(id),
      .notAlone(id, [.notTrusted, .movesOut(of: try Fixture.organization(World.globex))]),
      .notStaged(id, .locked),
    ]
    for refusal in all {
      let words = Explanation(refusal, to: .accept, in: .ascii)
      for text in [words.what, words.why, words.remedy] {
        #expect(!text.isEmpty)
        #expect(!text.contains(World.acme))
        #expect(text.utf8.allSatisfy { (0x20...0x7E).contains($0) })
      }
    }
  }
}
