import Drawing
import Testing

@testable import HandshakeUI

/// What a move of the focus changes on the screen is what goes over the line.
@Suite struct MoveTests {
  @Test(
    "A move changes two cells of the list: where the mark was, and where it is",
    arguments: FrameTests.sizes.dropFirst(), ["jj", "jjk"])
  func cells(size: (Int, Int), keys: String) async throws {
    var stage = try await Stage.open(columns: size.0, rows: size.1)
    try await stage.press(String(keys.dropLast()))
    let (list, before) = (stage.interface.layout.list, stage.player.frame)
    try await stage.press(String(keys.suffix(1)))
    let after = stage.player.frame
    #expect(before.cursor?.row != after.cursor?.row)
    let changed = (list.row..<list.row + list.rows).flatMap { row in
      (list.column..<list.column + list.columns).filter { before[row, $0] != after[row, $0] }
        .map { (row, $0) }
    }
    let column = try #require(after.cursor?.column)
    #expect(changed.map(\.1) == [column, column])
    let mark = after[try #require(after.cursor?.row), column]
    #expect(mark.glyph == ">" && mark.style.bold)
  }
}
