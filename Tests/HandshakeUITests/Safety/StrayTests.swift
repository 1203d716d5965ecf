import Drawing
import HandshakeUI
import Model
import ReviewAnswering
import Testing
import Text

/// Bytes that are not keys, pastes and stops around an open review.
@Suite("Bytes, pastes and stops in a review (UX-14.5, UX-15.3)") struct StrayTests {
  private func hasSent(_ stage: Stage) -> Bool {
    stage.player.effects.contains { if case .send = $0 { true } else { false } }
  }

  private func reviewing(_ keys: String = "") async throws -> Stage {
    var stage = try await Stage.open()
    try await stage.press("jdC<Wait:1s>" + keys)
    return stage
  }

  @Test("bytes that are not keys clear the typed text and say so")
  func stray() async throws {
    var stage = try await reviewing("decline 1")
    #expect(stage.shows("Complete: Enter sends."))
    await stage.player.take(.stray(at: stage.player.uptime))
    #expect(stage.shows("The terminal sent bytes that are not a key. Type it again."))
    #expect(!stage.shows("> decline 1"))
    // 100 ms a key: the late rest of a torn sequence.
    try await stage.press("decline 1<Enter>")
    #expect(!hasSent(stage))
    try await stage.press("<Wait:1s>decline 1<Enter>")
    #expect(hasSent(stage))
  }

  @Test(
    "the rest of a torn report confirms nothing", arguments: ["y", "decline 1<Enter>", "<Enter>"])
  func tornReport(tail: String) async throws {
    var stage = try await reviewing()
    for _ in 0..<11 { await stage.player.take(.stray(at: stage.player.uptime)) }
    try await stage.press(tail + "<Wait:2s>")
    #expect(!hasSent(stage))
    #expect(stage.shows("Type decline 1, then Enter."))
  }

  @Test("a phrase that arrives at once asks for two letters more, and those send")
  func burst() async throws {
    var stage = try await reviewing()
    let now = stage.player.uptime
    for scalar in "decline 1".unicodeScalars {
      await stage.player.take(.key(.character(scalar), at: now))
    }
    await stage.player.take(.key(.enter, at: now))
    #expect(stage.shows("Type wm, then Enter."))
    try await stage.press("<Wait:1s><Enter>")
    #expect(!hasSent(stage))
    #expect(stage.shows("Incomplete: type  wm  exactly"))
    try await stage.press("wm<Enter>")
    #expect(hasSent(stage))
  }

  @Test("a paste without an end closes the review, and the plan is kept")
  func abandoned() async throws {
    var stage = try await reviewing("decline 1")
    await stage.player.take(.pasteBegan(at: stage.player.uptime))
    #expect(stage.shows("Pasted text is ignored here"))
    await stage.player.take(.pasteAbandoned(at: stage.player.uptime))
    #expect(!stage.shows("REVIEW"))
    #expect(stage.shows("incomplete paste: review closed, nothing sent"))
    #expect(stage.shows("decline 1"))
    try await stage.press("<Enter><Wait:5s>")
    #expect(!hasSent(stage))
  }

  @Test("a stopped program closes a review that is not confirmed")
  func resumed() async throws {
    for keys in ["", "decline 1"] {
      var stage = try await reviewing(keys)
      await stage.player.take(.resumed(at: stage.player.uptime))
      #expect(!stage.shows("REVIEW"))
      #expect(stage.shows("the program was suspended: review closed, nothing sent"))
      try await stage.press("<Enter><Wait:5s>")
      #expect(!hasSent(stage))
    }
  }

  @Test("an ESC stops the sending at once, between two items; its key stops nothing more")
  func escapeWhileSending() async throws {
    let stage = try await reviewing("decline 1")
    var state = stage.interface
    let now = stage.player.uptime
    func stops(_ message: Message) -> [StopRequest] {
      update(&state, message).compactMap {
        if case .stopSending(_, let how) = $0 { how } else { nil }
      }
    }
    _ = stops(.key(.enter, at: now))
    #expect(state.context == .sending)
    #expect(stops(.stray(at: now)).isEmpty)
    #expect(stops(.stray(at: now, mayBeEscape: true)) == [.betweenItems])
    #expect(stops(.stray(at: now, mayBeEscape: true)).isEmpty)
    #expect(stops(.key(.escape, at: now)) == [.betweenItems])
    #expect(stops(.key(.escape, at: now)) == [.now])
  }

  @Test("an Enter before the phrase is complete clears the typed text")
  func earlyEnter() async throws {
    var stage = try await reviewing("decline<Enter>")
    #expect(stage.shows("Incomplete: type  decline 1  exactly"))
    try await stage.press(" 1<Enter>")
    #expect(!hasSent(stage))
    try await stage.press("decline 1<Enter>")
    #expect(hasSent(stage))
  }

  @Test("elsewhere they change nothing, and while it is sent they stop nothing")
  func elsewhere() async throws {
    for keys in ["", "/acme", "?", ":", "<Enter>", "jdC<Wait:1s>decline 1<Enter>"] {
      var stage = try await Stage.open()
      try await stage.press(keys)
      let (before, effects) = (stage.text, stage.player.effects.count)
      let now = stage.player.uptime
      for message in [Message.stray(at: now), .pasteBegan(at: now), .pasteAbandoned(at: now)] {
        await stage.player.take(message)
      }
      #expect(stage.text == before)
      #expect(stage.player.effects.count == effects)
    }
  }

  @Test("a step that cannot be skipped says so")
  func notSkipped() async throws {
    let stage = try await reviewing("<C-x>")
    #expect(stage.shows("only an answer before another can be skipped"))
    #expect(stage.interface.disabledReason(of: .send(.skip)) != nil)
  }
}
