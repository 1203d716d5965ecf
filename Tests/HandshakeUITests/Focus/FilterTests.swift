import HandshakeUI
import Testing
import Text

/// The effect of a filter on the rows, the focus and the messages.
@Suite struct FilterTests {
  /// The line of 80x24 in which the first row of a list is drawn.
  private static let top = 3

  private func focused(_ stage: Stage) -> (line: Int, text: String)? {
    stage.lines.enumerated().first { $0.element.hasPrefix(">") }.map { ($0.offset, $0.element) }
  }

  @Test(
    "Enter on an invalid filter stays in the prompt, and the previous filter stays active",
    arguments: ["foo:x", "trust:nope", "state:zzz", "expires:3d", "org:", "\"open", "action:"],
    ["", "trust:ok"])
  func invalid(text: String, before: String) async throws {
    var stage = try await Stage.open()
    if !before.isEmpty { try await stage.press("/\(before)<Enter>") }
    // Hours pass while it is typed.
    let rows = stage.lines[Self.top...9].map { $0.dropFirst().prefix(60) }
    try await stage.press("/<C-u>\(text)<Enter>")
    #expect(stage.shows(" filter > \(text)"))
    #expect(!stage.lines[1].contains("/ \(text)"), "the header names what acts")
    try await stage.press("<Esc>")
    #expect(before.isEmpty || stage.lines[1].contains("/ \(before)"))
    #expect(stage.lines[Self.top...9].map { $0.dropFirst().prefix(60) } == rows)
    try await stage.press("/<C-u>\(text)<Enter><C-u>trust:new<Enter>")
    #expect(stage.lines[1].contains("/ trust:new"))
    #expect(!stage.shows(" filter > "))
  }

  @Test("the error is shown below the prompt, and kept with the messages")
  func reasonIsSaid() async throws {
    var stage = try await Stage.open()
    try await stage.press("/foo:x")
    let reason = try #require(stage.lines.last)
    #expect(reason.contains("foo"))
    try await stage.press("<Enter><Esc>M")
    #expect(stage.shows("MESSAGES"))
    #expect(stage.shows("foo"))
  }

  @Test(
    "the focus stays on a row that matches; else it goes to the first one, at the list's top",
    arguments: [
      ("jj", "account:data", "data-lake"), ("jjjjj", "trust:ok", "acme-dev"),
      ("G", "globex", "sandbox-7"), ("jjj", "trust:new", "sandbox-7"),
      ("jjjj", "account:sandbox", "sandbox-7"),
    ])
  func focus(move: String, filter: String, account: String) async throws {
    var stage = try await Stage.open()
    try await stage.press(move)
    let before = try #require(focused(stage)).text
    try await stage.press("/\(filter)<Enter>")
    let after = try #require(focused(stage))
    #expect(after.text.contains(account))
    if !before.contains(account) { #expect(after.line == Self.top) }
  }

  @Test("at every letter, and back at the previous row when the filter is cancelled")
  func whileTyping() async throws {
    var stage = try await Stage.open()
    try await stage.press("jj")
    let before = focused(stage)?.text
    for letter in "globex" {
      try await stage.press(letter == "g" ? "/g" : String(letter))
    }
    #expect(focused(stage)?.text.contains("Globex") ?? false)
    try await stage.press("<C-u>")
    #expect(focused(stage)?.text == before)
    try await stage.press("globex<Esc>")
    #expect(focused(stage)?.text == before)
  }

  @Test("a row that replaced a hidden one keeps the focus once it was used")
  func standIn() async throws {
    var stage = try await Stage.open()
    try await stage.press("jjjjj/trust:ok<Enter><Esc>")
    #expect(focused(stage)?.text.contains("acme-dev") ?? false)
  }

  @Test("h and Left keep a filter; Esc clears it", arguments: ["h", "<Left>"])
  func outward(key: String) async throws {
    var stage = try await Stage.open()
    try await stage.press("/trust:new<Enter>\(key)")
    #expect(stage.lines[1].contains("/ trust:new"))
    #expect(stage.shows("Esc clears the filter"))
    try await stage.press("<Esc>")
    #expect(!stage.lines[1].contains("/ trust:new"))
  }

  @Test("a filter and an account without rows say so, and what each of them hides")
  func emptied() async throws {
    var stage = try await Stage.open()
    try await stage.press("/trust:new<Enter>4jj<Enter>")
    #expect(stage.shows("showing acme-dev only; the filter trust:new still applies"))
    #expect(stage.shows("No row matches the filter trust:new"))
    #expect(stage.shows("It hides 1 row of 222233334444 acme-dev."))
    #expect(stage.shows("3 match in all accounts"))
    try await stage.press("<Esc>")
    #expect(stage.shows("h-222200001111aaaa"))
  }

  @Test("an account without rows says that others have some")
  func emptyAccount() async throws {
    var stage = try await Stage.open()
    try await stage.press("4jjj<Enter>3")
    #expect(stage.shows("333344445555 data-lake only; 1 in all accounts"))
  }
}
