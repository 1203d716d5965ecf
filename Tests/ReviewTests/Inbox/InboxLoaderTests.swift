import Model
import TestSupport
import Testing
import Text

@testable import ReviewAnswering
@testable import ReviewInbox
@testable import ReviewJournal
@testable import ReviewWording

/// Two management accounts and a member, with pages of what each of them lists.
private struct Listings {
  static let accounts = [World.acmeManager, World.globexManager, World.acmeDev]
  var pages: [SourceKey: [Page]] = [:]
  var identities: [AccountID: Result<Reply<Identity>, BackendError>] = [:]

  /// Each account receives three pages and its organization sent two; some rows are seen twice.
  init() throws {
    for (index, text) in Self.accounts.enumerated() {
      let account = try Fixture.account(text)
      let organization = text == World.globexManager ? World.globex : World.acme
      let manager = text == World.globexManager ? World.globexManager : World.acmeManager
      identities[account] = .success(
        Reply(
          try Fixture.identity(text, in: organization, managedBy: manager), at: World.now))
      let received = try (0..<3).map { page in
        try [World.invitation(10 * index + page, to: text), World.invitation(90, to: text)]
      }
      let sent = try (0..<2).map { page in try [World.invitation(10 * (index + 1) + page)] }
      pages[SourceKey(account, .received)] = Self.pages(received)
      pages[SourceKey(account, .sent)] = Self.pages(sent)
    }
  }

  private static func pages(_ handshakes: [[Handshake]]) -> [Page] {
    handshakes.enumerated().map { index, rows in
      let isLast = index + 1 == handshakes.count
      return Page(
        handshakes: rows, next: isLast ? nil : PageToken(Untrusted("\(index + 1)")))
    }
  }

  func reply(to request: ReadRequest) -> ReadReply {
    switch request {
    case .account(let name): return .account(name, .failure(InboxTests.denied))
    case .identity(let account):
      return .identity(account, identities[account] ?? .failure(InboxTests.denied))
    case .page(let pass, let token):
      let index = token.flatMap { $0.text.asciiText }.flatMap { Int($0) } ?? 0
      let page = pages[pass.source]?[index] ?? Page(handshakes: [], next: nil)
      return .page(pass, .success(Reply(page, at: World.now + .seconds(Int64(index)))))
    case .handshake(let id, let account):
      return .handshake(id, as: account, .failure(InboxTests.denied))
    }
  }

  func loader(
    _ order: InboxLoader.Order, side: RowSelection.Side = .either, trust: TrustList = TrustList()
  ) throws -> InboxLoader {
    InboxLoader(
      Inbox(
        profiles: try Self.accounts.map {
          Profile(account: try Fixture.account($0), name: Untrusted($0))
        }, trust: trust, views: [RowSelection(side, .all)]), side: side, order: order)
  }

  /// Answers all requests; `choose` picks the next of a number that are under way.
  func read(_ loader: inout InboxLoader, choose: (Int) -> Int = { _ in 0 }) -> [ReadRequest] {
    var underWay = loader.begin()
    var all = underWay
    while !underWay.isEmpty, all.count < 5_000 {
      let request = underWay.remove(at: choose(underWay.count))
      let next = loader.handle(reply(to: request), at: .zero)
      underWay += next
      all += next
    }
    return all
  }
}

@Suite("The loader of the inbox (UX-10, DOM-8)")
struct InboxLoaderTests {
  @Test("In the order of the requests the same replies make the same inbox, however they arrive")
  func orderOfArrival() throws {
    let listings = try Listings()
    var first = try listings.loader(.request, trust: try World.trusting())
    #expect(listings.read(&first).count == 3 + 3 * (3 + 2))
    let rows = first.inbox.rows()
    #expect(rows.count == 12)
    #expect(first.inbox.sourcesInOrder.allSatisfy { $0.fresh != nil })
    for seed in 1...50 {
      var random = SeededRandom(seed: UInt64(seed))
      var other = try listings.loader(.request, trust: try World.trusting())
      _ = listings.read(&other) { Int.random(in: 0..<$0, using: &random) }
      #expect(other.inbox.rows() == rows)
      #expect(other.inbox.sourcesInOrder.map(\.key) == first.inbox.sourcesInOrder.map(\.key))
    }
  }

