import Drawing
import Model
import TestSupport
import Testing
import Text

@testable import Terminal

@Suite("Keys from a terminal's bytes")
struct InputDecoderTests {
  private static let xterm = KeySequences([
    Array("\u{1B}OA".utf8): .up, Array("\u{1B}OB".utf8): .down, Array("\u{1B}[Z".utf8): .backTab,
    Array("\u{1B}[[A".utf8): .function(1), Array("\u{8}".utf8): .delete,
  ])

  private func decoder() -> InputDecoder {
    InputDecoder(sequences: Self.xterm, escapeDelay: Span(milliseconds: 50))
  }

  /// The result of bytes that arrive in one read and are then left alone.
  private func keys(_ bytes: some Sequence<UInt8>) -> [TerminalInput] {
    var decoder = decoder()
    let now = Span.seconds(1)
    var inputs = decoder.feed(bytes, at: now)
    // Unfinished at the end of the read, and decided by time: a lone ESC.
    if inputs.last == .stray, decoder.deadline != nil { inputs.removeLast() }
    return inputs + decoder.settle(at: now + .seconds(1))
  }

  @Test(
    "each key is recognized by the terminal's bytes",
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
    "a key with unsupported modifiers is one unknown key",
    arguments: [
      "\u{1B}[1;5A", "\u{1B}[3;5~", "\u{1B}[34~", "\u{1B}Oz", "\u{1B}O5A", "\u{1B}[1;2Z",
    ])
  func unknownKeys(sent: String) {
    #expect(keys(sent.utf8) == [.key(.unknown)])
  }

  @Test(
    "a report is not a key, and presses none",
    arguments: [
      "\u{1B}[99;99;99y", "\u{1B}[<0;5;5M", "\u{1B}[0;5;5M", "\u{1B}[?1;2c", "\u{1B}[24;80R",
      "\u{1B}]11;rgb:0000/0000/0000\u{1B}\\", "\u{1B}]52;c;eXl5\u{7}", "\u{1B}P1$r0m\u{1B}\\",
      "\u{1B}[I", "\u{1B}[O", "\u{1B}[201~", "\u{1B}\\", "\u{1B}[8;24;80t",
    ])
  func reports(sent: String) {
    #expect(keys(sent.utf8) == [.stray])
  }

  @Test("Escape and a key in one read are two keys")
  func escapeThenKey() {
    #expect(keys("\u{1B}j".utf8) == [.key(.escape), .key(.character("j"))])
    #expect(keys("\u{1B}\u{1B}".utf8) == [.key(.escape), .key(.escape)])
  }

  @Test("a paste is one text, whatever it contains")
  func pastes() {
    let text = "y\ra\n\u{1B}[A accept \u{1B}[200~ \u{3}é"
    let sent = "j\u{1B}[200~\(text)\u{1B}[201~k"
    let expected: [TerminalInput] = [
      .key(.character("j")), .pasteBegan, .pasted(Untrusted(text)), .key(.character("k")),
    ]
    #expect(keys(sent.utf8) == expected)
    for cut in 0..<sent.utf8.count {
      var decoder = decoder()
      let bytes = Array(sent.utf8)
      let inputs = decoder.feed(bytes[..<cut], at: .zero) + decoder.feed(bytes[cut...], at: .zero)
      #expect(inputs.filter { $0 != .stray } == expected, "cut at \(cut)")
    }
  }

  @Test("a paste without an end times out, and its rest is not a key until a pause")
  func openPaste() {
    var decoder = decoder()
    #expect(decoder.feed(Array("\u{1B}[200~yyy\u{1B}".utf8), at: .zero) == [.pasteBegan])
    #expect(decoder.deadline == .seconds(2))
    #expect(decoder.feed(Array("y".utf8), at: .seconds(1)).isEmpty)
    #expect(decoder.settle(at: .seconds(2)).isEmpty)
    #expect(decoder.settle(at: .seconds(3)) == [.pasteAbandoned])
    #expect(decoder.feed(Array("y\r".utf8), at: Span(milliseconds: 3_200)) == [.stray])
    #expect(decoder.feed(Array("y".utf8), at: Span(milliseconds: 4_100)) == [.stray])
    #expect(decoder.settle(at: Span(milliseconds: 5_099)).isEmpty && decoder.isOpen)
    #expect(decoder.settle(at: Span(milliseconds: 5_100)).isEmpty && !decoder.isOpen)
    #expect(decoder.feed(Array("q".utf8), at: .seconds(6)) == [.key(.character("q"))])
  }

