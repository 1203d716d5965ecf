import Model
import ReviewAnswering
import ReviewInbox
import ReviewJournal
import ReviewWording
import TestSupport
import Testing
import Text

@Suite("The answering of handshakes that are named (UX-21)")
struct AnswerFlowTests {
  /// Three invitations: two to one account, one to another, none from a trusted organization.
  private static func world() throws -> World {
    var world = try World(trust: try World.trusting())
    world.read(
      try World.source(World.acmeDev), [try World.invitation(1), try World.invitation(2)])
    world.read(
      try World.source(World.sandbox),
      [
        try World.invitation(3, to: World.sandbox),
        try World.invitation(4, to: World.sandbox) {
          $0.organization = World.globex
          $0.sender = World.globexManager
        },
      ])
    return world
  }

  private static func flow(
    _ answer: Answer, _ ids: [Int], expected: String = World.acme, in world: World
  ) throws -> AnswerFlow {
    let ids = try ids.map { try Fixture.handshake(World.id($0)) }
    var flow = AnswerFlow(
      CommandRequest(
        answer, expectedOrganization: try Fixture.organization(expected),
        reason: Untrusted("CHG-1"), isConfirmed: true), naming: ids)
    flow.plan(HandshakeSearch(flow.ids, in: world.inbox), from: World.place, at: World.now)
    return flow
  }

  @Test("plans each id once, in the order given, and holds what was not found")
  func plans() throws {
    let world = try Self.world()
    let flow = try Self.flow(.accept, [3, 9, 1, 3], in: world)
    #expect(flow.ids.map(\.text) == [3, 9, 1].map(World.id))
    #expect(flow.lines.map(\.item.id.text) == [3, 1].map(World.id))
    #expect(flow.held == [try Fixture.handshake(World.id(9)): .unseen])
    #expect(flow.refusal == nil)
    #expect(flow.writes.map(\.handshake) == flow.lines.map(\.item.id))
    #expect(
      flow.actors(in: world.inbox).map(\.text).sorted() == [World.acmeDev, World.sandbox])
    let entries = flow.entries([WriteResult(.done(nil, nil)), WriteResult(.notTried(.asked))])
    #expect(entries.map(\.id.text) == [3, 9, 1].map(World.id))
    #expect(entries.map(\.status) == [.done, .failed, .failed])
    #expect(entries.map(\.isUntried) == [false, false, true])
    #expect(
      ExitSummary(entries.compactMap(\.sent)).untried == "not sent: \(World.id(1))")
  }

  @Test(
    "refuses by the same rules as a review: another organization, a second accept, T3 with others")
  func refusals() throws {
    let world = try Self.world()
    #expect(
      try Self.flow(.accept, [1, 4], in: world).refusal
        == .otherOrganization(try Fixture.handshake(World.id(4))))
    guard case .notStaged(_, .secondAccept) = try Self.flow(.accept, [1, 2], in: world).refusal
    else {
      Issue.record("two accepts for one account")
      return
    }
    let alone = try Self.flow(.accept, [4, 9], expected: World.globex, in: world)
    guard case .notAlone = alone.refusal else {
      Issue.record("T3 is sent together with another")
      return
    }
    #expect(try Self.flow(.accept, [4], expected: World.globex, in: world).refusal == nil)
    #expect(try Self.flow(.decline, [1, 4], in: world).refusal == nil)
  }

  @Test("several ids have one status: unknown first, then partly, refused, failed, done")
  func statuses() {
    let table: [([AnswerStatus], AnswerStatus)] = [
      ([], .done), ([.done, .done], .done), ([.done, .failed], .partly),
      ([.failed, .refused], .refused), ([.done, .unknown], .unknown),
      ([.failed, .failed], .failed), ([.partly, .refused], .partly),
    ]
    for (statuses, expected) in table { #expect(AnswerStatus.combined(statuses) == expected) }
    #expect(WriteResult(.done(nil, nil), unwritten: .broken).status == .partly)
  }

  @Test("the summary has one line for each answer that was sent")
  func summary() throws {
    let world = try Self.world()
    let item = try Self.flow(.accept, [1], in: world).lines[0].item
    let outcomes: [(WriteResult, String)] = [
      (WriteResult(.done(nil, nil)), "accepted"),
      (WriteResult(.done(nil, .handshake)), "accepted, by this or another session"),
      (
        WriteResult(.done(nil, nil), unwritten: .broken),
        "accepted (not recorded in the journal)"
      ),
      (WriteResult(.notApplied(.open)), "sent, but not applied: still OPEN"),
      (WriteResult(.heldBack(.damaged)), "not sent: its record is damaged"),
    ]
    for (result, words) in outcomes {
      #expect(
        ExitSummary([SentAnswer(item: item, result: result)]).lines(in: .utf8)
          == ["accept \(World.id(1)) as \(World.acmeDev): \(words)"])
    }
  }
}
