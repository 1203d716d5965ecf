import Drawing
import Model
import TestSupport
import Testing
import Text

@testable import HandshakeUI

/// The seconds between Enter and the request (UX-15).
@Suite struct GraceTests {
  private func armed() async throws -> Stage {
    var stage = try await Stage.open()
    try await stage.press("jaC<Wait:1s><Tab>CHG-1<Enter>accept 1 kq<Enter>")
    #expect(stage.shows("ARMED"))
    return stage
  }

  private func hasSent(_ stage: Stage) -> Bool {
    stage.player.effects.contains { if case .send = $0 { true } else { false } }
  }

  @Test("any key stops it", arguments: ["j", "<Esc>", "<Space>", "<C-z>", "<C-c>", "<Tab>", "q"])
  func anyKey(key: String) async throws {
    var stage = try await armed()
    try await stage.press("<Wait:1s>" + key + "<Wait:10s>")
    #expect(!hasSent(stage))
    #expect(stage.shows("accept 1"))
  }

  @Test("a held Enter does not stop it, a later one does")
  func enter() async throws {
    var stage = try await armed()
    try await stage.press("<Enter><Enter><Wait:6s>")
    #expect(hasSent(stage))
    var other = try await armed()
    try await other.press("<Wait:1s><Enter><Wait:6s>")
    #expect(!hasSent(other))
  }

  @Test("a window that becomes too small stops it")
  func tooSmall() async throws {
    var stage = try await armed()
    try await stage.press("<Size:50x10><Wait:10s>")
    #expect(!hasSent(stage))
  }

  @Test("a suspend stops it, and so does a clock that advanced while asleep")
  func suspend() async throws {
    var stage = try await armed()
    await stage.player.take(.resumed(at: .hours(3)))
    #expect(!hasSent(stage))
    var other = try await armed()
    await other.player.take(.ticked(at: .hours(3)))
    #expect(!hasSent(other))
  }

  @Test(
    "a program that did not run for more than half a second has no grace", arguments: [0, 2, 4])
  func frozen(after seconds: Int) async throws {
    for late in [501, 3_000] as [Int64] {
      var stage = try await armed()
      try await stage.press("<Wait:\(seconds)s>")
      let due = try #require(stage.interface.nextTick)
      await stage.player.take(.ticked(at: due + Span(milliseconds: late)))
      #expect(
        stage.shows("the program was suspended for \(late == 501 ? 1 : 3) s: nothing was sent"))
      try await stage.press("<Wait:10s>")
      #expect(!hasSent(stage))
      #expect(stage.shows("accept 1"), "the plan is kept")
    }
  }

  @Test(
    "bytes that are not keys stop it, and so do an unfinished and a beginning paste",
    arguments: 0...2)
  func strays(kind: Int) async throws {
    for seconds in [0, 1, 4] {
      var stage = try await armed()
      try await stage.press("<Wait:\(seconds)s>")
      let now = stage.player.uptime
      let messages: [Message] = [.stray(at: now), .pasteBegan(at: now), .pasteAbandoned(at: now)]
      await stage.player.take(messages[kind])
      #expect(!stage.shows("ARMED"))
      try await stage.press("<Wait:10s>")
      #expect(!hasSent(stage))
      #expect(stage.shows("accept 1"), "the plan is kept")
    }
  }

  @Test("the remaining seconds are counted down")
  func countdown() async throws {
    var stage = try await armed()
    for seconds in [5, 4, 3, 2, 1] {
      #expect(stage.shows("ARMED: sends in \(seconds) s. Any key stops it."))
      try await stage.press("<Wait:1s>")
    }
    #expect(hasSent(stage))
  }

  @Test("a terminal that accepts no output stops it: the operator would not see it")
  func blocked() async throws {
    var stage = try await armed()
    let due = try #require(stage.interface.nextTick)
    await stage.player.take(.ticked(at: due, isSeen: false))
    try await stage.press("<Wait:10s>")
    #expect(!hasSent(stage))
    var other = try await armed()
    await other.player.take(.ticked(at: due))
    try await other.press("<Wait:10s>")
    #expect(hasSent(other))
  }

  @Test("a lost terminal ends it and keeps the plan for the next start")
  func lostTerminal() async throws {
    var stage = try await armed()
    await stage.player.take(.terminalLost)
    await stage.player.take(.ticked(at: .hours(2)))
    #expect(!hasSent(stage))
    let id = try #require(HandshakeID("h-222200001111aaaa"))
    #expect(stage.player.effects.contains(.keepPlan([StagedAnswer(id: id, answer: .accept)])))
    let next = try await Stage.open { $0.kept = [StagedAnswer(id: id, answer: .accept)] }
    #expect(next.shows("1 of 1 answers planned in the last session"))
    #expect(next.shows("accept 1"))
  }

  @Test("a kept answer waits for its account, over another lost terminal and for a second q")
  func keptWaits() async throws {
    let id = try #require(HandshakeID("h-222200001111aaaa"))
    let kept = [StagedAnswer(id: id, answer: .accept)]
    // Lost before anything was read.
    var interface = Interface(Stage.launch(try World.mockup()) { $0.kept = kept })
    _ = update(&interface, .started)
    #expect(update(&interface, .key(.character("q"), at: interface.uptime)).isEmpty)
    #expect(!interface.isOver)
    let effects = update(&interface, .terminalLost)
    #expect(effects.contains(.keepPlan(kept)))
    // Read, but for an account that knows a handshake of this id.
    let unknown = try #require(HandshakeID("h-777788889999ffff"))
    let waiting = [StagedAnswer(id: unknown, answer: .decline)]
    var stage = try await Stage.open { $0.kept = kept + waiting }
    #expect(stage.shows("1 of 2 answers planned in the last session"))
    await stage.player.take(.terminalLost)
    let hasFailed = !stage.interface.session.sourceSummary.failed.isEmpty
    #expect(stage.player.effects.contains(.keepPlan(hasFailed ? kept + waiting : kept)))
  }
}
