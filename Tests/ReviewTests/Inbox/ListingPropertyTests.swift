import Model
import ReviewAnswering
import ReviewInbox
import TestSupport
import Testing
import Text

@Suite("Listings under any sequence of events")
struct ListingPropertyTests {
  @Test(
    "Marks, focus and plan stay; the rows are those of a fresh sort and filter",
    arguments: 1...12 as ClosedRange<UInt64>)
  func sequences(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    var world = try World([World.acmeDev])
    let source = try World.source(World.acmeDev)
    var known = try (1...60).map { try World.invitation($0 * 7 % 61) }
    world.read(source, known)
    var plan = Plan()
    let marks = Set(world.inbox.keys(3..<9, in: .inbox))
    for key in marks {
      let row = try #require(world.inbox.row(key))
      _ = plan.stage(.decline, row, in: world.inbox, from: World.place, at: World.now)
    }
    let staged = plan
    for step in 0..<40 {
      try act(&world, &known, step, &random)
      #expect(plan == staged)
      for key in marks { #expect(world.inbox.row(key)?.key == key) }
      try checkShown(world)
    }
  }

  private func act(
    _ world: inout World, _ known: inout [Handshake], _ step: Int, _ random: inout SeededRandom
  ) throws {
    let orders = RowOrder.Field.allCases
    switch Int.random(in: 0..<5, using: &random) {
    case 0:
      let field = orders[Int.random(in: 0..<orders.count, using: &random)]
      world.inbox.setOrder(
        RowOrder(field, descending: Bool.random(using: &random)), in: .inbox)
    case 1:
      let texts = ["", "h-0000001", "acme", "state:open", "expires:<30h", "org:acme 44"]
      let text = texts[Int.random(in: 0..<texts.count, using: &random)]
      world.inbox.setFilter(try RowFilter(text), in: .inbox, at: World.now)
    case 2:
      known.append(try World.invitation(100 + step))
      world.read(try World.source(World.acmeDev), known)
    case 3:
      let index = Int.random(in: 0..<known.count, using: &random)
      known[index].expires = World.now + .hours(Int64.random(in: 1...90, using: &random))
      world.read(try World.source(World.acmeDev), known)
    default: world.inbox.admit()
    }
  }

  private func checkShown(_ world: World) throws {
    let listing = world.inbox.listing(.inbox)
    let keys = world.inbox.keys(0..<listing.count, in: .inbox)
    #expect(Set(keys).count == keys.count)
    for (position, key) in keys.enumerated() {
      #expect(world.inbox.position(of: key, in: .inbox) == position)
    }
    // After everything has settled, a new listing shows the same.
    var settled = world
    settled.inbox.admit()
    var fresh = try World([World.acmeDev])
    fresh.inbox.setOrder(listing.order, in: .inbox)
    let rows = settled.inbox.keys(0..<200, in: .inbox).compactMap { settled.inbox.row($0) }
    fresh.read(try World.source(World.acmeDev), rows.map(\.handshake))
    fresh.inbox.setFilter(listing.filter, in: .inbox, at: World.now)
    #expect(fresh.shown() == settled.shown())
  }
}
