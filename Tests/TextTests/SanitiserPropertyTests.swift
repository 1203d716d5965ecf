import TestSupport
import Testing
import Text

@Suite("Properties for any input (SEC-1.6)")
struct SanitiserPropertyTests {
  static let charsets: [Charset] = [.utf8, .ascii]
  static let sinks: [Sink] = [.cell, .dialog, .full, .log, .clipboard, .csv]

  @Test("the full form is reversed to the exact bytes", arguments: charsets)
  func reversible(_ charset: Charset) throws {
    var random = SeededRandom(seed: 1)
    for _ in 0..<4_000 {
      let bytes = Hostile.bytes(using: &random)
      let full = Sanitiser.render(Untrusted(bytes: bytes), for: .full, in: charset)
      let back = try Sanitiser.unescape(Untrusted(full), in: charset)
      #expect(back.bytes == bytes, "\(full)")
    }
  }

  @Test("different inputs have different full forms", arguments: charsets)
  func injective(_ charset: Charset) {
    var random = SeededRandom(seed: 2)
    var origins: [[UInt8]: [UInt8]] = [:]
    for _ in 0..<4_000 {
      let bytes = Hostile.bytes(using: &random)
      let full = Sanitiser.render(Untrusted(bytes: bytes), for: .full, in: charset)
      let before = origins.updateValue(bytes, forKey: Array(full.utf8))
      #expect(before == nil || before == bytes)
    }
  }

  @Test("no sink prints characters that hide or move text, or noncharacters", arguments: sinks)
  func safe(_ sink: Sink) {
    var random = SeededRandom(seed: 3)
    for _ in 0..<2_000 {
      let text = Untrusted(bytes: Hostile.bytes(using: &random))
      let utf8 = Sanitiser.render(text, for: sink, in: .utf8)
      #expect(Oracle.firstUnsafe(utf8) == nil)
      let ascii = Sanitiser.render(text, for: sink, in: .ascii)
      #expect(ascii.utf8.allSatisfy { (0x20...0x7E).contains($0) })
    }
  }

  @Test("no scalar that hides or moves text, and no noncharacter, is printed")
  func everyScalar() {
    let full = Sanitiser.render(Hostile.scalars(), for: .full, in: .utf8)
    #expect(Oracle.firstUnsafe(full) == nil)
  }

  @Test("the detail form has line breaks and nothing else that is unsafe", arguments: charsets)
  func detail(_ charset: Charset) {
    var random = SeededRandom(seed: 4)
    for _ in 0..<2_000 {
      let text = Untrusted(bytes: Hostile.bytes(using: &random))
      let detail = Sanitiser.render(text, for: .detail, in: charset)
      #expect(Oracle.firstUnsafe(detail, besides: "\n") == nil)
    }
  }

  @Test("no position on the screen gets more than 32 bytes")
  func boundedPlaces() {
    var random = SeededRandom(seed: 5)
    for _ in 0..<2_000 {
      let text = Untrusted(bytes: Hostile.bytes(using: &random))
      for glyph in DisplayWidth.glyphs(Sanitiser.render(text, for: .cell, in: .utf8)) {
        #expect(glyph.text.utf8.count <= 32)
        #expect((1...2).contains(glyph.columns))
      }
    }
  }

  @Test("a text of printable ASCII is its own rendering, and hides nothing")
  func plain() {
    let text = String((0x20...0x7E as ClosedRange<UInt8>).map { Character(Unicode.Scalar($0)) })
    for sink in [Sink.cell, .dialog, .full, .clipboard, .detail] {
      #expect(Sanitiser.render(Untrusted(text), for: sink, in: .utf8) == text)
    }
    #expect(Sanitiser.hiddenCount(Untrusted(text)) == 0)
  }
}

/// Sizes at which programs hung that compared, hashed or measured such text as `String`s.
///
/// There is no time limit here: code that is not linear does not end.
@Suite("Long and hostile texts are processed")
struct LengthTests {
  static let texts: [(name: String, unit: String)] = [
    ("plain", "a"), ("marks", "\u{301}\u{316}"), ("escapes", "\u{1B}[2K"), ("line feeds", "\n"),
    ("families", "\u{1F468}\u{200D}"), ("flags", "\u{1F1E9}"), ("right-to-left", "א "),
    ("ellipses", "…"),
  ]

  @Test("8 MB are drawn as a cell, a dialog and lines, and the rest is counted", arguments: texts)
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

  @Test("2 MB of marks have a full form that is reversed to them")
  func marksInFull() throws {
    let text = Untrusted(String(repeating: "\u{301}\u{316}", count: 500_000))
    let full = Sanitiser.render(text, for: .full, in: .utf8)
    #expect(try Sanitiser.unescape(Untrusted(full), in: .utf8) == text)
  }
}
