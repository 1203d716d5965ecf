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

@Suite("Lines broken to a width")
struct WrappingTests {
  private func wrapped(_ text: String, _ columns: Int, indent: Int = 0) -> [String] {
    Line(text).wrapped(to: columns, indent: indent).map(\.text)
  }

  @Test("break at blanks, and indent what follows")
  func words() {
    #expect(wrapped("what accepting does", 10) == ["what", "accepting", "does"])
    #expect(wrapped("what accepting does", 12, indent: 2) == ["what", "  accepting", "  does"])
  }

  @Test("a word too long is broken, without loss, between glyphs and never in an escape")
  func longWords() {
    #expect(wrapped("abcdefgh", 3) == ["abc", "def", "gh"])
    #expect(wrapped("see abcdefgh", 5, indent: 1) == ["see", " abcd", " efgh"])
    #expect(wrapped("日本語", 3) == ["日", "本", "語"])
    #expect(wrapped("ab‹U+202E›c", 9) == ["ab", "‹U+202E›c"])
    let conjunct = "\u{915}\u{94D}\u{937}\u{93F}"
    #expect(wrapped(conjunct, 1).joined().unicodeScalars.count == 4)
  }

  @Test("a sender's text that goes on in another row is marked there too")
  func sendersText() {
    let line = Line("State is unknown: ") + Line("~ abcdefgh ijklmnop", .sender) + Line(" ours now")
    #expect(
      line.wrapped(to: 20, indent: 2).map(\.text) == [
        "State is unknown: ~", "  ~ abcdefgh", "  ~ ijklmnop ours", "  now",
      ])
    let long = Line("~ " + String(repeating: "x", count: 24), .sender)
    #expect(
      long.wrapped(to: 12, indent: 2).map(\.text) == [
        "~", "  ~ xxxxxxxx", "  ~ xxxxxxxx", "  ~ xxxxxxxx",
      ])
  }
}
