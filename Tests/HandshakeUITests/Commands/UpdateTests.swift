import Drawing
import HandshakeUI
import Model
import ReviewAnswering
import ReviewInbox
import ReviewJournal
import TestSupport
import Testing
import Text

/// A message in, state and effects out.
@Suite struct UpdateTests {
  private func started() throws -> (Interface, [Effect], World) {
    let world = try World.mockup()
    var state = Interface(Stage.launch(world))
    return (state, update(&state, .started), world)
  }

  @Test("the start asks for trust, journal, every identity, and open attempts")
  func start() throws {
    let (_, effects, world) = try started()
    let identities = effects.compactMap { effect -> AccountID? in
      if case .readIdentity(_, let account) = effect { account } else { nil }
    }
    #expect(identities == world.profiles.map(\.account))
    #expect(effects.contains { if case .readTrust = $0 { true } else { false } })
    #expect(effects.contains { if case .readJournal = $0 { true } else { false } })
    #expect(effects.contains { if case .reconcile = $0 { true } else { false } })
  }

  @Test("a reply with an unknown token changes nothing")
  func staleReplies() async throws {
    let stage = try await Stage.open()
    let account = try Fixture.account("222233334444")
    let identity = try Fixture.identity("222233334444", in: "o-zz9y8x7w6v")
    let stale = Token(4_711)
    let error = BackendError(.cancelled, in: .describeHandshake, applied: .notSent)
    let messages: [Message] = [
      .identityRead(stale, .success(Reply(identity, at: ManualTime.mockup)), at: .zero),
      .pageRead(stale, .failure(error), at: .zero),
      .handshakeRead(stale, .failure(error), at: .zero), .lettersDrawn(stale, "ab"),
      .stray(at: .zero), .pasteBegan(at: .zero),
      .pasteAbandoned(at: .zero),
      .trustRead(stale, .list(TrustList())), .journalRead(stale, .failed(.broken)),
      .runTold(stale, .finished(RunSummary(results: [])), at: .zero),
      .written(stale, .done("x")), .reconciled(stale, []),
    ]
    for message in messages {
      var state = stage.interface
      #expect(update(&state, message) == [])
      #expect(state == stage.interface, "\(message)")
    }
    #expect(account.text == identity.account.text)
  }

  @Test("a refresh drops earlier requests")
  func refreshDropsOldReplies() async throws {
    let world = try World.mockup()
    var state = Interface(Stage.launch(world))
    let first = update(&state, .started)
    _ = update(&state, .key(.character("R"), at: .hours(2)))
    guard
      case .readIdentity(let token, let account)? = first.first(where: { effect in
        if case .readIdentity = effect { true } else { false }
      })
    else {
      Issue.record("no identity was asked for")
      return
    }
    let identity = try Fixture.identity(account.text)
    let before = state
    let reply = Reply(identity, at: ManualTime.mockup)
    #expect(update(&state, .identityRead(token, .success(reply), at: .hours(2))) == [])
    #expect(state == before)
  }

  @Test("credentials of another account are a failure of the profile")
  func wrongAccount() async throws {
    let world = try World.mockup()
    let account = try Fixture.account("222233334444")
    let other = try Fixture.identity("333344445555")
    world.change { $0.identities[account] = other }
    var stage = try await Stage.open(world)
    try await stage.press("4")
    let line = stage.lines.first { $0.contains("acme-dev") }
    #expect(line?.contains("UNKNOWN") ?? false)
  }

  @Test("q with a plan asks once, then quits")
  func quitting() async throws {
    var stage = try await Stage.open()
    try await stage.press("jaq")
    #expect(!stage.interface.isOver)
    #expect(stage.shows("1 planned answer not sent. q again: quit and discard it"))
    try await stage.press("q")
    #expect(stage.interface.isOver)
    #expect(stage.player.effects.suffix(2) == [.keepPlan([]), .quit])
  }

  @Test("the first screen of the embedded organization says that nothing leaves this machine")
  func demo() async throws {
    let local = try await Stage.open()
    #expect(local.shows("DEMO: nothing leaves this machine"))
    let aws = try await Stage.open { $0.backend = .aws }
    #expect(!aws.shows("DEMO"))
  }

  @Test("a finished run is counted by the results of its answers, without a sentence about it")
  func counted() async throws {
    var stage = try await Stage.open(columns: 120, rows: 40)
    try await stage.press("jdjdC<Wait:1s>")
    #expect(stage.shows("other inbox rows: unchanged"))
    #expect(stage.shows("No undo: the sender must invite again."))
    try await stage.press("decline 2<Enter><Wait:3s>")
    #expect(stage.shows("RESULT  2 declined"))
    #expect(!stage.shows("answered"))
  }

  @Test("a cursor move changes few cells")
  func cursorMove() async throws {
    var stage = try await Stage.open(columns: 200, rows: 50)
    try await stage.press("4j")
    let before = stage.player.frame
    try await stage.press("j")
    let after = stage.player.frame
    let rows = (0..<50).filter { row in
      (27..<134).contains { before[row, $0] != after[row, $0] }
    }
    #expect(rows.count == 2)
  }

  @Test("the copy of an id is the id")
  func copying() async throws {
    var stage = try await Stage.open()
    try await stage.press("jy")
    let copied = stage.player.effects.compactMap { effect -> String? in
      if case .copy(_, let text) = effect { text } else { nil }
    }
    #expect(copied == ["h-222200001111aaaa"])
    #expect(stage.shows("copied id"))
  }
}
