import Drawing
import Testing

@testable import HandshakeUI

/// The cells that change on the screen when the focus moves are all that is sent.
@Suite struct MoveTests {
  @Test(
    "A move changes two cells of the list: the old position of the mark, and the new one",
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
