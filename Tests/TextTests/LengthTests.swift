import Testing
import Text

/// Sizes that hung programs which compared, hashed or measured such text as `String`s. There is no
/// clock here: what is not linear does not end.
@Suite("Long and hostile texts come to an end")
struct LengthTests {
  static let texts: [(name: String, unit: String)] = [
    ("plain", "a"), ("marks", "\u{301}\u{316}"), ("escapes", "\u{1B}[2K"), ("line feeds", "\n"),
    ("families", "\u{1F468}\u{200D}"), ("flags", "\u{1F1E9}"), ("right-to-left", "א "),
    ("ellipses", "…"),
  ]

  @Test("8 MB are drawn as a cell, a dialog and lines, with the rest announced", arguments: texts)
  func eightMegabytes(_ name: String, _ unit: String) {
    let untrusted = Untrusted("x" + String(repeating: unit, count: 8_000_000 / unit.utf8.count))
    let cell = Sanitiser.cell(untrusted, columns: 40, in: .utf8)
    #expect((1...40).contains(DisplayWidth.of(cell)))
    #expect(cell.hasSuffix(")"))
    let dialog = Sanitiser.rendered(untrusted, for: .dialog, in: .utf8)
    #expect(dialog.omitted > 1_000_000)
    let layout = Sanitiser.layout(untrusted, columns: 80, in: .utf8)
    #expect(layout.omitted == dialog.omitted)
    #expect(layout.lines.last?.text.hasSuffix("…(+\(layout.omitted))") == true)
  }

  @Test("2 MB of marks have a full form, which gives them back")
  func marksInFull() throws {
    let text = Untrusted(String(repeating: "\u{301}\u{316}", count: 500_000))
    let full = Sanitiser.render(text, for: .full, in: .utf8)
    #expect(try Sanitiser.unescape(Untrusted(full), in: .utf8) == text)
  }
}
