import Drawing
import Model
import TestSupport
import Testing
import Text

@testable import Terminal

/// Sequences that terminals send and that are not keys, by kind.
///
/// The tails are chosen to confirm something if they were read as keys.
private enum Reports {
  static let sevenBit: [String: [String]] = [
    "CSI": [
      "\u{1B}[?2026;2$y", "\u{1B}[?62;22c", "\u{1B}[>0;276;0c", "\u{1B}[24;80R", "\u{1B}[I",
      "\u{1B}[O",
      "\u{1B}[8;24;80t", "\u{1B}[?1u", "\u{1B}[?997;1n", "\u{1B}[121;1:3u", "\u{1B}[1;1:3A",
    ],
    "mouse": [
      "\u{1B}[Myyy", "\u{1B}[M y!", "\u{1B}[<0;10;5M", "\u{1B}[<0;10;5m", "\u{1B}[32;10;5M",
      "\u{1B}[M \u{C4}\u{101}", "\u{1B}[My\u{E9}y",
    ],
    "OSC": [
      "\u{1B}]11;rgb:1e1e/1e1e/1e1e\u{7}", "\u{1B}]52;c;eXl5\u{1B}\\", "\u{1B}]y\r/a\u{1B}\\",
    ],
    "DCS": ["\u{1B}P1$r0m\u{1B}\\", "\u{1B}P>|XTerm(380)y\u{1B}\\", "\u{1B}P1+r5463\u{1B}\\"],
    "APC": ["\u{1B}_Gi=1;OK\u{1B}\\", "\u{1B}_\u{201C}y\r\u{1B}\\"],
    "PM": ["\u{1B}^y\r\u{1B}\\"],
    "SOS": ["\u{1B}Xdecline 5\r\u{1B}\\"],
  ]

  static let all: [[UInt8]] =
    sevenBit.values.flatMap { $0 }.map { Array($0.utf8) }
    + sevenBit.values.flatMap { $0 }.map(eightBit)
    + [[0x1B, 0x5B, 0x4D, 0x20, 0xE9, 0x79], [0x1B, 0x5B, 0x4D, 0x23, 0x21, 0x00]]

  /// With C1 controls in place of `ESC` and a letter.
  private static func eightBit(_ text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      if bytes.last == 0x1B, byte < 0x60 {
        bytes[bytes.count - 1] = byte + 0x40
      } else {
        bytes.append(byte)
      }
    }
    return bytes
  }
}

@Suite("Torn control sequences (SEC-4.3.1)")
struct TornInputTests {
  private static let delay = Span(milliseconds: 300)
  private static let gaps = [0, 1, 5, 20, 50, 200, 249, 250, 299, 300, 301, 500, 1_000, 60_000]

  private func decoder() -> InputDecoder {
    InputDecoder(
      sequences: KeySequences([Array("\u{1B}OA".utf8): .up, Array("\u{1B}[3~".utf8): .delete]),
      escapeDelay: Self.delay)
  }

  /// Pieces with a pause before each but the first; a key follows after a pause of its own.
  private func decode(_ pieces: [ArraySlice<UInt8>], gap: Int) -> [TerminalInput] {
    var decoder = decoder()
    var now = Span.zero
    var inputs: [TerminalInput] = []
    for piece in pieces {
      // The loop calls `settle` when it is due; at the very end it may do so twice.
      inputs += decoder.feed(piece, at: now)
      now = now + Span(milliseconds: Int64(gap))
      inputs += decoder.settle(at: now)
    }
    inputs += decoder.feed([UInt8(ascii: "q")], at: now + .seconds(2))
    return inputs
  }

  @Test("a report torn at any byte, with any gap, presses no key, and the key after it is read")
  func tornOnce() {
    for report in Reports.all {
      for cut in 1..<report.count {
        for gap in Self.gaps {
          let inputs = decode([report[..<cut], report[cut...]], gap: gap)
          let isLoneEscape = report[..<cut] == [0x1B] && gap >= 300
          var expected: [TerminalInput] = [.key(.character("q"))]
          if isLoneEscape { expected.insert(.key(.escape), at: 0) }
          #expect(inputs.filter { $0 != .stray } == expected, "\(report) cut at \(cut), \(gap) ms")
          #expect(inputs.first == .stray, "\(report) cut at \(cut), \(gap) ms")
        }
      }
    }
  }

  @Test("a report that arrives byte by byte presses no key", arguments: [1, 50, 299, 300, 900])
  func byteByByte(gap: Int) {
    for report in Reports.all {
      let inputs = decode(report.indices.map { report[$0...$0] }, gap: gap)
      let keys = inputs.filter { $0 != .stray }
      #expect(keys.last == .key(.character("q")), "\(report)")
      #expect(keys.dropLast().allSatisfy { $0 == .key(.escape) }, "\(report): \(keys)")
    }
  }

