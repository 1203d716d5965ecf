import Testing
import Text

/// The classes of text with which a sender can hide, move or disguise text, one by one.
@Suite("The sanitiser's result for each class of input (SEC-1.3)")
struct SanitiserClassTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var bytes: [UInt8]
    var full: String
    var cell: String
    var asciiCell: String

    init(_ name: String, _ text: String, _ full: String, cell: String? = nil, ascii: String) {
      self.init(name, bytes: Array(text.utf8), full, cell: cell, ascii: ascii)
    }

    init(_ name: String, bytes: [UInt8], _ full: String, cell: String? = nil, ascii: String) {
      self.name = name
      self.bytes = bytes
      self.full = full
      self.cell = cell ?? full
      asciiCell = ascii
    }

    var testDescription: String { name }
  }

  static let cases: [Case] = [
    Case(
      "plain", "Acme & Sons, it@acme.example", "Acme & Sons, it@acme.example",
      ascii: "Acme & Sons, it@acme.example"),
    Case(
      "c0", "a\u{0}b\u{8}c\u{1B}d\u{7F}", "a‹U+0000›b‹U+0008›c‹U+001B›d‹U+007F›",
      ascii: "a<U+0000>b<U+0008>c<U+001B>d<U+007F>"),
    Case("line feed", "a\nb", "a‹U+000A›b", cell: "a⏎b", ascii: "a<U+000A>b"),
    Case(
      "CR LF, one Character", "a\r\nb", "a‹U+000D›‹U+000A›b", cell: "a‹U+000D›⏎b",
      ascii: "a<U+000D><U+000A>b"),
    Case("tab", "a\tb", "a‹U+0009›b", ascii: "a<U+0009>b"),
    Case("c1", "a\u{85}b\u{9B}2K", "a‹U+0085›b‹U+009B›2K", ascii: "a<U+0085>b<U+009B>2K"),
    Case("csi: nothing is parsed", "\u{1B}[2K", "‹U+001B›[2K", ascii: "<U+001B>[2K"),
    Case(
      "string-seq", "\u{1B}]52;c;YQ==\u{7}", "‹U+001B›]52;c;YQ==‹U+0007›",
      ascii: "<U+001B>]52;c;YQ==<U+0007>"),
    Case(
      "bidi controls", "\u{202E}a\u{2066}b\u{61C}c\u{200F}",
      "‹U+202E›a‹U+2066›b‹U+061C›c‹U+200F›", ascii: "<U+202E>a<U+2066>b<U+061C>c<U+200F>"),
    Case(
      "right-to-left letters", "a\u{5D0}\u{627}\u{661}", "a‹U+05D0›‹U+0627›‹U+0661›",
      ascii: "a<U+05D0><U+0627><U+0661>"),
    Case(
      "invisible", "a\u{200B}\u{200D}\u{34F}\u{3164}\u{FEFF}\u{2028}b",
      "a‹U+200B›‹U+200D›‹U+034F›‹U+3164›‹U+FEFF›‹U+2028›b",
      ascii: "a<U+200B><U+200D><U+034F><U+3164><U+FEFF><U+2028>b"),
    Case(
      "tags and selectors", "a\u{E0041}\u{FE0F}\u{E0101}", "a‹U+E0041›‹U+FE0F›‹U+E0101›",
      ascii: "a<U+E0041><U+FE0F><U+E0101>"),
    Case(
      "four marks on a base", "e\u{301}\u{302}\u{303}\u{304}", "e\u{301}\u{302}\u{303}\u{304}",
      ascii: "e<U+0301><U+0302><U+0303><U+0304>"),
    Case(
      "grapheme: the fifth mark", "e\u{301}\u{301}\u{301}\u{301}\u{302}\u{303}x",
      "e\u{301}\u{301}\u{301}\u{301}‹U+0302›‹U+0303›x",
      cell: "e\u{301}\u{301}\u{301}\u{301}‹+2 marks›x",
      ascii: "e<U+0301><U+0301><U+0301><U+0301><+2 marks>x"),
    Case(
      "grapheme: a flood before a bad byte",
      bytes: Array("e\u{301}\u{301}\u{301}\u{301}\u{302}".utf8) + [0x80],
      "e\u{301}\u{301}\u{301}\u{301}‹U+0302›‹x80›",
      cell: "e\u{301}\u{301}\u{301}\u{301}‹+1 mark›‹x80›",
      ascii: "e<U+0301><U+0301><U+0301><U+0301><+1 mark><x80>"),
    Case(
      "grapheme: a mark with no base", "\u{301}a", "‹U+0301›a", cell: "\u{25CC}\u{301}a",
      ascii: "<U+0301>a"),
    Case(
      "grapheme: an escape is no base", "\u{202E}\u{301}", "‹U+202E›‹U+0301›",
      cell: "‹U+202E›\u{25CC}\u{301}", ascii: "<U+202E><U+0301>"),
    Case(
      "grapheme: a family falls apart", "\u{1F468}\u{200D}\u{1F469}",
      "\u{1F468}‹U+200D›\u{1F469}", ascii: "<U+1F468><U+200D><U+1F469>"),
    Case(
      "grapheme: jamo form a syllable", "\u{1112}\u{1161}\u{11AB}", "\u{1112}\u{1161}\u{11AB}",
      ascii: "<U+1112><U+1161><U+11AB>"),
    Case("grapheme: jamo alone", "a\u{1161}", "a‹U+1161›", ascii: "a<U+1161>"),
    Case(
      "disputed widths", "\u{1F44D}\u{1F3FD}\u{1F1E9}\u{1F1EA}\u{4DC0}",
      "\u{1F44D}‹U+1F3FD›‹U+1F1E9›‹U+1F1EA›‹U+4DC0›",
      ascii: "<U+1F44D><U+1F3FD><U+1F1E9><U+1F1EA><U+4DC0>"),
    Case(
      "space_", "a\u{A0}b\u{3000}c\u{2800}", "a‹U+00A0›b‹U+3000›c‹U+2800›",
      ascii: "a<U+00A0>b<U+3000>c<U+2800>"),
    Case(
      "codepoint: private, unassigned, none", "\u{E000}\u{378}\u{FFFF}\u{10FFFF}",
      "‹U+E000›‹U+0378›‹U+FFFF›‹U+10FFFF›", ascii: "<U+E000><U+0378><U+FFFF><U+10FFFF>"),
    Case(
      "bad bytes", bytes: [0x61, 0x80, 0xFF, 0xC3, 0x28, 0xE2, 0x80], "a‹x80›‹xFF›‹xC3›(‹xE2›‹x80›",
      ascii: "a<x80><xFF><xC3>(<xE2><x80>"),
    Case(
      "overlong", bytes: [0xC0, 0xAF, 0xE0, 0x80, 0xAF], "‹xC0›‹xAF›‹xE0›‹x80›‹xAF›",
      ascii: "<xC0><xAF><xE0><x80><xAF>"),
    Case("lone surrogate", bytes: [0xED, 0xA0, 0x80, 0x62], "‹U+D800›b", ascii: "<U+D800>b"),
    Case(
      "fake-ui: our escape", "‹U+202E›", "‹U+2039›U+202E‹U+203A›",
      ascii: "<U+2039>U+202E<U+203A>"),
    Case("fake-ui: the ASCII escape", "<U+202E>", "<U+202E>", ascii: "<U+003C>U+202E>"),
    Case("fake-ui: our line break", "a⏎b", "a‹U+23CE›b", ascii: "a<U+23CE>b"),
    Case("fake-ui: our cut", "Acme…(+5)", "Acme‹U+2026›(+5)", ascii: "Acme<U+2026>(+5)"),
    Case(
      "fake-ui: our cut, under a mark", "Acme…\u{308}(+5)", "Acme‹U+2026›‹U+0308›(+5)",
      cell: "Acme‹U+2026›\u{25CC}\u{308}(+5)", ascii: "Acme<U+2026><U+0308>(+5)"),
    Case("an ellipsis stays", "wait…", "wait…", ascii: "wait<U+2026>"),
    Case(
      "wide and Latin", "日本 é Ω", "日本 é Ω",
      ascii: "<U+65E5><U+672C> <U+00E9> <U+03A9>"),
  ]

  @Test("each class has its form in every one-line sink", arguments: cases)
  func forms(_ each: Case) {
    let text = Untrusted(bytes: each.bytes)
    func bytes(_ sink: Sink, _ charset: Charset) -> [UInt8] {
      Array(Sanitiser.render(text, for: sink, in: charset).utf8)
    }
    #expect(bytes(.full, .utf8) == Array(each.full.utf8))
    #expect(bytes(.dialog, .utf8) == Array(each.full.utf8))
    #expect(bytes(.cell, .utf8) == Array(each.cell.utf8))
    #expect(bytes(.cell, .ascii) == Array(each.asciiCell.utf8))
  }
}
