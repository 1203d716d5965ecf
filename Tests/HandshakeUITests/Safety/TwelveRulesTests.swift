import Drawing
import HandshakeUI
import Model
import ReviewAnswering
import ReviewInbox
import ReviewJournal
import ReviewWording
import TestSupport
import Testing
import Text

/// One test for each of the twelve rules of the screens (UX-1 to UX-12).
@Suite struct TwelveRulesTests {
  private static let confirmed = "<Tab>CHG-1<Enter>accept 1 kq<Enter><Wait:6s>"

  private func sends(_ stage: Stage) -> [[PlanItem]] {
    stage.player.effects.compactMap { effect in
      if case .send(_, let items, _) = effect { items } else { nil }
    }
  }

  @Test("1: stage, review, send")
  func stageReviewSend() async throws {
    var stage = try await Stage.open()
    try await stage.press("ja")
    #expect(sends(stage).isEmpty)
    #expect(stage.shows("accept 1"))
    try await stage.press("C<Wait:1s>")
    #expect(sends(stage).isEmpty)
    try await stage.press(Self.confirmed)
    #expect(sends(stage).map { $0.map(\.id.text) } == [["h-222200001111aaaa"]])
    #expect(stage.world.answers == 1)
  }

  @Test("2: Enter alone never sends, in any state")
  func enterAloneNeverSends() async throws {
    let before = ["", "jd", "ja", "a", "jdC<Wait:1s>", "jaC<Wait:1s>", "aC<Wait:1s>", "?", ":"]
    for keys in before {
      var stage = try await Stage.open()
      try await stage.press(keys)
      for key in ["<Enter>", "<Space>"] {
        try await stage.press(String(repeating: key, count: 20) + "<Wait:10s>")
      }
      await stage.player.take(.pasted(Untrusted("accept 1 kq\ry\r"), at: stage.player.uptime))
      try await stage.press("<Wait:10s>")
      #expect(sends(stage).isEmpty, "after \(keys)")
    }
  }

  @Test("3: the confirming key is not the one that staged; unlisted keys do nothing")
  func confirmingKeyDiffers() async throws {
    var stage = try await Stage.open()
    try await stage.press("jdC<Wait:1s>")
    let drawn = stage.lines
    for key in ["<Left>", "<Right>", "<F5>", "<S-Tab>", "<Delete>"] {
      try await stage.press(key)
      #expect(stage.lines.last?.contains("not used here") == true, "\(key) \(stage.text)")
    }
    #expect(sends(stage).isEmpty)
    #expect(stage.lines.dropLast() == drawn.dropLast())
    try await stage.press("daxCry*2u5:?")
    #expect(stage.shows("> daxCry*2u5:?"), "letters are typed")
    try await stage.press("<Enter><Wait:10s>")
    #expect(sends(stage).isEmpty)
    #expect(stage.shows("Incomplete: type  decline 1  exactly"))
    for _ in 0..<12 { try await stage.press("<Backspace>") }
    try await stage.press("decline 1<Enter>")
    #expect(sends(stage).count == 1)
  }

  @Test("4: the dialog's words name everything that will be sent")
  func wordsAreTheItems() async throws {
    var stage = try await Stage.open(columns: 120, rows: 40)
    try await stage.press("jajdC<Wait:1s>")
    for text in ["ACCEPT 1, DECLINE 1", "222233334444", "333344445555", World.trusted] {
      #expect(stage.shows(text), "\(text)")
    }
  }

  @Test("5: targets are frozen by id, and a row that changed is not sent")
  func targetsAreFrozen() async throws {
    var stage = try await Stage.open()
    try await stage.press("jaC<Wait:1s>")
    stage.world.change { content in
      content.handshakes[1].expires = ManualTime.mockup + .days(2)
    }
    try await stage.press(Self.confirmed)
    #expect(stage.world.answers == 0)
    #expect(stage.shows("Not sent: it"))
  }

