import Drawing
import HandshakeUI
import Model
import ReviewAnswering
import TestSupport
import Testing
import Text

@Suite struct CodeTests {
  private func ask(_ number: Int = 1) -> CodeRequest {
    CodeRequest(
      number: number, device: Untrusted("arn:aws:iam::111122223333:mfa/ops"),
      profile: Untrusted("acme-prod"))
  }

  private func given(_ stage: Stage) -> [(Int, String?)] {
    stage.player.effects.compactMap { effect in
      if case .giveCode(let number, let code) = effect { (number, code?.digits) } else { nil }
    }
  }

  @Test("six digits and Enter submit the code, which is never shown")
  func gives() async throws {
    var stage = try await Stage.live()
    await stage.take { .codeAsked(ask(), at: $0) }
    #expect(stage.player.effects.last == .flushInput)
    try await stage.press("<Wait:1s>90x82")
    #expect(stage.shows("> ****"))
    try await stage.press("<Enter>")
    #expect(given(stage).isEmpty)
    try await stage.press("71")
    var dumped = ""
    dump(stage.interface, to: &dumped)
    #expect(!stage.text.contains("908271") && !dumped.contains("908271"))
    try await stage.press("<Enter>")
    #expect(given(stage).map(\.0) == [1])
    #expect(given(stage).first?.1 == "908271")
    #expect(!stage.shows("ONE-TIME CODE"))
  }

  @Test("Esc submits none; keys typed ahead are dropped")
  func givesNone() async throws {
    var stage = try await Stage.live()
    await stage.take { .codeAsked(ask(), at: $0) }
    try await stage.press("12")
    #expect(!stage.shows("**"))
    try await stage.press("<Wait:1s><Esc>")
    #expect(given(stage).map(\.0) == [1])
    #expect(given(stage).first?.1 == nil)
  }

  @Test("a pasted code is entered, and not submitted by the paste")
  func pasted() async throws {
    var stage = try await Stage.live()
    await stage.take { .codeAsked(ask(), at: $0) }
    try await stage.press("<Wait:1s><Paste:123456>")
    #expect(given(stage).isEmpty)
    try await stage.press("<Enter>")
    #expect(given(stage).first?.1 == "123456")
  }

  @Test("several are asked one after the other; a withdrawn one is not asked")
  func several() async throws {
    var stage = try await Stage.live()
    for number in 1...3 { await stage.take { .codeAsked(ask(number), at: $0) } }
    await stage.take { .codeWithdrawn(2, at: $0) }
    try await stage.press("<Wait:1s><Esc><Wait:1s>654321<Enter>")
    #expect(given(stage).map(\.0) == [1, 3])
    #expect(given(stage).map(\.1) == [nil, "654321"])
  }

  @Test("during a confirmation the question waits, and says so")
  func waits() async throws {
    var stage = try await Stage.live()
    try await stage.press("jdC<Wait:1s>")
    await stage.take { .codeAsked(ask(), at: $0) }
    #expect(!stage.shows("ONE-TIME CODE"))
    #expect(stage.shows("!CODE NEEDED"))
    try await stage.press("<Esc><Wait:1s>")
    #expect(stage.shows("ONE-TIME CODE"))
  }

  @Test("an Escape that answers the question does not stop the run below it")
  func escapeOverRun() async throws {
    var stage = try await Stage.live()
    try await stage.press("jdC<Wait:1s>decline 1")
    // The run begins, and nothing of it is reported yet.
    var interface = stage.interface
    var now = stage.player.uptime + .seconds(1)
    let sent = update(&interface, .key(.enter, at: now))
    #expect(sent.contains { if case .send = $0 { true } else { false } })
    _ = update(&interface, .codeAsked(ask(), at: now))
    now = now + .seconds(1)
    #expect(update(&interface, .stray(at: now, mayBeEscape: true)).isEmpty)
    #expect(update(&interface, .key(.escape, at: now)) == [.giveCode(1, nil)])
    // Without a question the same byte stops the run at once.
    let stopped = update(&interface, .stray(at: now, mayBeEscape: true))
    #expect(
      stopped.contains { if case .stopSending(_, .betweenItems) = $0 { true } else { false } })
    // It was the beginning of an arrow, so the next Escape is the second stop.
    _ = update(&interface, .key(.down, at: now))
    let again = update(&interface, .key(.escape, at: now))
    #expect(again.contains { if case .stopSending(_, .now) = $0 { true } else { false } })
  }
}
