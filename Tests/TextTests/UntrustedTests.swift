import Testing
import Text

@Suite("Untrusted text compares as bytes")
struct UntrustedTests {
  @Test("strings that Swift considers equal are different texts")
  func bytewise() {
    for (one, other) in [("\u{212A}", "K"), ("\u{37E}", ";"), ("\u{E9}", "e\u{301}")] {
      #expect(one == other)
      #expect(Untrusted(one) != Untrusted(other))
    }
    #expect(Set([Untrusted("\u{212A}"), Untrusted("K")]).count == 2)
  }

  @Test("only printable ASCII can be matched as text")
  func asciiText() {
    #expect(Untrusted("o-a1b2c3d4e5").asciiText == "o-a1b2c3d4e5")
    #expect(Untrusted("１２３").asciiText == nil)
    #expect(Untrusted("a\n").asciiText == nil)
    #expect(Untrusted(bytes: [0x80]).asciiText == nil)
  }
}

@Suite("Text without a visible character")
struct BlankTests {
  @Test(
    "blanks, invisible, default-ignorable and filler characters, alone or together, are invisible")
  func blanks() {
    let texts = [
      "", " ", "\t \n", "\u{A0}", "\u{3000}", "\u{2003}\u{2009}", "\u{200B}", "\u{FEFF}", "\u{AD}",
      "\u{200B} \u{200D}\u{2060}", "\u{2800}\u{2800}", "\u{3164}", "\u{115F}\u{1160}", "\u{FFA0}",
      "\u{180E}", "\u{202E}\u{202C}", "\u{E0041}\u{E007F}", "\u{FE0F}", "\u{301}",
      " \u{301}\u{20DD}",
      "\u{E000}", "\u{FFF9}\u{FFFB}", "\u{2423}", "\u{1D159}", "\u{FFFC}", "\u{0}\u{7F}\u{85}",
      "\u{E0FFF}", "\u{34F}\u{17B4}",
    ]
    for text in texts {
      #expect(Untrusted(text).isBlank, "\(text.unicodeScalars.map { String($0.value, radix: 16) })")
    }
    #expect(Untrusted(bytes: [0xFF, 0xC0, 0x20]).isBlank)
    #expect(Untrusted(bytes: [0xED, 0xA0, 0x80]).isBlank)
  }

  @Test("words of any script are visible, whatever surrounds them")
  func words() {
    for text in [
      "x", "CHG-1", " . ", "\u{200B}é", "e\u{301}", "日本", "한", "שלום", "سبب", "कि", "❤", "1",
    ] {
      #expect(!Untrusted(text).isBlank, "\(text)")
    }
  }

  @Test(
    "no scalar that Unicode calls white space, a control, a format character, a mark or ignorable is visible"
  )
  func everyScalar() {
    var seen = 0
    var wrong: [UInt32] = []
    for value in UInt32(0)...0x10FFFF {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let properties = scalar.properties
      let isInvisible =
        properties.isWhitespace || properties.isDefaultIgnorableCodePoint
        || [
          .control, .format, .nonspacingMark, .enclosingMark, .spacingMark, .unassigned,
          .privateUse,
        ].contains(properties.generalCategory)
      let isBlank = Untrusted(String(Character(scalar))).isBlank
      if isInvisible, !isBlank { wrong.append(value) }
      if !isBlank { seen += 1 }
    }
    #expect(wrong.isEmpty)
    #expect(seen > 100_000)
  }
}