  @Test("a key's sequence torn for a moment is that key; for longer, an Escape or nothing")
  func tornKeys() {
    for (sent, key) in [
      ("\u{1B}OA", Key.up), ("\u{1B}[A", .up), ("\u{1B}[5~", .pageUp), ("\u{1B}[3~", .delete),
      ("\u{1B}[[A", .function(1)), ("é", .character("é")), ("日", .character("日")),
      ("😀", .character("😀")), ("\u{1B}[121u", .character("y")),
    ] {
      let bytes = Array(sent.utf8)
      for cut in 1..<bytes.count {
        for gap in Self.gaps {
          let inputs = decode([bytes[..<cut], bytes[cut...]], gap: gap).filter { $0 != .stray }
          let isLoneEscape = bytes[..<cut] == [0x1B] && gap >= 300
          let first = isLoneEscape ? [Key.escape] : gap < 250 ? [key] : []
          #expect(
            inputs == (first + [.character("q")]).map(TerminalInput.key),
            "\(sent) cut at \(cut), \(gap) ms")
        }
      }
    }
  }

  @Test("an ambiguous byte is reported at once")
  func toldAtOnce() {
    for head in [
      "\u{1B}", "\u{1B}[", "\u{1B}O", "\u{1B}]1", "\u{1B}P", "\u{1B}[M", "\u{1B}[?2026;2$",
    ] {
      var decoder = decoder()
      #expect(decoder.feed(Array(head.utf8), at: .zero) == [.stray], "\(Array(head.utf8))")
      #expect(decoder.isOpen)
    }
    var decoder = decoder()
    #expect(decoder.feed([0x79, 0x1B], at: .zero) == [.key(.character("y")), .stray])
    #expect(decoder.mayBeEscape)
    #expect(decoder.feed([0xC3], at: .zero).last == .stray)
  }

  @Test("the rest of a discarded sequence is discarded too")
  func discarded() {
    for report in Reports.all {
      for cut in 1..<report.count {
        var decoder = decoder()
        decoder.discard(report[..<cut], at: .zero)
        let late = decoder.settle(at: .seconds(1)) + decoder.feed(report[cut...], at: .seconds(2))
        #expect(late.allSatisfy { $0 == .stray }, "\(report) cut at \(cut): \(late)")
        let next = decoder.feed([0x71], at: .seconds(3))
        #expect(next == [.key(.character("q"))], "\(report) cut at \(cut): \(next)")
      }
    }
  }

  @Test("a report inside a torn sequence does not make its rest keys")
  func nested() {
    var decoder = decoder()
    var inputs = decoder.feed(Array("\u{1B}[?2026;2$".utf8), at: .zero)
    inputs += decoder.feed(Array("\u{1B}[O".utf8), at: Span(milliseconds: 20))
    inputs += decoder.feed(Array("y".utf8), at: .seconds(1))
    #expect(inputs.allSatisfy { $0 == .stray })
    #expect(decoder.feed([0x71], at: .seconds(2)) == [.key(.character("q"))])
    // A key that a person pressed ends the waiting for it.
    _ = decoder.feed(Array("\u{1B}[".utf8), at: .seconds(3))
    #expect(decoder.feed(Array("\u{1B}[A".utf8), at: .seconds(4)).last == .key(.up))
    #expect(decoder.feed([0x71], at: .seconds(5)) == [.key(.character("q"))])
  }

  @Test("^C alone is recognized in a paste without an end, and the paste stays one")
  func interruptInPaste() {
    var decoder = decoder()
    _ = decoder.feed(Array("\u{1B}[200~y".utf8), at: .zero)
    #expect(decoder.feed([0x03], at: .seconds(1)) == [.key(.control("c"))])
    #expect(decoder.feed(Array("y\r".utf8), at: .seconds(1)).isEmpty)
    #expect(decoder.settle(at: .seconds(3)) == [.pasteAbandoned])
    #expect(decoder.feed([0x03], at: Span(milliseconds: 3_500)) == [.key(.control("c"))])
    #expect(decoder.settle(at: .seconds(4)).isEmpty && !decoder.isOpen)
  }

  @Test("the rest of a character with an invalid lead byte does not begin a string")
  func invalidLead() {
    for lead: UInt8 in [0xC0, 0xC1, 0xF5, 0xFF] {
      var decoder = decoder()
      let inputs = decoder.feed([lead, 0x90, 0x32, 0x33], at: .zero)
      #expect(inputs.suffix(2) == [.key(.character("2")), .key(.character("3"))], "\(lead)")
    }
  }

  @Test("no torn sequence blocks the keyboard: Escape and ^C restore it")
  func recovery() {
    for head in ["\u{1B}]11;rgb", "\u{1B}P1", "\u{1B}_G", "\u{1B}X", "\u{1B}[?", "\u{1B}[M"] {
      var decoder = decoder()
      _ = decoder.feed(Array(head.utf8), at: .zero)
      #expect(decoder.feed([0x03], at: .seconds(1)).last == .key(.control("c")))
      _ = decoder.feed(Array(head.utf8), at: .seconds(2))
      _ = decoder.feed([0x1B], at: .seconds(3))
      _ = decoder.settle(at: .seconds(4))
      #expect(decoder.feed([0x6A], at: .seconds(5)).last == .key(.character("j")), "\(head)")
    }
  }

  @Test(
    "random bytes in random pieces with random gaps never confirm a phrase that is inside a report")
  func randomTears() {
    var random = SeededRandom(seed: 12)
    for round in 0..<4_000 {
      var decoder = decoder()
      var now = Span.zero
      var typed: [TerminalInput] = []
      let report = Reports.all.randomElement(using: &random) ?? []
      var rest = report[...]
      while !rest.isEmpty {
        let length = Int.random(in: 1...rest.count, using: &random)
        typed += decoder.feed(rest.prefix(length), at: now)
        rest = rest.dropFirst(length)
        now = now + Span(milliseconds: Int64.random(in: 1...1_000, using: &random))
        if Int.random(in: 0..<8, using: &random) == 0 { decoder.discard([], at: now) }
        typed += decoder.settle(at: now)
      }
      let isQuiet = typed.allSatisfy { $0 == .stray || $0 == .key(.escape) }
      #expect(isQuiet, "round \(round): \(report) gave \(typed)")
    }
  }
}

