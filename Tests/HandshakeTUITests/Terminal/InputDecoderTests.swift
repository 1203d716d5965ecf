import HandshakeUI
import Model
import TestSupport
import Testing
import Text

@testable import HandshakeTUI

@Suite("Keys out of a terminal's bytes")
struct InputDecoderTests {
  private static let xterm = KeySequences([
    Array("\u{1B}OA".utf8): .up, Array("\u{1B}OB".utf8): .down, Array("\u{1B}[Z".utf8): .backTab,
    Array("\u{1B}[[A".utf8): .function(1), Array("\u{8}".utf8): .delete,
  ])

  private func decoder() -> InputDecoder {
    InputDecoder(sequences: Self.xterm, escapeDelay: Span(milliseconds: 50))
  }

  /// What becomes of bytes that come in one read and are then left alone.
  private func keys(_ bytes: some Sequence<UInt8>) -> [TerminalInput] {
    var decoder = decoder()
    let now = Span.seconds(1)
    let inputs = decoder.feed(bytes, at: now)
    return inputs + decoder.settle(at: now + .seconds(1))
  }

  @Test(
    "each key is told by what the terminal sends",
    arguments: [
      ("j", [.character("j")]), ("\r", [.enter]), ("\n", [.control("j")]), ("\t", [.tab]),
      ("\u{3}", [.control("c")]), ("\u{1A}", [.control("z")]), ("\u{7F}", [.backspace]),
      ("\u{8}", [.backspace]), ("\u{1B}", [.escape]), ("\u{1B}OA", [.up]), ("\u{1B}[A", [.up]),
      ("\u{1B}[5~", [.pageUp]), ("\u{1B}[3~", [.delete]), ("\u{1B}[Z", [.backTab]),
      ("\u{1B}[H", [.home]), ("\u{1B}[4~", [.end]), ("\u{1B}OP", [.function(1)]),
      ("\u{1B}[[A", [.function(1)]), ("\u{1B}[[B", [.function(2)]), ("\u{1B}[24~", [.function(12)]),
      ("\u{1B}OM", [.enter]), ("\u{1B}Oy", [.character("9")]),
      ("é日", [.character("é"), .character("日")]),
      ("\u{103}", [.character("\u{103}")]), ("\u{1C}", [.control("\\")]),
    ] as [(String, [Key])])
  func eachKey(sent: String, expected: [Key]) {
    #expect(keys(sent.utf8) == expected.map { .key($0) })
  }

  @Test(
    "what means nothing here is one unknown key, and presses no other",
    arguments: [
      "\u{1B}[1;5A", "\u{1B}[99;99;99y", "\u{1B}[<0;5;5M", "\u{1B}[?1;2c", "\u{1B}Oz",
      "\u{1B}]11;rgb:0000/0000/0000\u{1B}\\", "\u{1B}]52;c;eXl5\u{7}", "\u{1B}P1$r0m\u{1B}\\",
      "\u{1B}[I",
    ])
  func unknownSequences(sent: String) {
    #expect(keys(sent.utf8) == [.key(.unknown)])
  }

  @Test("Escape and a key in one read are both")
  func escapeThenKey() {
    #expect(keys("\u{1B}j".utf8) == [.key(.escape), .key(.character("j"))])
    #expect(keys("\u{1B}\u{1B}".utf8) == [.key(.escape), .key(.escape)])
  }

  @Test("a sequence torn at any place is the same key when the rest comes in time")
  func tornSequences() {
    for sent in ["\u{1B}OA", "\u{1B}[A", "\u{1B}[5~", "\u{1B}[[A", "é", "日", "😀"] {
      let bytes = Array(sent.utf8)
      for cut in 1..<bytes.count {
        var decoder = decoder()
        var inputs = decoder.feed(bytes[..<cut], at: .zero)
        #expect(inputs.isEmpty && decoder.deadline == Span(milliseconds: 50))
        inputs += decoder.settle(at: Span(milliseconds: 49))
        inputs += decoder.feed(bytes[cut...], at: Span(milliseconds: 49))
        #expect(inputs == keys(bytes), "\(bytes) cut at \(cut)")
      }
    }
  }

