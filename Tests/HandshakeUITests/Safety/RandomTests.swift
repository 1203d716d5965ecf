import Drawing
import HandshakeUI
import Model
import ReviewAnswering
import ReviewWording
import Synchronization
import TestSupport
import Testing
import Text

/// Promises that hold for any keys, pastes, sizes and replies, over seeded runs.
@Suite struct RandomTests {
  /// A simulated operator: words of several keys, so that it makes progress.
  private static let words = [
    "j", "k", "a", "d", "x", "u", "C", "C<Wait:1s>", "<Wait:1s>", "<Wait:6s>", "decline 1<Enter>",
    "<Enter>",
    "<Enter>", "<Tab>", "CHG-1", "accept 1 kq<Enter>", "accept 2 kq<Enter>", "kq<Enter>",
    "o-a1b2c3d4e5<Enter>", "o-zz9y8x7w6v<Enter>", "<Esc>", "<Space>", "*", "U", "v", "G", "g",
    "1", "2", "3", "4", "5", "/acme<Enter>", "/trust:new<Enter>", "/<C-u><Enter>", "o", "e", "s",
    "i", "t", "?", ":", "r", "R", "J", "K", "zM", "zR", "h", "l", "n", "<Down>", "<Up>", "<PgDn>",
    "<PgUp>", "<End>", "<Paste:accept 1 kq>", "<Paste:o-zz9y8x7w6v>", "<Size:80x24>",
    "<Size:120x40>", "<Size:40x10>", "<Size:200x50>", "<C-l>", "<C-c>", "Y", "p", "<F1>",
  ]

  @Test("seeded keys, pastes, resizes and changes break no promise", arguments: 1...12)
  func promises(seed: UInt64) async throws {
    var random = SeededRandom(seed: seed)
    let world = try World.mockup()
    var stage = try await Stage.open(world)
    var script = ""
    for _ in 0..<120 {
      let word = Self.words.randomElement(using: &random) ?? "j"
      script += word
      if Int.random(in: 0..<20, using: &random) == 0 { Self.disturb(world, &random) }
      try await stage.press(word)
      let frame = stage.player.frame
      #expect(SizeTests.offences(in: frame) == [], "seed \(seed): \(script)")
      if stage.interface.isOver { break }
    }
    check(stage, "seed \(seed): \(script)")
  }

  /// Somebody else answers, or an account cannot be read any more.
  private static func disturb(_ world: World, _ random: inout SeededRandom) {
    let index = Int.random(in: 0..<8, using: &random)
    world.change { content in
      guard content.handshakes.indices.contains(index) else { return }
      content.handshakes[index].state = .canceled
    }
  }

  private func check(_ stage: Stage, _ script: String) {
    let sent = stage.player.effects.compactMap { effect -> [PlanItem]? in
      if case .send(_, let items, _) = effect { items } else { nil }
    }
    for items in sent {
      let accounts = items.filter { $0.answer == .accept }.map(\.account)
      #expect(Set(accounts).count == accounts.count, "two accepts for an account: \(script)")
      let asksToDecide = script.contains("decline 1<Enter>") || script.contains("kq<Enter>")
      #expect(asksToDecide, "sent without a confirmation: \(script)")
    }
    let most = stage.world.content.withLock { $0.answered.values.max() ?? 0 }
    #expect(most <= 1, "answered twice: \(script)")
  }

  @Test("read-only builds no effect that changes anything", arguments: 1...6)
  func readOnly(seed: UInt64) async throws {
    var random = SeededRandom(seed: seed)
    var stage = try await Stage.open { $0.mode = .readOnly }
    for _ in 0..<150 {
      try await stage.press(Self.words.randomElement(using: &random) ?? "j")
      if stage.interface.isOver { break }
    }
    let writes = stage.player.effects.filter { effect in
      switch effect {
      case .send, .noteMismatch, .reconcile: true
      default: false
      }
    }
    #expect(writes == [])
    #expect(stage.world.answers == 0)
  }

  @Test("everything sent was drawn when it was confirmed")
  func sentIsDrawn() async throws {
    var stage = try await Stage.open(columns: 120, rows: 40)
    try await stage.press("jajdC<Wait:1s><Tab>CHG-1<Enter>accept 1 kq")
    let drawn = stage.text
    try await stage.press("<Enter><Wait:6s>")
    let items = stage.player.effects.compactMap { effect -> [PlanItem]? in
      if case .send(_, let items, _) = effect { items } else { nil }
    }.flatMap(\.self)
    #expect(items.count == 2)
    for item in items { #expect(drawn.contains(item.id.text)) }
  }

  @Test("filter, order and refresh change neither marks nor plan nor focus")
  func viewsChangeNothing() async throws {
    var stage = try await Stage.open()
    try await stage.press("jaj<Space>kk")
    let focused = stage.lines.first { $0.hasPrefix(">") }?.prefix(60)
    try await stage.press("/globex<Enter>/<C-u><Enter>osR")
    #expect(stage.lines.first { $0.hasPrefix(">") }?.prefix(60) == focused)
    #expect(stage.shows("1 marked"))
    #expect(stage.shows("accept 1"))
  }
}
