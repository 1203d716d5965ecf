import Model
import ReviewAnswering
import ReviewInbox
import ReviewJournal
import TestSupport
import Testing
import Text

@Suite("The plan (UX-5.1, UX-9.1)")
struct PlanTests {
  private static func world() throws -> World {
    var world = try World(
      [World.acmeDev, World.sandbox, World.acmeManager], managers: [World.acmeManager: World.acme])
    world.read(
      try World.source(World.acmeDev), [try World.invitation(1), try World.invitation(2)])
    world.read(try World.source(World.sandbox), [try World.invitation(3, to: World.sandbox)])
    return world
  }

  private static func stage(_ answer: Answer, _ number: Int, _ plan: inout Plan, _ world: World)
    throws -> Result<PlanItem, Plan.Refusal>
  {
    let row = try #require(world.inbox.row(try Fixture.handshake(World.id(number))))
    return plan.stage(answer, row, in: world.inbox, from: World.place, at: World.now)
  }

  @Test("A staged answer is frozen with the acting account and a fingerprint of what was shown")
  func frozen() throws {
    let world = try Self.world()
    var plan = Plan()
    let item = try Self.stage(.cancel, 1, &plan, world).get()
    let manager = try Fixture.account(World.acmeManager)
    #expect(item.account == manager)
    #expect(item.actor?.organization?.id.text == World.acme)
    #expect(item.seen == (try World.invitation(1)))
    #expect(
      item.fingerprint
        == Fingerprint(of: try World.invitation(1), for: manager, at: World.place))
  }

  @Test("At most one accept an account: the second is refused until the first is unstaged")
  func secondAccept() throws {
    let world = try Self.world()
    var plan = Plan()
    let first = try Fixture.handshake(World.id(1))
    let second = try Fixture.handshake(World.id(2))
    let account = try Fixture.account(World.acmeDev)
    _ = try Self.stage(.accept, 1, &plan, world).get()
    #expect(
      try Self.stage(.accept, 2, &plan, world) == .failure(.secondAccept(first, account)))
    #expect(plan.blocked == [second: .secondAccept(first, account)])
    #expect(plan.count(of: .accept) == 1)
    _ = try Self.stage(.decline, 2, &plan, world).get()
    #expect(plan.blocked.isEmpty)
    #expect(try Self.stage(.accept, 2, &plan, world) == .failure(.secondAccept(first, account)))
    #expect(plan[second]?.answer == .decline)
    plan.unstage(first)
    #expect(plan.blocked.isEmpty)
    _ = try Self.stage(.accept, 2, &plan, world).get()
    #expect(plan.items.map(\.id) == [second])
  }

  @Test("An accept that is staged again still blocks the other one")
  func stagedAgain() throws {
    let world = try Self.world()
    var plan = Plan()
    let (first, second) = (
      try Fixture.handshake(World.id(1)), try Fixture.handshake(World.id(2))
    )
    let account = try Fixture.account(World.acmeDev)
    _ = try Self.stage(.accept, 1, &plan, world).get()
    #expect(try Self.stage(.accept, 2, &plan, world) == .failure(.secondAccept(first, account)))
    _ = try Self.stage(.accept, 1, &plan, world).get()
    #expect(plan.blocked == [second: .secondAccept(first, account)])
    #expect(plan.items.map(\.id) == [first])
    _ = try Self.stage(.decline, 1, &plan, world).get()
    #expect(plan.blocked.isEmpty)
  }

  @Test("An accept that becomes a decline makes room for another")
  func replacing() throws {
    let world = try Self.world()
    var plan = Plan()
    _ = try Self.stage(.accept, 1, &plan, world).get()
    _ = try Self.stage(.decline, 1, &plan, world).get()
    _ = try Self.stage(.accept, 2, &plan, world).get()
    #expect(plan.items.map(\.answer) == [.decline, .accept])
  }

  @Test("Declines are sent first, then cancels, then accepts")
  func order() throws {
    let world = try Self.world()
    var plan = Plan()
    _ = try Self.stage(.accept, 3, &plan, world).get()
    _ = try Self.stage(.cancel, 1, &plan, world).get()
    _ = try Self.stage(.decline, 2, &plan, world).get()
    #expect(plan.inSendingOrder.map(\.answer) == [.decline, .cancel, .accept])
    #expect(plan.items.map(\.answer) == [.accept, .cancel, .decline])
  }

  @Test("An answer that the rules forbid is not staged, with the reason")
  func impediments() throws {
    var world = try Self.world()
    var damaged = try World.invitation(7)
    damaged.damage = [Damage(.missing, at: "State")]
    world.read(
      try World.source(World.acmeDev),
      [damaged, try World.invitation(8) { $0.state = .declined }])
    var plan = Plan()
    #expect(try Self.stage(.accept, 7, &plan, world) == .failure(.impediment(.damaged)))
    #expect(
      try Self.stage(.accept, 8, &plan, world) == .failure(.impediment(.settled(.declined))))
    let row = try #require(world.inbox.row(try Fixture.handshake(World.id(1))))
    let result = plan.stage(.accept, row, in: world.inbox, from: World.place, at: nil)
    #expect(result == .failure(.noTime))
    #expect(plan.isEmpty)
  }

  @Test("Two wrong organizations lock a row for good: it leaves the plan and cannot be staged")
  func locks() throws {
    let world = try Self.world()
    var plan = Plan()
    let id = try Fixture.handshake(World.id(1))
    _ = try Self.stage(.accept, 1, &plan, world).get()
    let isLockedByFirst = plan.recordMismatch(id)
    #expect(!isLockedByFirst)
    #expect(plan[id] != nil)
    let isLockedBySecond = plan.recordMismatch(id)
    #expect(isLockedBySecond)
    #expect(plan[id] == nil)
    #expect(try Self.stage(.accept, 1, &plan, world) == .failure(.locked))
    _ = try Self.stage(.decline, 1, &plan, world).get()
  }

  @Test(
    "After any sequence of staging and unstaging, an account never has two accepts",
    arguments: 1...20)
  func property(seed: Int) throws {
    var random = SeededRandom(seed: UInt64(seed))
    var world = try World()
    for account in [World.acmeDev, World.sandbox] {
      let numbers = (0..<6).map { $0 + (account == World.acmeDev ? 1 : 11) }
      world.read(
        try World.source(account), try numbers.map { try World.invitation($0, to: account) })
    }
    world.inbox.admit()
    var plan = Plan()
    for _ in 0..<200 {
      let number = Int.random(in: 1...6, using: &random) + (Bool.random(using: &random) ? 0 : 10)
      switch Int.random(in: 0..<4, using: &random) {
      case 0: plan.unstage(try Fixture.handshake(World.id(number)))
      case 1: _ = try Self.stage(.decline, number, &plan, world)
      default: _ = try Self.stage(.accept, number, &plan, world)
      }
      let accepts = plan.items.filter { $0.answer == .accept }.map(\.account)
      #expect(Set(accepts).count == accepts.count)
      #expect(Set(plan.items.map(\.id)).count == plan.items.count)
      for (id, refusal) in plan.blocked {
        guard case .secondAccept(let blocker, _) = refusal else { continue }
        #expect(plan[blocker] != nil && id != blocker)
      }
    }
  }
}