  @Test("the end bracket ends a paste that has timed out")
  func lateEnd() {
    var decoder = decoder()
    _ = decoder.feed(Array("\u{1B}[200~y\u{1B}[20".utf8), at: .zero)
    #expect(decoder.settle(at: .seconds(2)) == [.pasteAbandoned])
    let rest = decoder.feed(Array("1~q".utf8), at: Span(milliseconds: 2_200))
    #expect(rest == [.stray, .key(.character("q"))])
  }

  @Test("discarded input leaves a paste a paste, and its text is dropped")
  func discardInPaste() {
    var decoder = decoder()
    _ = decoder.feed(Array("\u{1B}[200~y".utf8), at: .zero)
    decoder.discard(Array("yy".utf8), at: .zero)
    #expect(
      decoder.feed(Array("y\r\u{1B}[201~q".utf8), at: .zero) == [.stray, .key(.character("q"))])
    decoder.discard(Array("\u{1B}[200~".utf8), at: .zero)
    #expect(decoder.feed(Array("y".utf8), at: .zero).isEmpty)
    #expect(decoder.settle(at: .seconds(2)) == [.pasteAbandoned])
  }

  @Test("a paste of a megabyte is cut, and the input after it is read")
  func hugePaste() {
    var decoder = decoder()
    let sent = Array("\u{1B}[200~".utf8) + [UInt8](repeating: 0x79, count: 1 << 20)
    var inputs: [TerminalInput] = []
    for start in stride(from: 0, to: sent.count, by: 4_095) {
      inputs += decoder.feed(sent[start..<min(start + 4_095, sent.count)], at: .zero)
    }
    inputs += decoder.feed(Array("\u{1B}[201~q".utf8), at: .zero)
    let kept = Untrusted(bytes: [UInt8](repeating: 0x79, count: PasteCollector.limit))
    #expect(inputs == [.pasteBegan, .pasted(kept), .key(.character("q"))])
  }

  @Test("bytes that are not text hide no key after them")
  func invalidBytes() {
    #expect(keys([0xFF, 0x6A]) == [.stray, .key(.character("j"))])
    #expect(keys([0xC3, 0x6A]) == [.stray, .key(.character("j"))])
    #expect(keys([0xE6, 0x97, 0x6A]) == [.stray, .key(.character("j"))])
    #expect(keys([0xE0, 0x80, 0x80, 0x6A]) == [.stray, .key(.character("j"))])
    #expect(keys([0x85, 0x6A]) == [.stray, .key(.character("j"))])
  }

  @Test("8-bit controls begin the sequences of their 7-bit forms, in UTF-8 too")
  func eightBitControls() {
    #expect(keys([0x9B, 0x41]) == [.key(.up)])
    #expect(keys([0xC2, 0x9B, 0x41]) == [.key(.up)])
    #expect(keys([0x8F, 0x42]) == [.key(.down)])
    #expect(keys([0x9D, 0x79, 0x9C, 0x6A]) == [.stray, .key(.character("j"))])
    #expect(keys([0x90, 0x79, 0xC2, 0x9C, 0x6A]) == [.stray, .key(.character("j"))])
    // Inside a character 9C ends nothing.
    #expect(
      keys([0x9F, 0xE2, 0x80, 0x9C, 0x79, 0x1B, 0x5C, 0x6A]) == [.stray, .key(.character("j"))])
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
      #expect(atOnce.filter { $0 != .stray } == oneByOne.filter { $0 != .stray }, "\(bytes)")
    }
  }
}
