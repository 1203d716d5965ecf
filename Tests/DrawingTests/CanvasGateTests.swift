import Drawing
import Testing
import Text

@Suite("What a canvas lets into a cell")
struct CanvasGateTests {
  private func row(_ text: String, _ charset: Charset) -> String {
    var canvas = Canvas(Size(columns: 6, rows: 1), charset)
    canvas.draw(text, row: 0)
    return canvas.frame.text(row: 0)
  }

  @Test("whoever forgets the sanitiser, nothing that hides or moves gets in")
  func hidden() {
    #expect(row("a\u{1B}b", .utf8) == "?b    ")
    #expect(row("a\u{202E}b", .utf8) == "?b    ")
    #expect(row("a\u{A0}b", .utf8) == "a?b   ")
    #expect(row("日é", .utf8) == "日é   ")
  }

  @Test("nothing but ASCII gets onto an ASCII terminal, and columns stay in place")
  func ascii() {
    #expect(row("é日x", .ascii) == "???x  ")
  }
}
