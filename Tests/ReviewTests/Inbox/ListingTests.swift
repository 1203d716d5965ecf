import Model
import ReviewInbox
import TestSupport
import Testing
import Text

@Suite("Ordered and filtered listings")
struct ListingTests {
  /// Five rows that differ in every field.
  static func rows() throws -> [Handshake] {
    var transfer = try World.invitation(4, to: World.sandbox) {
      $0.organization = World.globex
      $0.sender = World.globexManager
      $0.name = "Globex Corp"
      $0.requested = World.now - .days(1)
    }.asTransfer()
    transfer.state = .requested
    var expired = try World.invitation(2) { $0.requested = World.now - .days(20) }
    expired.state = .unknown(Untrusted("PAUSED"))
    return [
      try World.invitation(3, to: World.sandbox) { $0.requested = World.now - .days(3) },
      transfer, expired,
      try World.invitation(1) {
        $0.requested = World.now - .days(2)
        $0.organization = "o-zz9y8x7w6v"
        $0.name = "Acme Ho1dings"
      },
      try World.invitation(5) { $0.requested = World.now - .days(9) }.asConsent(of: "abcdefgh12"),
    ]
  }

  static func world(trust: TrustList = TrustList()) throws -> World {
    var world = try World(trust: trust)
    let rows = try rows()
    world.read(
      try World.source(World.acmeDev), rows.filter { $0.recipientAccount?.text == World.acmeDev })
    world.read(
      try World.source(World.sandbox), rows.filter { $0.recipientAccount?.text == World.sandbox })
    world.inbox.admit()
    return world
  }

