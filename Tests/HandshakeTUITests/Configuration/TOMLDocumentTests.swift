import TestSupport
import Testing

@testable import HandshakeTUI

@Suite("TOML") struct TOMLDocumentTests {
  struct Value: Sendable, CustomTestStringConvertible {
    var text: String
    var value: TOMLValue
    var testDescription: String { text }
  }

  static let values = [
    Value(text: "true", value: .boolean(true)), Value(text: "false # no", value: .boolean(false)),
    Value(text: "+5", value: .integer(5)), Value(text: "-0", value: .integer(0)),
    Value(text: "1_000", value: .integer(1_000)), Value(text: "0xfF", value: .integer(255)),
    Value(text: "0x0b0", value: .integer(176)), Value(text: "0o17", value: .integer(15)),
    Value(text: "0b1_0", value: .integer(2)),
    Value(text: "9223372036854775807", value: .integer(.max)),
    Value(text: "-9223372036854775808", value: .integer(.min)),
    Value(text: #""a\b\t\n\f\r\"\\b""#, value: .text("a\u{8}\t\n\u{C}\r\"\\b")),
    Value(text: #""\u00e9\U0001F600 # é""#, value: .text("é\u{1F600} # é")),
    Value(text: #"'\u0041"'"#, value: .text(#"\u0041""#)),
    Value(text: "\"\"", value: .text("")), Value(text: "''", value: .text("")),
    Value(text: "\"\"\"\na\r\nb\"\"\"", value: .text("a\nb")),
    Value(text: "\"\"\"a \\  \r\n\n \tb\\n\"\"\"", value: .text("a b\n")),
    Value(text: "\"\"\"\"a\"\"\"\"\"", value: .text("\"a\"\"")),
    Value(text: "'''''a'b''\\'''", value: .text("''a'b''\\")),
    Value(text: "[]", value: .list([])),
    Value(
      text: "[ 1, 'a', # one\n true,\r\n]", value: .list([.integer(1), .text("a"), .boolean(true)])),
  ]

  @Test("each kind of value is read", arguments: values)
  func value(_ value: Value) throws {
    let document = try TOMLDocument(Array("a = \(value.text)\nlast = 1\n".utf8))
    #expect(document.root["a"]?.value == value.value)
    #expect(document.root["last"] != nil)
  }

  static let bad = [
    // Structure
    "a", "a =", "= 1", "a = 1 b = 2", "a = 1, b", "[a", "[]", "[a]b", "[a]]", "[[a]]", "[a.b]",
    "[/a]", "[ ", "[é]", "a.b = 1", "é = 1", "a b = 1", "\"a = 1", "\"\"\"a\"\"\" = 1", ".", "\\",
    // Duplicates
    "a = 1\na = 2", "a = 1\n'a' = 2", "[a]\n[\"a\"]", "a = 1\n[a]", "[a]\nb = 1\nb = 1",
    // Values
    "a = b", "a = é", "a = +", "a = +-1", "a = 01", "a = -01", "a = 0x", "a = 0xG", "a = +0x1",
    "a = 0b2", "a = 0x0o7", "a = 0o0b1", "a = 1__0", "a = _1", "a = 1_", "a = 9223372036854775808",
    "a = 1.0", "a = 1e3",
    "a = inf", "a = 1979-05-27", "a = 07:32:00", "a = True", "a = {}", "a = { b = 1 }",
    // Lists
    "a = [", "a = [1", "a = [1,", "a = [,]", "a = [1,,]", "a = [1 2]", "a = [[1]]", "a = [{}]",
    "a = [}", "a = [1]]", "a = [\u{2028}]",
    // Strings
    "a = \"", "a = '", "a = \"\"\"", "a = '''", "a = \"b\nc\"", "a = 'b\nc'", "a = \"\\q\"",
    "a = \"\\", "a = \"\\u12\"", "a = \"\\u+123\"", "a = \"\\ud800\"", "a = \"\\U00110000\"",
    "a = \"\"\"b\\ c\"\"\"", "a = '''b''''''", "a = \"b\"c",
    // Control characters
    "a = 1\0", "a = 1 # \0", "\0", "a = \"\0\"", "a = '\u{1}'", "a = \"\"\"\u{7F}\"\"\"",
    "# \u{1B}",
    "a = 1\r", "a = 1\rb = 2", "a = \"\"\"b\rc\"\"\"", "\u{FEFF}\u{FEFF}", "[a\0]", "a = [\0]",
  ]

  @Test("an unsupported construct is refused with its line", arguments: bad)
  func refused(_ text: String) throws {
    let error = try #require(throws: TOMLError.self) { try TOMLDocument(Array(text.utf8)) }
    let lines = text.utf8.count { $0 == 0x0A } + 1
    #expect((1...lines).contains(error.line))
    #expect(!error.problem.isEmpty)
    let below = try #require(throws: TOMLError.self) {
      try TOMLDocument(Array(("# one\r\nz = '''\n'''\n" + text).utf8))
    }
    if !text.hasPrefix("\u{FEFF}") { #expect(below.line == error.line + 3) }
  }

  @Test("keys and tables have their lines, whatever is between them")
  func lines() throws {
    let text = "\u{FEFF}a = '''\n\n'''\r\n\r\n# b\n'b' = [\n1,\n] \n\n[ t ]\nc=1\n[\"u v\"]"
    let document = try TOMLDocument(Array(text.utf8))
    #expect(document.root.entries.map(\.line) == [1, 6])
    #expect(document.tables.map(\.name) == ["t", "u v"])
    #expect(document.tables.map(\.line) == [10, 12])
    #expect(document.tables[0]["c"]?.line == 11)
  }

  @Test("bytes that are not UTF-8 are refused with their line")
  func notUTF8() throws {
    for bad: [UInt8] in [[0xFF], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xE2, 0x82]] {
      let error = try #require(throws: TOMLError.self) {
        try TOMLDocument(Array("a = 1\nb = \"".utf8) + bad + Array("\"\n".utf8))
      }
      #expect(error == TOMLError(line: 2, problem: "not UTF-8"))
    }
  }

  @Test("any bytes are read or refused with an existing line")
  func anyBytes() {
    var random = SeededRandom(seed: 5)
    let pieces = [
      "a", "=", "[", "]", "\"", "'", "\"\"\"", "'''", "\\", "u00e9", "\n", "\r\n", "\t", " ", "#",
      ",",
      ".", "0", "x1", "_", "{", "}", "-", "true", "\u{0}", "é", "[/a]", "o-aaaaaaaaaa", "=\"b\"\n",
    ].map { Array($0.utf8) }
    var taken = 0
    for _ in 0..<20_000 {
      var bytes: [UInt8] = []
      for _ in 0..<Int.random(in: 0...14, using: &random) {
        bytes += pieces.randomElement(using: &random) ?? []
      }
      if Int.random(in: 0...9, using: &random) == 0 { bytes.append(0xFF) }
      do throws(TOMLError) {
        _ = try TOMLDocument(bytes)
        taken += 1
      } catch {
        #expect((1...(bytes.count { $0 == 0x0A } + 1)).contains(error.line))
      }
    }
    #expect(taken > 100)
  }

  @Test("a large file takes time in proportion to its size, whatever its content")
  func large() throws {
    let size = 1 << 20
    let lists = "a = [" + String(repeating: "'b',\n", count: size / 5) + "]"
    #expect(try TOMLDocument(Array(lists.utf8)).root.entries.count == 1)
    let keys = (0..<50_000).map { "k\($0) = 1\n[t\($0)]\n" }.joined()
    #expect(try TOMLDocument(Array(keys.utf8)).tables.count == 50_000)
    for opening in ["[", "a = [", "\"", "a = '''", "a = \"\\", "#", "{", "a.", "\r", "\n", "[["] {
      _ = try? TOMLDocument(Array(String(repeating: opening, count: size).utf8))
    }
  }
}
