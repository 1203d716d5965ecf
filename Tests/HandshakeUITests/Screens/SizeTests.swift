import Drawing
import HandshakeUI
import Testing
import Text

@Suite struct SizeTests {
  /// Characters that no cell may contain, whatever a sender wrote.
  static func offences(in frame: Frame) -> [String] {
    var found: [String] = []
    for row in 0..<frame.size.rows {
      let width = (0..<frame.size.columns).reduce(0) { total, column in
        total + DisplayWidth.of(frame[row, column].glyph)
      }
      if width != frame.size.columns { found.append("row \(row) is \(width) columns wide") }
      for scalar in frame.text(row: row).unicodeScalars where isForbidden(scalar) {
        found.append("row \(row) holds U+\(String(scalar.value, radix: 16))")
      }
    }
    return found
  }

  static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x61C, 0x200B...0x200F, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }

  private func check(_ stage: inout Stage, _ size: Size) async {
    await stage.player.take(.resized(size))
    let frame = stage.player.frame
    #expect(frame.size == size)
    #expect(Self.offences(in: frame) == [], "\(size.columns)x\(size.rows)")
  }

  static let scripts = ["", "<Enter>", "i", "4", "?", "jaC<Wait:1s>", "aC<Wait:1s>"]

  @Test("every width is drawn at 24 rows", arguments: scripts)
  func widths(keys: String) async throws {
    var stage = try await Stage.open()
    try await stage.press(keys)
    for columns in 1...250 { await check(&stage, Size(columns: columns, rows: 24)) }
  }

  @Test("every height is drawn at 80 columns", arguments: scripts)
  func heights(keys: String) async throws {
    var stage = try await Stage.open()
    try await stage.press(keys)
    for rows in 1...80 { await check(&stage, Size(columns: 80, rows: rows)) }
  }

  @Test("the smallest and oddest sizes are drawn")
  func odd() async throws {
    var stage = try await Stage.open()
    for (columns, rows) in [(0, 0), (1, 1), (1, 80), (80, 1), (5, 3), (60, 16), (500, 200)] {
      await check(&stage, Size(columns: columns, rows: rows))
    }
  }
}
