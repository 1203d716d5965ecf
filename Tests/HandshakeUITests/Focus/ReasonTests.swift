import Drawing
import HandshakeUI
import Testing
import Text

/// The reason, and when the review asks for its phrase (UX-14.2).
@Suite struct ReasonTests {
  @Test("a required reason has the focus; Tab does not leave it while it is missing")
  func focus() async throws {
    for keys in ["CHG-1<Enter>", "<Tab>CHG-1<Enter>", "CHG-1<Tab>", "<Enter><Enter>CHG-1<Tab>"] {
      var stage = try await Stage.open()
      try await stage.press("jaC<Wait:1s>\(keys)accept 1 kq<Enter><Wait:6s>")
      #expect(stage.world.answers == 1, "\(keys)")
    }
    var stage = try await Stage.open()
    try await stage.press("jdC<Wait:1s>decline 1<Enter>")
    #expect(stage.world.answers == 1, "a decline needs none")
  }

  @Test(
    "for an invitation of an unknown organization the organization is entered first, then the reason"
  )
  func organizationFirst() async throws {
    for keys in ["o-zz9y8x7w6v<Enter>CHG-1<Enter>", "<Tab>CHG-1<Enter>o-zz9y8x7w6v<Enter>"] {
      var stage = try await Stage.open()
      try await stage.press("aC<Wait:1s>\(keys)<End>kq<Enter><Wait:6s>")
      #expect(stage.world.answers == 1, "\(keys)")
    }
  }

  @Test("text typed without a reason is the reason, and confirms nothing")
  func phraseIsNoReason() async throws {
    var stage = try await Stage.open()
    try await stage.press("jaC<Wait:1s>accept 1 kq<Enter><Enter><Wait:9s>")
    #expect(stage.world.answers == 0)
    #expect(stage.shows("> accept 1 kq"))
  }

  @Test(
    "it survives Esc, a stopped grace, and a window of another size",
    arguments: [
      "<Esc>C<Wait:1s>", "<Tab>accept 1 kq<Enter><Wait:1s>jC<Wait:1s>", "<Size:120x40>",
      "<Size:40x10><Size:80x24>", "<Tab>accept 1 kq<Enter><Size:40x10><Size:80x24>C<Wait:1s>",
      "<Esc>jdC<Wait:1s>", "<C-c>C<Wait:1s>",
    ])
  func outlasts(keys: String) async throws {
    var stage = try await Stage.open()
    try await stage.press("jaC<Wait:1s>CHG-4711" + keys)
    #expect(stage.shows("REVIEW"))
    #expect(stage.shows("> CHG-4711"))
    #expect(stage.world.answers == 0)
  }

  @Test("the next plan has a new reason")
  func ends() async throws {
    var stage = try await Stage.open()
    try await stage.press("jaC<Wait:1s>CHG-1<Enter>accept 1 kq<Enter><Wait:6s><Esc>jaC<Wait:1s>")
    #expect(stage.shows("REVIEW"))
    #expect(!stage.shows("CHG-1"))
  }

  @Test("C-u and C-w delete in the reason, in the phrase and in the expected organization")
  func deleting() async throws {
    var stage = try await Stage.open()
    try await stage.press("jaC<Wait:1s>CHG-1 for Ann<C-w>Bob")
    #expect(stage.shows("> CHG-1 for Bob"))
    try await stage.press("<C-u>CHG-2<Enter>accept 9<C-w>1 kx<C-w>kq")
    #expect(stage.shows("> CHG-2") && stage.shows("> accept 1 kq"))
    try await stage.press("<C-u>accept 1 kq<Enter><Wait:6s>")
    #expect(stage.world.answers == 1)
    var other = try await Stage.open()
    try await other.press("aC<Wait:1s>o-wrong<C-u>o-zz9y8x7w6v")
    #expect(other.shows("Expected organization > o-zz9y8x7w6v"))
  }

  @Test("in the grace they stop, as any key does", arguments: ["<C-u>", "<C-w>"])
  func graceStops(key: String) async throws {
    var stage = try await Stage.open()
    try await stage.press("jaC<Wait:1s>CHG-1<Enter>accept 1 kq<Enter><Wait:1s>\(key)<Wait:9s>")
    #expect(stage.world.answers == 0)
    #expect(stage.shows("stopped: nothing was sent"))
  }

  @Test("the phrase is asked for when it counts; before, the unread rest is announced")
  func readFirst() async throws {
    var stage = try await Stage.open(columns: 80, rows: 16)
    try await stage.press("*dC<Wait:1s>")
    #expect(stage.text.contains(/read to the end: PgDn \(\d+ lines\)/))
    #expect(!stage.shows("Type decline"))
    try await stage.press("decline 6<Enter><Wait:1s>")
    #expect(stage.world.answers == 0)
    let end = stage.lines.count { $0.contains("│") }
    try await stage.press("<End>")
    #expect(stage.shows("Type decline"))
    #expect(!stage.shows("read to the end"))
    #expect(stage.lines.count { $0.contains("│") } == end, "nothing moved")
  }

  @Test("one line is one line")
  func oneLine() async throws {
    var stage = try await Stage.open(columns: 80, rows: 16)
    try await stage.press("*dC<Wait:1s>")
    for _ in 0..<40 where !stage.shows("(1 line)") { try await stage.press("<Down>") }
    #expect(stage.shows("read to the end: PgDn (1 line)"))
  }

  @Test(
    "an invitation of an unknown organization is read to its end again, when the sender is known")
  func stranger() async throws {
    var stage = try await Stage.open(columns: 80, rows: 20)
    try await stage.press("aC<Wait:1s><Tab>CHG-1<Enter>o-zz9y8x7w6v<Enter>")
    #expect(stage.shows("read to the end: PgDn"))
    #expect(!stage.shows("Type kq"))
    try await stage.press("<End>")
    #expect(stage.shows("Type kq"))
  }
}
