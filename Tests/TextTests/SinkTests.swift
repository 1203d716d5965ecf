import Testing
import Text

@Suite("Features of single sinks")
struct SinkTests {
  @Test("hidden characters are counted: those that nobody would see, and nothing else")
  func hiddenCounts() {
    let counts: [(text: String, hidden: Int)] = [
      ("URGENT \u{1B}[2K\u{202E}All ok", 2),
      ("two\nlines\tand ‹brackets›", 0),
      ("a\r\nb", 1),
      ("\u{A0}\u{200B}\u{FE0F}\u{E0041}", 4),
      ("שלום e\u{301}\u{301}\u{301}\u{301}\u{301} \u{1F1E9}", 0),
    ]
    for (text, hidden) in counts {
      #expect(Sanitiser.hiddenCount(Untrusted(text)) == hidden)
      #expect(Sanitiser.rendered(Untrusted(text), for: .cell, in: .ascii).hidden == hidden)
      #expect(Sanitiser.layout(Untrusted(text), columns: 40, in: .utf8).hidden == hidden)
    }
    #expect(Sanitiser.hiddenCount(Untrusted(bytes: [0x61, 0x80, 0xED, 0xA0, 0x80])) == 2)
  }

  @Test(
    "a fixed length is shown, and the rest is counted",
    arguments: [(Sink.cell, 2_048), (.dialog, 65_536), (.detail, 65_536)])
  func cap(_ sink: Sink, _ shown: Int) {
    let long = Untrusted(bytes: Array(repeating: 0x61, count: shown + 7))
    let rendered = Sanitiser.rendered(long, for: sink, in: .utf8)
    #expect(rendered.omitted == 7)
    #expect(rendered.text.hasSuffix("aaa…(+7)"))
    #expect(rendered.text.utf8.count == shown + "…(+7)".utf8.count)
    #expect(Sanitiser.render(long, for: sink, in: .ascii).hasSuffix("aaa<+7>"))
  }

  @Test("a cut falls between scalars, not into one")
  func capOnScalars() {
    let text = Untrusted("a" + String(repeating: "é", count: 40_000))
    let rendered = Sanitiser.rendered(text, for: .dialog, in: .utf8)
    #expect(rendered.hidden == 0)
    #expect(rendered.omitted == 40_001 - 1 - 32_767)
  }

  @Test("the full form is not cut")
  func fullIsWhole() throws {
    let long = Untrusted(bytes: Array(repeating: 0x61, count: 200_000) + [0x80])
    let full = Sanitiser.render(long, for: .full, in: .utf8)
    #expect(try Sanitiser.unescape(Untrusted(full), in: .utf8) == long)
  }

  @Test("a log record is ASCII on any terminal, and short")
  func log() {
    let text = Untrusted("é" + String(repeating: "x", count: 5_000))
    let log = Sanitiser.render(text, for: .log, in: .utf8)
    #expect(log.hasPrefix("<U+00E9>xxx"))
    #expect(log.hasSuffix("x<+2954>"))
  }

  @Test("a copy has its escapes and no line break at its end")
  func clipboard() {
    let copy = Sanitiser.render(Untrusted("a\nb\r\n\n"), for: .clipboard, in: .utf8)
    #expect(copy == "a‹U+000A›b")
    #expect(Sanitiser.render(Untrusted("\n"), for: .clipboard, in: .utf8).isEmpty)
  }

  @Test("a CSV field is quoted where it must be, and is no formula")
  func csv() {
    let fields: [(text: String, field: String)] = [
      ("Acme", "Acme"), ("Acme, Inc.", "\"Acme, Inc.\""), ("a\"b", "\"a\"\"b\""),
      ("=1+1", "\"'=1+1\""), ("  @SUM", "\"'  @SUM\""), ("-x", "\"'-x\""),
      ("\u{FF1D}1", "\"'\u{FF1D}1\""), ("=\u{301}x", "\"'=\u{301}x\""),
      ("\t=1", "‹U+0009›=1"), ("", ""),
    ]
    for (text, field) in fields {
      let rendered = Sanitiser.render(Untrusted(text), for: .csv, in: .utf8)
      #expect(Array(rendered.utf8) == Array(field.utf8))
    }
  }

  @Test("abbreviations and invalid escapes are not unescaped")
  func unescapeRefuses() {
    func error(_ text: String, _ charset: Charset) -> UnescapeError? {
      do throws(UnescapeError) {
        _ = try Sanitiser.unescape(Untrusted(text), in: charset)
        return nil
      } catch {
        return error
      }
    }
    #expect(error("a⏎b", .utf8) == .abbreviated(at: 1))
    #expect(error("a‹+2 marks›", .utf8) == .abbreviated(at: 1))
    #expect(error("Acme…(+5)", .utf8) == .abbreviated(at: 4))
    #expect(error("Acme<+5>", .ascii) == .abbreviated(at: 4))
    #expect(error("a‹U+20›", .utf8) == .notAnEscape(at: 1))
    #expect(error("a‹U+110000›", .utf8) == .notAnEscape(at: 1))
    #expect(error("a‹", .utf8) == .notAnEscape(at: 1))
    #expect(error("a<b", .ascii) == .notAnEscape(at: 1))
    #expect(error("a<b wait…", .utf8) == nil)
  }
}