  @Test("As they arrive, pages are shown before the other accounts are known")
  func arrival() throws {
    let listings = try Listings()
    var loader = try listings.loader(.arrival)
    let requests = loader.begin()
    #expect(requests.count == 3)
    let pages = loader.handle(listings.reply(to: requests[0]), at: .zero)
    #expect(pages.count == 2)
    _ = loader.handle(listings.reply(to: pages[0]), at: .zero)
    #expect(loader.inbox.rows().count == 2)
  }

  @Test(
    "A token that comes again makes its account unknown and ends its reading, in both orders",
    arguments: [InboxLoader.Order.arrival, .request])
  func repeatedToken(order: InboxLoader.Order) throws {
    var listings = try Listings()
    let key = try World.source(World.acmeManager)
    listings.pages[key]?[2].next = PageToken(Untrusted("1"))
    var loader = try listings.loader(order)
    #expect(listings.read(&loader).count == 3 + 3 * (3 + 2))
    guard case .failed(let error) = loader.inbox.sources[key]?.status else {
      Issue.record("a listing that repeats is complete")
      return
    }
    #expect(error.failure == .unreadable(Untrusted("the listing's pages repeat")))
    // What it listed until then is shown.
    #expect(loader.inbox.row(try Fixture.handshake(World.id(2))) != nil)
  }

  @Test(
    "Empty pages without an end make their account unknown, in both orders",
    arguments: [InboxLoader.Order.arrival, .request])
  func emptyPages(order: InboxLoader.Order) throws {
    var listings = try Listings()
    let key = try World.source(World.globexManager)
    listings.pages[key] = (0..<1_200).map {
      Page(handshakes: [], next: PageToken(Untrusted("\($0 + 1)")))
    }
    var loader = try listings.loader(order)
    #expect(listings.read(&loader).count == 3 + 2 * (3 + 2) + 1_001 + 2)
    guard case .failed(let error) = loader.inbox.sources[key]?.status else {
      Issue.record("a listing without an end is complete")
      return
    }
    #expect(
      error.failure
        == .unreadable(Untrusted("the listing has more than 1000 empty pages in a row")))
  }

  @Test(
    "Credentials of another account, and an identity that cannot be read, make the account unknown",
    arguments: [InboxLoader.Order.arrival, .request])
  func identities(order: InboxLoader.Order) throws {
    var listings = try Listings()
    let (wrong, denied) = (
      try Fixture.account(World.acmeManager), try Fixture.account(World.acmeDev)
    )
    listings.identities[wrong] = .success(
      Reply(try Fixture.identity("123412341234"), at: World.now))
    listings.identities[denied] = .failure(InboxTests.denied)
    var loader = try listings.loader(order)
    #expect(listings.read(&loader).count == 3 + 5)
    for account in [wrong, denied] {
      #expect(loader.inbox.identity(account) == nil)
      #expect(loader.inbox.unidentified[account] != nil)
      #expect(loader.inbox.sources[SourceKey(account, .received)]?.status.hasEnded == true)
      #expect(loader.inbox.sources[SourceKey(account, .received)]?.fresh == nil)
    }
  }

  @Test("An account without a reader is a failed read, not an empty one")
  func noReader() async throws {
    let listings = try Listings()
    var loader = try listings.loader(.request)
    let reads = ReadService { _ in nil }
    await reads.perform(loader.begin(), atOnce: 2) { loader.handle($0, at: .zero) }
    #expect(loader.inbox.unidentified.count == 3)
    #expect(loader.inbox.unidentified.values.allSatisfy { $0.operation == .describeOrganization })
  }

  @Test("Only the listings are read that can contain rows of the side")
  func sides() throws {
    let listings = try Listings()
    let expected: [(RowSelection.Side, Int)] = [(.either, 15), (.sent, 6), (.received, 13)]
    for (side, pages) in expected {
      var loader = try listings.loader(.request, side: side)
      #expect(listings.read(&loader).count == 3 + pages)
    }
  }

  @Test("Profiles are resolved sixteen at a time, and read once their account is known")
  func profiles() throws {
    let names = (0..<20).map { Untrusted("profile-\($0)") }
    for order in [InboxLoader.Order.arrival, .request] {
      var loader = InboxLoader(Inbox(profiles: [], unresolved: names), order: order)
      let first = loader.begin()
      #expect(first == names.prefix(16).map { .account($0) })
      let account = try Fixture.account(World.acmeDev)
      #expect(
        loader.handle(.account(names[0], .success(account)), at: .zero)
          == [.identity(account), .account(names[16])])
      for name in names[1...] {
        _ = loader.handle(.account(name, .failure(InboxTests.denied)), at: .zero)
      }
      let identity = Reply(try Fixture.identity(World.acmeDev), at: World.now)
      #expect(loader.handle(.identity(account, .success(identity)), at: .zero).count == 1)
    }
  }
}