  @Test("the late tail of a torn sequence presses no key", arguments: ["[A", "Oy", "[1;5A", "[6~"])
  func lateTail(tail: String) {
    var decoder = decoder()
    #expect(decoder.feed([0x1B], at: .zero).isEmpty)
    #expect(decoder.settle(at: Span(milliseconds: 50)) == [.key(.escape)])
    #expect(decoder.feed(Array(tail.utf8), at: Span(milliseconds: 900)) == [.key(.unknown)])
  }

  @Test("a paste is one text, whatever stands in it")
  func pastes() {
    let text = "y\ra\n\u{1B}[A accept \u{1B}[200~ \u{3}é"
    let sent = "j\u{1B}[200~\(text)\u{1B}[201~k"
    let expected: [TerminalInput] = [
      .key(.character("j")), .key(.unknown), .pasted(Untrusted(text)), .key(.character("k")),
    ]
    #expect(keys(sent.utf8) == expected)
    for cut in 0..<sent.utf8.count {
      var decoder = decoder()
      let bytes = Array(sent.utf8)
      let inputs = decoder.feed(bytes[..<cut], at: .zero) + decoder.feed(bytes[cut...], at: .zero)
      #expect(inputs == expected, "cut at \(cut)")
    }
  }

  @Test("a paste stops at once what any key stops; without its end it is over when nothing comes")
  func openPaste() {
    var decoder = decoder()
    #expect(decoder.feed(Array("\u{1B}[200~yyy\u{1B}".utf8), at: .zero) == [.key(.unknown)])
    #expect(decoder.deadline == .seconds(2))
    #expect(decoder.feed(Array("y".utf8), at: .seconds(1)).isEmpty)
    #expect(decoder.settle(at: .seconds(2)).isEmpty)
    #expect(decoder.deadline == .seconds(3))
    #expect(decoder.settle(at: .seconds(3)) == [.pasted(Untrusted("yyy\u{1B}y"))])
    #expect(decoder.deadline == nil)
    #expect(decoder.feed(Array("q".utf8), at: .seconds(4)) == [.key(.character("q"))])
  }

  @Test("a paste of a megabyte is cut, and what follows it still works")
  func hugePaste() {
    var decoder = decoder()
    let sent = Array("\u{1B}[200~".utf8) + [UInt8](repeating: 0x79, count: 1 << 20)
    var inputs: [TerminalInput] = []
    for start in stride(from: 0, to: sent.count, by: 4_095) {
      inputs += decoder.feed(sent[start..<min(start + 4_095, sent.count)], at: .zero)
    }
    inputs += decoder.feed(Array("\u{1B}[201~q".utf8), at: .zero)
    let kept = Untrusted(bytes: [UInt8](repeating: 0x79, count: InputDecoder.pasteLimit))
    #expect(inputs == [.key(.unknown), .pasted(kept), .key(.character("q"))])
  }

  @Test("bytes that are no text swallow no key after them")
  func invalidBytes() {
    #expect(keys([0xFF, 0x6A]) == [.key(.unknown), .key(.character("j"))])
    #expect(keys([0xC3, 0x6A]) == [.key(.unknown), .key(.character("j"))])
    #expect(keys([0xE6, 0x97, 0x6A]).last == .key(.character("j")))
    #expect(keys([0xC2, 0x9B, 0x41]) == [.key(.unknown), .key(.character("A"))])
  }

  @Test("any bytes in any pieces are decoded the same, and end")
  func anyBytes() {
    var random = SeededRandom(seed: 7)
    let alphabet: [UInt8] = [
      0x1B, 0x5B, 0x4F, 0x41, 0x79, 0x7E, 0x32, 0x30, 0x31, 0xC3, 0xA9, 0x0D, 0x5D,
    ]
    for _ in 0..<2_000 {
      let bytes = (0..<40).compactMap { _ in alphabet.randomElement(using: &random) }
      var whole = decoder()
      var pieces = decoder()
      let atOnce = whole.feed(bytes, at: .zero)
      let oneByOne = bytes.flatMap { pieces.feed([$0], at: .zero) }
      #expect(atOnce == oneByOne, "\(bytes)")
    }
  }

  @Test("a flush forgets what was begun")
  func flush() {
    var decoder = decoder()
    _ = decoder.feed(Array("\u{1B}[200~abc".utf8), at: .zero)
    decoder.reset()
    #expect(decoder.feed(Array("j".utf8), at: .zero) == [.key(.character("j"))])
  }
}