  @Test("6: rows never move under the cursor")
  func rowsStay() async throws {
    var stage = try await Stage.open()
    try await stage.press("jj")
    let focused = stage.lines.first { $0.hasPrefix(">") }
    var early = InvitationFixture()
    early.id = "h-0000ea71y0000000"
    early.recipient = "333344445555"
    early.expires = ManualTime.mockup + .hours(1)
    let arrived = try early.make()
    stage.world.change { $0.handshakes.insert(arrived, at: 0) }
    let line = stage.lines.firstIndex { $0.hasPrefix(">") }
    try await stage.press("R")
    #expect(stage.lines.firstIndex { $0.hasPrefix(">") } == line)
    #expect(focused?.contains("data-lake") ?? false)
    #expect(stage.lines.first { $0.hasPrefix(">") }?.contains("data-lake") ?? false)
    #expect(stage.shows("1 new, r"))
    try await stage.press("r")
    #expect(!stage.shows("1 new, r"))
    #expect(stage.lines.first { $0.hasPrefix(">") }?.contains("data-lake") ?? false)
  }

  @Test("6: a mark that a filter hides is not used")
  func hiddenMarksStay() async throws {
    var stage = try await Stage.open()
    try await stage.press("j<Space><Space>/trust:new<Enter>a")
    #expect(stage.shows("2 marked, 2 hidden"))
    try await stage.press("C<Wait:1s>")
    #expect(!stage.shows("222233334444"))
  }

  @Test("7: a paste counts by its own time: the expected organization may arrive before any key")
  func pastesTheOrganization() async throws {
    var stage = try await Stage.open()
    try await stage.press("aC<Wait:5s><Paste:o-a1b2c3d4e5>")
    #expect(stage.shows("Expected organization > o-a1b2c3d4e5"))
    var early = try await Stage.open()
    try await early.press("aC<Paste:o-a1b2c3d4e5>")
    #expect(!early.shows("Expected organization > o-a1b2c3d4e5"))
  }

  @Test("7: a paste presses no keys, and a dialog ignores keys at first")
  func pasteAndTypeAhead() async throws {
    var stage = try await Stage.open()
    await stage.player.take(.pasted(Untrusted("jaC"), at: stage.player.uptime))
    #expect(stage.shows("pasted text was ignored"))
    #expect(stage.shows("accept 0"))
    // 100 ms a key: the dialog opened with C ignores the keys typed with it.
    try await stage.press("jdCdecline 1<Enter><Wait:1s>")
    #expect(sends(stage).isEmpty)
    #expect(stage.player.effects.contains(.flushInput))
    try await stage.press("\(String(repeating: "<Enter>", count: 50))<Wait:1s>")
    #expect(sends(stage).isEmpty, "a held Enter is no answer")
    try await stage.press("decline 1<Enter>")
    #expect(sends(stage).count == 1)
  }

  @Test("8: an unavailable key gives the reason")
  func reasons() async throws {
    var stage = try await Stage.open()
    try await stage.press("x")
    #expect(stage.shows("can cancel it; you are the recipient"))
    try await stage.press("C")
    #expect(stage.shows("the plan is empty"))
    try await stage.press("L")
    #expect(stage.shows("login is for AWS only"))
  }

  @Test("9: at most one accept for an account")
  func oneAcceptAnAccount() async throws {
    var stage = try await Stage.open()
    try await stage.press("jjjaa")
    #expect(stage.shows("accept 1"))
    #expect(stage.shows("444455556666 already has"))
    try await stage.press("k")
    #expect(stage.shows("BLOCKED"))
  }

  @Test("10: a source that failed is unknown, never empty")
  func failedIsUnknown() async throws {
    let world = try World.mockup()
    world.change { $0.handshakes = [] }
    var stage = try await Stage.open(world)
    #expect(stage.shows("1 account NOT checked, so unknown: legacy-old"))
    try await stage.press("4")
    let line = stage.lines.first { $0.contains("legacy-old") && $0.contains("1818") }
    #expect(line?.contains("UNKNOWN") ?? false)
  }

  @Test("11: the identity on the screen is the one from STS")
  func identityFromSTS() async throws {
    let world = try World.mockup()
    let account = try Fixture.account("222233334444")
    let stage = try await Stage.open(world, columns: 160, rows: 40) { $0.account = account }
    #expect(stage.shows("as arn:aws:sts::222233334444:assumed-role/Operator/tester"))
    #expect(stage.lines[1].hasPrefix(" LOCAL 222233334444"))
  }

  @Test("12: nothing waits: the first frame is drawn before any answer")
  func nothingIsWaitedFor() throws {
    let world = try World.mockup()
    var state = Interface(Stage.launch(world))
    let effects = update(&state, .started)
    #expect(effects.count > world.profiles.count)
    let frame = view(state)
    #expect(frame.text(row: 1).contains("0/7 reading"))
    #expect(!frame.text(row: 0).contains("Inbox 0 "))
  }
}
