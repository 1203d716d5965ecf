import TestSupport
import Testing
import Text

@Suite("Text laid out for the detail pane")
struct LayoutTests {
  private func lines(_ text: String, _ columns: Int = 16) -> [String] {
    Sanitiser.lines(Untrusted(text), columns: columns, in: .utf8).map(\.text)
  }

  @Test("line feeds break, carriage returns are escapes, the last line may be empty")
  func lineBreaks() {
    #expect(lines("a\nb") == ["a", "b"])
    #expect(lines("a\r\n\nb\n") == ["a‹U+000D›", "", "b", ""])
    #expect(lines("") == [])
    #expect(lines("\n") == ["", ""])
  }

  @Test("a tab advances to the next stop of eight")
  func tabs() {
    #expect(lines("a\tb") == ["a       b"])
    #expect(lines("12345678\tb") == ["12345678        ", "b"])
  }

  @Test("lines wrap after a space if possible, drop nothing and split no escape")
  func wrapping() {
    #expect(lines("the quick brown fox") == ["the quick brown ", "fox"])
    #expect(lines("0123456789abcdefghij") == ["0123456789abcdef", "ghij"])
    #expect(lines("0123456789\u{202E}x") == ["0123456789", "‹U+202E›x"])
    #expect(lines("日本語日本語日本語") == ["日本語日本語日本", "語"])
    let wrapped = Sanitiser.lines(Untrusted("the quick brown fox\nx"), columns: 16, in: .utf8)
    #expect(wrapped.map(\.continues) == [false, true, false])
  }

  @Test("right-to-left text is on separate lines, with its digits and signs")
  func rightToLeft() {
    #expect(
      lines("to שלום, 12 שלום! pay 888", 40) == ["to ", "שלום, 12 שלום", "! pay 888"])
    let layout = Sanitiser.lines(Untrusted("a שלום\nb"), columns: 40, in: .utf8)
    #expect(layout.map(\.text) == ["a ", "שלום", "b"])
    #expect(layout.map(\.continues) == [false, true, false])
    let beside = Sanitiser.lines(Untrusted("aא"), columns: 40, in: .utf8, beside: true)
    #expect(beside.map(\.text) == ["a‹U+05D0›"])
    #expect(Sanitiser.lines(Untrusted("aא"), columns: 40, in: .ascii).map(\.text) == ["a<U+05D0>"])
  }

  @Test("escapes and replaced spaces can be drawn in a separate style")
  func segments() {
    let line = Sanitiser.lines(Untrusted("a\u{A0}b\u{202E}\u{1B}c\td"), columns: 80, in: .utf8)
    let segments = line.flatMap(\.segments)
    #expect(segments.map(\.text) == ["a", " ", "b", "‹U+202E›‹U+001B›", "c", "    ", "d"])
    #expect(segments.map(\.kind) == [.text, .space, .text, .escape, .text, .space, .text])
  }

  @Test("no line is wider than the limit, and the lines contain the whole text")
  func properties() {
    var random = SeededRandom(seed: 6)
    for _ in 0..<1_000 {
      let text = Untrusted(bytes: Hostile.bytes(using: &random))
      let columns = Int.random(in: 16...60, using: &random)
      let narrow = Sanitiser.lines(text, columns: columns, in: .utf8)
      #expect(narrow.allSatisfy { DisplayWidth.of($0.text) <= columns })
      let wide = Sanitiser.lines(text, columns: 100_000, in: .utf8)
      func letters(_ lines: [Layout.Line]) -> [Unicode.Scalar] {
        lines.flatMap(\.text.unicodeScalars).filter { $0 != " " }
      }
      #expect(letters(narrow) == letters(wide))
      #expect(narrow.filter { !$0.continues }.count == wide.filter { !$0.continues }.count)
    }
  }
}