extension Inbox {
  /// The rows of the first view.
  fileprivate func rows() -> [Row] {
    let view = listings[0].selection
    return (0..<listing(view).count).compactMap { row($0, in: view) }
  }
}

@Suite("The search for handshakes by id")
struct HandshakeSearchTests {
  private static func search(
    _ ids: [Int], searchesOn: Bool = false, trust: TrustList = TrustList()
  ) throws -> HandshakeSearch {
    let inbox = Inbox(
      profiles: try Listings.accounts.map {
        Profile(account: try Fixture.account($0), name: Untrusted($0))
      }, trust: trust, views: [])
    return HandshakeSearch(
      try ids.map { try Fixture.handshake(World.id($0)) }, in: inbox, searchesOn: searchesOn)
  }

  /// Answers all requests: the handshake is known to these accounts.
  private static func run(
    _ search: inout HandshakeSearch, knownTo accounts: [String],
    _ handshake: Handshake
  ) throws -> [ReadRequest] {
    let listings = try Listings()
    var underWay = search.begin()
    var all = underWay
    while let request = underWay.popLast() {
      var reply = listings.reply(to: request)
      if case .handshake(let id, let account) = request, accounts.contains(account.text) {
        reply = .handshake(id, as: account, .success(Reply(handshake, at: World.now)))
      }
      underWay = search.handle(reply, at: .zero)
      all += underWay
    }
    return all
  }

  @Test("The first account that can read it is enough, unless it has to be one that may answer")
  func accounts() throws {
    let handshake = try World.invitation(1)
    let id = try Fixture.handshake(World.id(1))
    for (searchesOn, reads) in [(false, 2), (true, 5)] {
      var search = try Self.search([1], searchesOn: searchesOn)
      let known = [World.acmeManager, World.acmeDev]
      #expect(try Self.run(&search, knownTo: known, handshake).count == reads)
      let row = try #require(search.inbox.row(id))
      #expect(row.isReceived == searchesOn)
      #expect(row.isSent)
      #expect(search.errors.isEmpty)
    }
  }

  @Test("An id that no account can read has an error")
  func notFound() throws {
    var search = try Self.search([1, 2])
    #expect(try Self.run(&search, knownTo: [], try World.invitation(1)).count == 6)
    #expect(search.errors.count == 2)
  }

  @Test("Names are compared with at most fifty pages, and a longer listing is reported")
  func names() throws {
    let id = try Fixture.handshake(World.id(1))
    for (pages, isWhole) in [(49, true), (60, false)] {
      var search = try Self.search([1])
      let handshake = try World.invitation(1) {
        $0.organization = World.globex
        $0.sender = World.globexManager
        $0.name = "Umbrella"
      }
      _ = try Self.run(&search, knownTo: [World.acmeDev], handshake)
      var requests = search.compareNames(of: id)
      var count = 0
      while case .page(let pass, _)? = requests.first {
        count += 1
        let page = Page(
          handshakes: [try World.invitation(100 + count)],
          next: count == pages ? nil : PageToken(Untrusted("\(count)")))
        requests = search.handle(.page(pass, .success(Reply(page, at: World.now))), at: .zero)
      }
      #expect(count == min(pages, 50))
      #expect(search.namesUnread == (isWhole ? nil : .tooLong(pages: 50)))
    }
  }
}
