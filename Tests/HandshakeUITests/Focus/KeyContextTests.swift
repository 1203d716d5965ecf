import Drawing
import HandshakeUI
import Model
import TestSupport
import Testing
import Text

/// The operator's position, the extent of a text, and the message for a key without a meaning.
@Suite struct KeyContextTests {
  @Test(
    "the position is shown in every list, and in a handshake",
    arguments: [
      ("", "1/7"), ("jj", "3/7"), ("G", "7/7"), ("/trust:ok<Enter>", "1/"), ("2j", "2/"),
      ("3", "1/1"), ("4jj", "3/8"), ("<Enter>j", "2/"), ("i", "/"), ("o", "1/7"), ("Yj", "2/7"),
    ])
  func position(keys: String, told: String) async throws {
    for (columns, rows) in FrameTests.sizes {
      var stage = try await Stage.open(columns: columns, rows: rows)
      try await stage.press(keys)
      let below = stage.lines.dropFirst(3).joined(separator: "\n")
      #expect(below.contains(" \(told)") || below.contains(told), "\(columns)x\(rows)")
    }
  }

  @Test("columns keep their positions while the list scrolls")
  func columnsStay() async throws {
    let world = try World.mockup()
    var last = InvitationFixture()
    last.id = "h-0000000000000000000000000000ffff"
    last.organization = "o-" + String(repeating: "z", count: 32)
    last.recipient = "222233334444"
    last.expires = ManualTime.mockup + .days(400)
    let wide = try last.make()
    world.change { $0.handshakes.append(wide) }
    for keys in ["", "3"] {
      var stage = try await Stage.open(world)
      try await stage.press(keys)
      let heading = stage.lines[2]
      try await stage.press("G<Up><Up>d")
      #expect(stage.lines[2] == heading)
    }
    var stage = try await Stage.open(world)
    try await stage.press("G")
    #expect(stage.shows(last.organization), "an id is not cut")
  }

  @Test("the number of an account's invitations is shown as a number", arguments: [2, 9, 10, 123])
  func many(count: Int) async throws {
    let world = try World.mockup()
    let invitations = try (1...count).map { number in
      var fixture = InvitationFixture()
      fixture.id = "h-1212" + "\(1_000_000 + number)"
      fixture.recipient = "333344445555"
      fixture.expires = ManualTime.mockup + .hours(100)
      return try fixture.make()
    }
    world.change { $0.handshakes = invitations }
    let stage = try await Stage.open(world)
    #expect(stage.shows(" \(count)x "))
  }

  @Test(
    "no text is scrolled past its end, and one key up moves at once",
    arguments: ["?", "5", "i", "M", "t", "4<End>k<Enter>", "<Tab>"])
  func scrolling(keys: String) async throws {
    for (columns, rows) in [(60, 16), (80, 24), (200, 50)] {
      var stage = try await Stage.open(columns: columns, rows: rows)
      try await stage.press("nAD" + keys + "<End>")
      let end = stage.text
      try await stage.press(String(repeating: "<PgDn><Down>", count: 9))
      #expect(stage.text == end, "\(columns)x\(rows)")
      let last = stage.lines
      try await stage.press("<PgUp>")
      if stage.text == end { continue }
      try await stage.press("<End>")
      #expect(stage.lines == last)
    }
  }

  @Test(
    "a key without a meaning gives the reason",
    arguments: [
      ("n", "n: not used here. next match: in a handshake, raw JSON"),
      ("A", "A: not used here. a: plan accept"), ("D", "D: not used here. d: plan decline"),
      ("X", "X: not used here. x: plan cancel"), ("<F5>", "F5: not used (?: all keys)"),
      ("4/", "/: not used here. filter; in a text, search: in a list"),
      ("5a", "a: not used here. plan accept: in a list"), ("z", "z: not used here"),
      ("<Enter>zx", "zx: no such key. After z: a o c R M"),
      ("<Enter>n", "no search text"), ("?n", "n: not used here"),
      ("t5", "5: not used here"), ("Yb", "b: not used"), ("<C-g>", "C-g: not used"),
    ])
  func unbound(keys: String, reason: String) async throws {
    var stage = try await Stage.open(columns: 100)
    try await stage.press(keys)
    #expect(stage.shows(reason))
  }

  @Test("q, ?, F1, Esc and h close the help", arguments: ["q", "?", "<F1>", "<Esc>", "h"])
  func helpCloses(key: String) async throws {
    var stage = try await Stage.open()
    try await stage.press("?")
    #expect(stage.shows("HELP"))
    try await stage.press(key)
    #expect(!stage.shows("HELP"))
    #expect(!stage.interface.isOver)
    // In its search the same keys are letters.
    guard key == "q" || key == "?" else { return }
    try await stage.press("?/\(key)")
    #expect(stage.shows(" / \(key)"))
  }

  @Test("C-u and C-w delete in every field", arguments: ["/", ":", "?/", "<Enter>/", "e<C-u>"])
  func deleting(keys: String) async throws {
    var stage = try await Stage.open()
    try await stage.press(keys + "one two")
    #expect(stage.shows("one two"))
    try await stage.press("<C-w>")
    #expect(stage.shows("one") && !stage.shows("two"))
    try await stage.press("<C-u>zero")
    #expect(stage.shows("zero") && !stage.shows("one zero"))
  }
}

extension KeyContextTests {
  @Test(
    "a long id is complete wherever it is shown",
    arguments: [(60, 40), (80, 24), (80, 40), (120, 40)])
  func wholeIDs(columns: Int, rows: Int) async throws {
    let world = try World.mockup()
    var long = InvitationFixture()
    long.id = "h-" + String(repeating: "7", count: 32)
    long.organization = "o-" + String(repeating: "z", count: 32)
    long.recipient = "333344445555"
    long.expires = ManualTime.mockup + .hours(1)
    let made = try long.make()
    world.change { $0.handshakes.insert(made, at: 0) }
    var stage = try await Stage.open(world, columns: columns, rows: rows)
    #expect(stage.shows(long.id) && stage.shows(long.organization))
    try await stage.press("d")
    let plan = stage.lines.first { $0.contains("1  decline") }
    if rows > 36 { #expect(plan?.contains(long.organization) ?? false) }
    try await stage.press("g<Enter>")
    #expect(stage.lines[1].contains(long.id))
    try await stage.press("C<Wait:1s>")
    #expect(stage.shows(long.id) && stage.shows(long.organization))
  }
}