  @Test(
    "Every order, and its reverse with ties still by expiry",
    arguments: [
      ("expires", [1, 2, 3, 4, 5]), ("-expires", [5, 4, 3, 2, 1]),
      ("sent", [2, 5, 3, 1, 4]), ("-sent", [4, 1, 3, 5, 2]),
      ("org", [2, 3, 5, 4, 1]), ("-org", [1, 4, 2, 3, 5]),
      ("account", [1, 2, 5, 3, 4]), ("-account", [3, 4, 1, 2, 5]),
      ("state", [4, 1, 3, 5, 2]), ("-state", [2, 1, 3, 5, 4]),
      ("action", [1, 2, 3, 5, 4]), ("-action", [4, 5, 1, 2, 3]),
      ("id", [1, 2, 3, 4, 5]), ("-id", [5, 4, 3, 2, 1]),
    ])
  func orders(text: String, expected: [Int]) throws {
    var world = try Self.world()
    world.inbox.setOrder(try #require(RowOrder(text)), in: .inbox)
    #expect(world.shown() == expected.map(World.id))
  }

  @Test("An order is written as it is read; an unknown field is refused")
  func orderText() {
    for field in RowOrder.Field.allCases {
      for text in [field.rawValue, "-" + field.rawValue] {
        #expect(RowOrder(text)?.text == text)
      }
    }
    for text in ["", "-", "--id", "Expires", "id "] { #expect(RowOrder(text) == nil) }
  }

  @Test(
    "Every term of the filter",
    arguments: [
      ("", [1, 2, 3, 4, 5]), ("org:globex", [4]), ("org:O-A1B2", [2, 3, 5]),
      ("org:9999", [1, 2, 3, 5]), ("org:\"acme ho1\"", [1]), ("account:4444", [1, 2, 3, 4, 5]),
      ("account:444455556666", [3, 4]), ("account:profile-2222", [1, 2, 5]),
      ("profile:4444", [1, 2, 3, 4, 5]), ("profile:profile-4444", [3, 4]),
      ("state:open", [1, 3, 5]), ("state:req", [4]), ("state:pending", [1, 3, 4, 5]),
      ("action:transfer", [4]), ("action:all_features", [5]), ("expires:<2h", [1, 2]),
      ("expires:>3h", [4, 5]), ("trust:ok", [2, 3, 5]), ("trust:new", [1, 4]), ("trust:own", []),
      ("chg-4411 ho1dings", [1]), ("\"Acme HOLDINGS\"", [2, 3, 5]), (World.id(3), [3]),
      ("paused", [2]),
      ("nothing-has-this", []), ("org:acme state:open account:4444 expires:<2h", [1]),
      ("\"4411 move\"", [1, 2, 3, 4, 5]), ("arn:aws", []),
    ])
  func filters(text: String, expected: [Int]) throws {
    var world = try Self.world(trust: try World.trusting())
    world.inbox.setFilter(try RowFilter(text), in: .inbox, at: World.now)
    #expect(world.shown() == expected.map(World.id), "\(text)")
  }

  @Test(
    "An error in a filter names the invalid part",
    arguments: [
      ("orgs:x", RowFilter.Problem.unknownKey(Untrusted("orgs"))),
      ("a \"b", .openQuote), ("org:", .emptyValue(key: "org")),
      ("state:closed", .notAState(Untrusted("closed"))),
      ("trust:yes", .notATrust(Untrusted("yes"))), ("expires:3d", .notAnExpiry(Untrusted("3d"))),
      ("expires:<3", .notAnExpiry(Untrusted("<3"))),
      (":x", .unknownKey(Untrusted(""))),
    ])
  func problems(text: String, expected: RowFilter.Problem) {
    #expect(throws: expected) { try RowFilter(text) }
  }

  @Test("A page costs a search for its rows, not a sort of everything")
  func workOfAPage() throws {
    var world = try World([World.acmeDev])
    let source = try World.source(World.acmeDev)
    var random = SeededRandom(seed: 7)
    let rows = try (1...4_000).map { try World.invitation($0) }.shuffled(using: &random)
    world.read(source, rows.dropLast(20))
    let before = world.inbox.listing(.inbox).work
    world.read(source, rows, at: World.now + .minutes(1))
    world.inbox.admit()
    let after = world.inbox.listing(.inbox).work
    #expect(after.sorts == 0)
    // Sorting 4,000 rows takes some 44,000 comparisons.
    #expect(after.comparisons - before.comparisons < 20 * (12 + 1) + 20 * 6)
    #expect(after.keysMade - before.keysMade == 20)
    let isInOrder = world.shown() == (1...4_000).map(World.id)
    #expect(isInOrder)
  }

  @Test("A filter that is extended searches its last result only")
  func workOfAKeystroke() throws {
    var world = try World([World.acmeDev])
    world.read(
      try World.source(World.acmeDev), try (1...1_000).map { try World.invitation($0) })
    world.inbox.setFilter(try RowFilter("h-000009"), in: .inbox, at: World.now)
    #expect(world.inbox.listing(.inbox).work.rowsTested == 1_000)
    #expect(world.inbox.listing(.inbox).count == 100)
    world.inbox.setFilter(try RowFilter("h-0000095"), in: .inbox, at: World.now)
    #expect(world.inbox.listing(.inbox).work.rowsTested == 1_100)
    #expect(world.inbox.listing(.inbox).count == 10)
    world.inbox.setFilter(.none, in: .inbox, at: World.now)
    #expect(world.inbox.listing(.inbox).work.rowsTested == 1_100)
    #expect(world.inbox.listing(.inbox).count == 1_000)
    #expect(world.inbox.listing(.inbox).work.keysMade == 1_000)
  }

  @Test("A word is searched in the row's current text")
  func searchAfterChange() throws {
    var world = try World([World.acmeDev])
    let source = try World.source(World.acmeDev)
    world.read(source, [try World.invitation(1)])
    world.inbox.setFilter(try RowFilter("second"), in: .inbox, at: World.now)
    #expect(world.shown() == [])
    world.read(source, [try World.invitation(1) { $0.notes = "the second" }])
    world.inbox.setFilter(.none, in: .inbox, at: World.now)
    world.inbox.setFilter(try RowFilter("second"), in: .inbox, at: World.now)
    #expect(world.shown() == [World.id(1)])
  }
}
