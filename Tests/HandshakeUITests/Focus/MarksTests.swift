import Model
import ReviewAnswering
import Testing
import Text

@testable import HandshakeUI

/// Marks end with the action that used them.
@Suite struct MarksTests {
  private func marks(_ stage: Stage) -> Int {
    stage.interface.lists[stage.interface.tab].marks.count
  }

  @Test(
    "staged, refused and unplanned rows are not marked any more",
    arguments: ["*a", "*d", "*x", "*au", "*dja", "vGd", "*u", "j<Space><Space>a*u"])
  func end(keys: String) async throws {
    var stage = try await Stage.open()
    try await stage.press(keys)
    #expect(marks(stage) == 0)
    #expect(!stage.shows("marked, "))
  }

  @Test("a refused answer is not staged by the next key")
  func refusedAreNotStaged() async throws {
    var stage = try await Stage.open()
    // Handshakes of other organizations cannot be cancelled by any of these accounts.
    try await stage.press("*x<Wait:1s>gd")
    #expect(stage.interface.plan.items.count { $0.answer == .decline } == 1)
  }

  @Test("a mark that a filter hides is not used, and stays")
  func hidden() async throws {
    var stage = try await Stage.open(columns: 120)
    try await stage.press("j<Space><Space>/globex<Enter><Space>d")
    #expect(marks(stage) == 2)
    #expect(stage.shows("2 hidden unchanged, still marked"))
    #expect(stage.interface.plan.items.map(\.id.text) == ["h-444400007777bbbb"])
  }

  @Test("while there are marks the footer says how many a, d and x plan", arguments: 1...4)
  func footer(count: Int) async throws {
    var stage = try await Stage.open()
    #expect(stage.lines.last?.contains("a/d/x plan  ") ?? false)
    try await stage.press("j" + String(repeating: "<Space>", count: count))
    #expect(stage.lines.last?.contains("a/d/x plan \(count) marked") ?? false)
    // Those that a filter hides are not planned.
    try await stage.press("/globex<Enter>")
    #expect(stage.lines.last?.contains("a/d/x plan \(count) marked") != true || count == 1)
    try await stage.press("<Esc>U")
    #expect(!(stage.lines.last?.contains("marked") ?? true))
  }

  @Test("a range that goes on in an opened handshake marks it, and u there ends the mark")
  func rangeOverDetail() async throws {
    var stage = try await Stage.open()
    try await stage.press("jvlJ")
    #expect(marks(stage) == 2)
    try await stage.press("u")
    #expect(!stage.shows("neither in the plan nor marked"))
    #expect(marks(stage) == 1)
  }
}