@Suite("Keyboard protocols that another program left on")
struct KeyProtocolTests {
  private func keys(_ sent: String) -> [TerminalInput] {
    var decoder = InputDecoder(sequences: KeySequences([:]), escapeDelay: Span(milliseconds: 50))
    return decoder.feed(Array(sent.utf8), at: .zero)
  }

  @Test(
    "kitty's protocol and modifyOtherKeys are read",
    arguments: [
      ("\u{1B}[27u", .escape), ("\u{1B}[27;129u", .escape), ("\u{1B}[27;1:1u", .escape),
      ("\u{1B}[99;5u", .control("c")), ("\u{1B}[27;5;99~", .control("c")),
      ("\u{1B}[106u", .character("j")),
      ("\u{1B}[106:74;2u", .character("J")), ("\u{1B}[106;2u", .character("J")),
      ("\u{1B}[27;2;36~", .character("$")), ("\u{1B}[13u", .enter), ("\u{1B}[57414u", .enter),
      ("\u{1B}[9;2u", .backTab), ("\u{1B}[127u", .backspace), ("\u{1B}[91;5u", .escape),
      ("\u{1B}[1;1A", .up), ("\u{1B}[1;129B", .down), ("\u{1B}[5;1~", .pageUp),
      ("\u{1B}[P", .function(1)), ("\u{1B}[1;5A", .unknown), ("\u{1B}[97;3u", .unknown),
      ("\u{1B}[57358u", .unknown), ("\u{1B}[106;1:2u", .character("j")),
    ] as [(String, Key)])
  func presses(sent: String, key: Key) {
    #expect(keys(sent) == [.key(key)])
  }

  @Test(
    "the release of a key is not a key",
    arguments: [
      "\u{1B}[27;1:3u", "\u{1B}[13;1:3u", "\u{1B}[121;1:3u", "\u{1B}[1;1:3A", "\u{1B}[5;1:3~",
    ])
  func releases(sent: String) {
    #expect(keys(sent) == [.stray])
  }

  @Test("a click of any mouse protocol is not a key, and the key after it is read")
  func mice() {
    for click in [
      "\u{1B}[M !!", "\u{1B}[Mayx", "\u{1B}[M \u{C4}\u{101}", "\u{1B}[<0;1;1M", "\u{1B}[32;1;1M",
      "\u{1B}[t!!",
      "\u{1B}[T!!!!!!",
    ] {
      #expect(keys(click + "j") == [.stray, .key(.character("j"))], "\(Array(click.utf8))")
    }
  }

  @Test("numbers of any length are read, and ignored")
  func longNumbers() {
    let digits = String(repeating: "9", count: 60)
    #expect(keys("\u{1B}[\(digits)u") == [.stray])
    #expect(keys("\u{1B}[1;\(digits)\(digits)A") == [.stray])
    #expect(keys("\u{1B}[9999999u") == [.key(.unknown)])
  }
}
