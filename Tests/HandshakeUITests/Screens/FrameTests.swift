import Drawing
import HandshakeUI
import Model
import Testing
import Text

/// Every screen as it was reviewed and accepted.
@Suite struct FrameTests {
  struct Screen: Sendable, CustomTestStringConvertible {
    var name: String
    var keys: String
    var testDescription: String { name }
  }

  static let screens = [
    Screen(name: "inbox", keys: ""),
    Screen(name: "inbox-marked", keys: "j j a"),
    Screen(name: "detail", keys: "<Enter>"),
    Screen(name: "detail-folded", keys: "<Enter>zMGk"),
    Screen(name: "raw", keys: "i"),
    Screen(name: "sent", keys: "2"),
    Screen(name: "history", keys: "3"),
    Screen(name: "profiles", keys: "4j"),
    Screen(name: "not-read", keys: "4<End>k<Enter>"),
    Screen(name: "audit", keys: "jdC<Wait:1s>decline 1<Enter><Wait:1s><Esc>5"),
    Screen(name: "filter", keys: "/trust:new"),
    Screen(name: "review-t1", keys: "jdC<Wait:1s>"),
    Screen(name: "review-t2", keys: "jajdC<Wait:1s><Tab>CHG-4411<Enter>acc"),
    Screen(name: "review-t3", keys: "aC<Wait:1s>"),
    Screen(name: "mismatch-t3", keys: "aC<Wait:1s>o-a1b2c3d4e5<Enter>"),
    Screen(name: "armed", keys: "jaC<Wait:1s><Tab>CHG-1<Enter>accept 1 kq<Enter>"),
    Screen(
      name: "armed-later", keys: "jaC<Wait:1s><Tab>CHG-1<Enter>accept 1 kq<Enter><Wait:2s>"),
    Screen(name: "outcome", keys: "jaC<Wait:1s><Tab>CHG-1<Enter>accept 1 kq<Enter><Wait:6s>"),
    Screen(name: "help", keys: "?"),
    Screen(name: "help-search", keys: "?/plan"),
    Screen(name: "palette", keys: ":ref"),
    Screen(name: "order", keys: "o"),
    Screen(name: "copy", keys: "Y"),
    Screen(name: "trust", keys: "t"),
  ]

  static let sizes = [(60, 16), (80, 24), (120, 40), (200, 50)]

  @Test("a screen looks as recorded", arguments: screens)
  func recorded(screen: Screen) async throws {
    for (columns, rows) in Self.sizes {
      for charset in [Charset.utf8, .ascii] {
        var stage = try await Stage.open(columns: columns, rows: rows, charset: charset)
        try await stage.press(screen.keys)
        let kind = charset == .utf8 ? "utf8" : "ascii"
        try FrameRecord.check(
          stage.player.frame, "\(screen.name)-\(columns)x\(rows)-\(kind)")
      }
    }
  }

  @Test("a phrase that arrives at once is answered by a question")
  func burst() async throws {
    for (columns, rows) in Self.sizes {
      var stage = try await Stage.open(columns: columns, rows: rows)
      try await stage.press("jdC<Wait:1s><End>")
      let now = stage.player.uptime + .seconds(1)
      for scalar in "decline 1".unicodeScalars {
        await stage.player.take(.key(.character(scalar), at: now))
      }
      try FrameRecord.check(stage.player.frame, "review-burst-\(columns)x\(rows)-utf8")
    }
  }

  @Test("an empty inbox says what was checked")
  func empty() async throws {
    for (columns, rows) in Self.sizes {
      let world = try World.mockup()
      world.change { $0.handshakes = [] }
      let stage = try await Stage.open(world, columns: columns, rows: rows)
      try FrameRecord.check(stage.player.frame, "empty-\(columns)x\(rows)-utf8")
    }
  }

  @Test("a window too small still shows the facts")
  func tooSmall() async throws {
    for (columns, rows) in [(44, 9), (59, 24), (80, 15), (30, 3)] {
      var stage = try await Stage.open()
      try await stage.press("jajd<Size:\(columns)x\(rows)>")
      try FrameRecord.check(stage.player.frame, "too-small-\(columns)x\(rows)-utf8")
    }
  }
}
