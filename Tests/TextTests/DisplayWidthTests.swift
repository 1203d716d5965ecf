import TestSupport
import Testing
import Text

@Suite("Columns on the screen")
struct DisplayWidthTests {
  static let widths: [(text: String, columns: Int)] = [
    ("", 0), ("abc", 3), ("é", 1), ("e\u{301}", 1), ("日本", 4), ("ａ", 2), ("\u{AC00}", 2),
    ("\u{1112}\u{1161}\u{11AB}", 2), ("\u{1F600}", 2), ("‹U+202E›", 8), ("⏎…", 2), ("─│└", 3),
    ("\u{915}\u{93F}", 2),
  ]

  @Test("a text is as wide as the terminal draws it", arguments: widths)
  func of(_ text: String, _ columns: Int) {
    #expect(DisplayWidth.of(text) == columns)
    #expect(DisplayWidth.glyphs(text).reduce(0) { $0 + $1.columns } == columns)
  }

  @Test("every printed scalar is as wide as libc says, which curses uses")
  func agreesWithLibc() throws {
    let libc = try #require(LibcWidths(), "no C.UTF-8 locale on this machine")
    // In parts: each is no longer than the detail shows of a text.
    let bytes = Hostile.scalars().bytes
    var differing: Set<Unicode.Scalar> = []
    for start in stride(from: 0, to: bytes.count, by: 60_000) {
      let part = Untrusted(bytes: bytes[start..<min(start + 60_000, bytes.count)])
      let shown = Sanitiser.render(part, for: .detail, in: .utf8)
      for scalar in shown.unicodeScalars where scalar != "\n" && scalar != "a" {
        if DisplayWidth.of(scalar) != libc.columns(of: scalar.value) { differing.insert(scalar) }
      }
    }
    #expect(differing.isEmpty)
  }

  @Test("only characters that are visible in place may reach a cell")
  func drawn() {
    for scalar: Unicode.Scalar in ["a", " ", "é", "日", "‹", "⏎", "\u{301}", "\u{5D0}"] {
      #expect(DisplayWidth.isDrawn(scalar))
    }
    for scalar: Unicode.Scalar in [
      "\n", "\u{7F}", "\u{9B}", "\u{AD}", "\u{A0}", "\u{202E}", "\u{FE0F}",
    ] {
      #expect(!DisplayWidth.isDrawn(scalar))
    }
  }

  @Test("a cut keeps escapes, wide glyphs and marks whole")
  func cuts() {
    let cuts: [(text: String, columns: Int, cut: String)] = [
      ("abc", 3, "abc"), ("abc", 2, "ab"), ("abc", 0, ""), ("abc", -1, ""), ("日本", 3, "日"),
      ("e\u{301}x", 1, "e\u{301}"), ("a‹U+202E›b", 8, "a"), ("a‹U+202E›b", 9, "a‹U+202E›"),
      ("a<U+202E>b", 8, "a"), ("a<b>c", 3, "a<b"), ("a‹x80›", 5, "a"), ("a‹+2 marks›", 9, "a"),
    ]
    for (text, columns, cut) in cuts {
      #expect(Array(DisplayWidth.cut(text, to: columns).utf8) == Array(cut.utf8))
    }
  }

  @Test("a marked cut says how many characters are missing, where that fits")
  func announcedCuts() {
    let cuts: [(text: String, columns: Int, cut: String)] = [
      ("Acme Holdings", 13, "Acme Holdings"), ("Acme Holdings", 12, "Acme Ho…(+6)"),
      ("Acme Holdings", 6, "…(+13)"), ("Acme Holdings", 5, "Acme "),
      ("a‹U+202E›‹U+202E›b", 12, "a…(+3)"), ("Acme…(+5)", 8, "Acm…(+6)"),
    ]
    for (text, columns, cut) in cuts {
      #expect(DisplayWidth.cut(text, to: columns, announcing: .utf8) == cut)
    }
    #expect(DisplayWidth.cut("Acme Holdings", to: 9, announcing: .ascii) == "Acme <+8>")
  }

  @Test("a text is split into pieces of a width, in one pass and without loss")
  func pieces() {
    let pieces: [(text: String, first: Int, rest: Int, pieces: [String])] = [
      ("abcdef", 2, 3, ["ab", "cde", "f"]), ("abc", 0, 2, ["", "ab", "c"]), ("", 1, 1, [""]),
      ("日本語", 3, 5, ["日", "本語"]), ("ab‹U+202E›c", 5, 9, ["ab", "‹U+202E›c"]),
      ("a‹U+202E›b", 1, 4, ["a", "‹U+202E›", "b"]), ("日a", 0, 1, ["", "日", "a"]),
      ("\u{915}\u{94D}\u{937}\u{93F}", 1, 1, ["\u{915}\u{94D}", "\u{937}", "\u{93F}"]),
    ]
    for each in pieces {
      let found = DisplayWidth.pieces(each.text, first: each.first, rest: each.rest)
      #expect(found.map { Array($0.utf8) } == each.pieces.map { Array($0.utf8) })
    }
  }

  @Test(
    "a cell of plain text is the same on both code paths", arguments: [Charset.utf8, .ascii])
  func plainCells(_ charset: Charset) {
    for length in 0...120 {
      let text = String(repeating: "x", count: length)
      for columns in 0...115 {
        #expect(
          Sanitiser.cell(Untrusted(text), columns: columns, in: charset)
            == DisplayWidth.cut(text, to: columns, announcing: charset))
      }
    }
    #expect(Sanitiser.cell(Untrusted("abc"), columns: .max, in: charset) == "abc")
    #expect(Sanitiser.cell(Untrusted("abcde\u{301}"), columns: 5, in: .utf8) == "abcde\u{301}")
  }

  @Test("fitting pads or cuts to the exact width")
  func fitting() {
    #expect(DisplayWidth.fit("ab", to: 4) == "ab  ")
    #expect(DisplayWidth.fit("ab", to: 4, .trailing) == "  ab")
    #expect(DisplayWidth.fit("日本", to: 3) == "日 ")
    #expect(DisplayWidth.fit("Acme Holdings", to: 9, announcing: .utf8) == "Acme…(+9)")
  }

  @Test("any cut of any rendering fits, and a cell is that cut", arguments: [Charset.utf8, .ascii])
  func properties(_ charset: Charset) {
    var random = SeededRandom(seed: 7)
    for _ in 0..<2_000 {
      let text = Untrusted(bytes: Hostile.bytes(using: &random))
      let columns = Int.random(in: 0...40, using: &random)
      let whole = Sanitiser.render(text, for: .cell, in: charset)
      let cut = DisplayWidth.cut(whole, to: columns)
      #expect(DisplayWidth.of(cut) <= columns)
      #expect(Array(whole.utf8).starts(with: cut.utf8))
      let cell = Sanitiser.cell(text, columns: columns, in: charset)
      #expect(DisplayWidth.of(cell) <= columns)
      if DisplayWidth.of(whole) <= columns { #expect(Array(cell.utf8) == Array(whole.utf8)) }
      #expect(DisplayWidth.of(DisplayWidth.fit(whole, to: columns)) == columns)
    }
  }

  @Test("counts in the data cannot overflow")
  func forgedCounts() {
    let forged = String(repeating: "<+9223372036854775807><+999999999>", count: 20)
    #expect(DisplayWidth.of(DisplayWidth.cut(forged, to: 30, announcing: .utf8)) <= 30)
  }
}
