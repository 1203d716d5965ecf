import Drawing
import HandshakeUI
import Model
import TestSupport
import Testing
import Text

/// Profiles whose account STS returns after the first frame.
@Suite struct ResolvingTests {
  private func start(_ names: [String]) throws -> (Interface, [Effect]) {
    let world = try World.live()
    var state = Interface(
      Stage.launch(world) { launch in
        launch.backend = .aws
        launch.profiles = []
        launch.unresolved = names.map { Untrusted($0) }
      })
    let effects = update(&state, .started)
    return (state, effects)
  }

  private func asked(_ effects: [Effect]) -> [(Token, Untrusted)] {
    effects.compactMap { effect in
      if case .resolveProfile(let token, let name) = effect { (token, name) } else { nil }
    }
  }

  @Test("sixteen profiles are identified at a time, the next when one has answered")
  func atOnce() throws {
    var (state, effects) = try start((1...40).map { "p\($0)" })
    var open = asked(effects)
    #expect(open.map(\.1) == (1...16).map { Untrusted("p\($0)") })
    var names = Set(open.map(\.1))
    while !open.isEmpty {
      let (token, _) = open.removeFirst()
      effects = update(
        &state, .profileResolved(token, .failure(World.expired), at: .seconds(1)))
      let more = asked(effects)
      #expect(more.count <= 1)
      open += more
      names.formUnion(more.map(\.1))
      #expect(open.count <= 16)
    }
    #expect(names.count == 40)
  }

  @Test("a name that is given twice is identified once")
  func twice() throws {
    #expect(asked(try start(["a", "b", "a"]).1).count == 2)
  }

  @Test("two profiles of one account are one line with two names, read once")
  func oneAccount() throws {
    var (state, effects) = try start(["one", "two"])
    let account = try Fixture.account("222233334444")
    var identities = 0
    for (token, _) in asked(effects) {
      effects = update(&state, .profileResolved(token, .success(account), at: .seconds(1)))
      identities += effects.count { effect in
        if case .readIdentity(_, account) = effect { true } else { false }
      }
    }
    #expect(identities == 1)
    _ = update(&state, .key(.character("4"), at: .seconds(2)))
    let text = text(view(state))
    #expect(text.contains("one, two"))
    #expect(text.contains("4:Profiles 1"))
  }

  @Test("open attempts are resolved once, when all profiles have answered")
  func reconciling() throws {
    var (state, effects) = try start(["one", "two"])
    func count(_ effects: [Effect]) -> Int {
      effects.count { if case .reconcile = $0 { true } else { false } }
    }
    #expect(count(effects) == 0)
    let open = asked(effects)
    let account = try Fixture.account("222233334444")
    effects = update(&state, .profileResolved(open[0].0, .success(account), at: .seconds(1)))
    #expect(count(effects) == 0)
    effects = update(
      &state, .profileResolved(open[1].0, .failure(World.expired), at: .seconds(2)))
    #expect(count(effects) == 1)
  }

  @Test("a late answer to a dropped request changes nothing")
  func late() throws {
    var (state, effects) = try start(["one"])
    let first = try #require(asked(effects).first)
    effects = update(&state, .key(.character("R"), at: .seconds(1)))
    #expect(effects.contains(.abandon(first.0)))
    let again = try #require(asked(effects).first)
    let before = state
    let account = try Fixture.account("222233334444")
    #expect(
      update(&state, .profileResolved(first.0, .success(account), at: .seconds(1))).isEmpty)
    #expect(state == before)
    #expect(!update(&state, .profileResolved(again.0, .success(account), at: .seconds(1))).isEmpty)
  }

  @Test("an expired login is counted, named, explained, and not shown as an empty inbox")
  func expired() async throws {
    let world = try World.live()
    world.change { $0.handshakes = [] }
    var stage = try await Stage.live(world)
    #expect(stage.shows("6/7 read just now"))
    #expect(stage.shows("!1"))
    #expect(stage.shows("NOT checked, so unknown: legacy-old"))
    #expect(stage.shows("L logs in"))
    #expect(!stage.shows("Nothing to review in 7"))
    try await stage.press("4<End>k")
    #expect(stage.shows("UNKNOWN"))
    #expect(stage.shows("aws sso login --profile legacy-old"))
    try await stage.press("<Enter>")
    #expect(stage.shows("invitations for this account are UNKNOWN, not zero"))
  }

  @Test("while new rows wait, nothing is said to be empty")
  func newOverEmpty() async throws {
    let world = try World.live()
    let all = world.handshakes
    world.change { $0.handshakes = [] }
    var stage = try await Stage.live(world)
    world.change { $0.handshakes = all }
    try await stage.press("R")
    #expect(stage.shows(" new.  r shows them."))
    #expect(!stage.shows("Nothing to review"))
    try await stage.press("r")
    #expect(stage.shows("acme-dev"))
  }

  @Test("a later login adds its account, without a further key")
  func loginStreamsIn() async throws {
    let world = try World.live()
    let account = try Fixture.account("222233334444")
    world.change { $0.owners[Untrusted("acme-dev")] = .failure(World.expired) }
    var stage = try await Stage.live(world)
    func isListed() -> Bool {
      stage.lines.contains { $0.contains("o-a1b2c3d4e5") && $0.contains("acme-dev") }
    }
    #expect(!isListed())
    world.change { $0.owners[Untrusted("acme-dev")] = .success(account) }
    try await stage.press("R")
    #expect(isListed())
  }

  @Test("where nothing could be read, nothing is claimed")
  func allFailed() async throws {
    let world = try World.live()
    world.change { content in
      for name in content.owners.keys { content.owners[name] = .failure(World.expired) }
    }
    let stage = try await Stage.live(world)
    #expect(stage.shows("No account could be read"))
    #expect(stage.shows("0/7 read"))
    #expect(!stage.shows("Nothing to review"))
  }

  @Test("while STS is asked, nothing is said about contents")
  func asking() throws {
    let (state, _) = try start(["one", "two"])
    let text = text(view(state))
    #expect(text.contains("It is not known yet whether there is anything."))
    #expect(text.contains("0/2 reading"))
  }

  @Test("profiles of other accounts than the chosen one are left out")
  func chosen() async throws {
    let account = try Fixture.account("222233334444")
    let stage = try await Stage.live { $0.account = account }
    #expect(stage.shows("1/1 read"))
    #expect(stage.shows("h-222200001111aaaa") || stage.shows("CHG-4411"))
  }

  @Test("the focused profile keeps its line when its account is known")
  func focus() async throws {
    var stage = try await Stage.live()
    try await stage.press("4<End>k")
    let before = stage.player.frame.cursor
    let account = try Fixture.account("181818181818")
    stage.world.change { $0.owners[World.expiredProfile] = .success(account) }
    try await stage.press("R")
    #expect(stage.player.frame.cursor == before)
    #expect(stage.lines.contains { $0.hasPrefix(">  legacy-old") && $0.contains(account.text) })
  }

  @Test("credentials that expire within a quarter of an hour are announced")
  func ending() async throws {
    let world = try World.live()
    let account = try Fixture.account("222233334444")
    world.change { content in
      content.identities[account]?.credentialsEnd = ManualTime.mockup + .minutes(12)
    }
    var stage = try await Stage.live(world, columns: 120, rows: 40)
    #expect(stage.shows("!login of acme-dev ends in 1"))
    try await stage.press("4jj")
    #expect(stage.shows("ends"))
  }

  private func text(_ frame: Frame) -> String {
    (0..<frame.size.rows).map { frame.text(row: $0) }.joined(separator: "\n")
  }
}
