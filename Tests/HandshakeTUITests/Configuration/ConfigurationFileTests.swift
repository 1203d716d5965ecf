import Model
import Testing
import Text

@testable import HandshakeTUI

@Suite("config.toml") struct ConfigurationFileTests {
  @Test("every key is read, with its line")
  func everyKey() throws {
    let file = try ConfigurationFile(
      path: "/c.toml",
      bytes: Array(
        """
        # mine
        backend = "local"
        store = "/srv/o.sqlite"
        account = "222233334444"

        read_only = true
        write = false
        ascii = true
        esc_delay = 120
        grace = 0
        log = "/var/log/h.jsonl"
        """.utf8))
    func expect(_ key: String, _ value: SettingRow.Value, _ line: Int) {
      #expect(file[key] == Setting(value, .file(path: "/c.toml", line: line)), "\(key)")
    }
    expect("backend", .text("local"), 2)
    expect("store", .text("/srv/o.sqlite"), 3)
    expect("account", .text("222233334444"), 4)
    expect("read_only", .boolean(true), 6)
    expect("write", .boolean(false), 7)
    expect("ascii", .boolean(true), 8)
    expect("esc_delay", .number(120), 9)
    expect("grace", .number(0), 10)
    expect("log", .text("/var/log/h.jsonl"), 11)
    #expect(file.entries.count == 9)
  }

  struct Bad: Sendable, CustomTestStringConvertible {
    var text: String
    var line: Int
    var contains: String
    var testDescription: String { contains }
  }

  static let bad = [
    Bad(text: "ascii = true\ncolour = 1\n", line: 2, contains: "unknown key \"colour\""),
    Bad(text: "\n\n[people]\na = 1\n", line: 3, contains: "unknown table [people]"),
    Bad(text: "ascii = true\n[backend]\n", line: 2, contains: "unknown table [backend]"),
    Bad(text: "ascii = true\r\n\r\ngrace = 61\r\n", line: 3, contains: "c.toml:3"),
    Bad(text: "ascii = true\n\0\nread_only = true\n", line: 2, contains: "a key must consist of"),
    Bad(text: "ascii = true # \0\nread_only = true\n", line: 1, contains: "control character"),
    Bad(text: "ascii = true\n[/]\n", line: 2, contains: "a table's name"),
    Bad(text: "\u{FEFF}[[\u{E9}]]\n", line: 1, contains: "arrays of tables"),
    Bad(text: "[ \n", line: 1, contains: "a table's name"),
    Bad(text: "ascii = true\nprofiles = [\"a\", }\n", line: 2, contains: "a value is text"),
    Bad(text: "profiles = [ # {\n'}', \u{2028}]", line: 2, contains: "a value is text"),
    Bad(text: "profiles = { a = 1 }", line: 1, contains: "inline tables"),
    Bad(text: "region = \"eu\\u0000\"", line: 1, contains: "a region in quotes"),
    Bad(text: "store = \"/a\\u0000b\"", line: 1, contains: "an absolute path"),
    Bad(text: "profiles = [\"a\", \"b\\u0000\"]", line: 1, contains: "profile names"),
    Bad(text: "input = \"/x\"\n", line: 1, contains: "unknown key \"input\""),
    Bad(text: "zzz = 1\naaa = 2\n", line: 1, contains: "unknown key \"zzz\""),
    Bad(text: "ascii = true\nstore = /x\n", line: 2, contains: "c.toml:2"),
    Bad(text: "ascii = true\nascii = false\n", line: 2, contains: "c.toml:2"),
    Bad(text: "grace = 61\n", line: 1, contains: "from 0 to 60"),
    Bad(text: "grace = \"5\"\n", line: 1, contains: "from 0 to 60"),
    Bad(text: "esc_delay = 0\n", line: 1, contains: "from 1 to 2000"),
    Bad(text: "ascii = 1\n", line: 1, contains: "true or false"),
    Bad(text: "\nstore = \"here.sqlite\"\n", line: 2, contains: "absolute path"),
    Bad(text: "account = \"１２３４５６７８９０１２\"\n", line: 1, contains: "12 digits"),
    Bad(text: "account = 123456789012\n", line: 1, contains: "12 digits"),
    Bad(text: "backend = \"gcp\"\n", line: 1, contains: "\"local\", \"aws\" or \"auto\""),
  ]

  @Test("quotes and comments may contain any text")
  func quoted() throws {
    let text = """
      # {é}
      region = "{é\\"}" # }
      profiles = ['{', \"\"\"
      [/ } \\\"\"\" é\"\"\"\", '}\\']
      """
    let file = try ConfigurationFile(path: "/c.toml", bytes: Array(text.utf8))
    #expect(file["region"]?.value == .text("{é\"}"))
    #expect(file["profiles"]?.value == .list(["{", "[/ } \"\"\" é\"", "}\\"]))
  }

  @Test("an error names the file and the line", arguments: bad)
  func refused(_ bad: Bad) throws {
    let error = try #require(throws: ConfigurationError.self) {
      try ConfigurationFile(path: "/c.toml", bytes: Array(bad.text.utf8))
    }
    #expect(error.line == bad.line)
    let text = error.failure(Formatter(charset: .utf8)).text
    #expect(text.contains(bad.contains))
    #expect(text.contains("/c.toml:\(bad.line)"))
  }

  @Test("a key with a control sequence is shown escaped")
  func hostileKey() throws {
    let error = try #require(throws: ConfigurationError.self) {
      try ConfigurationFile(path: "/c.toml", bytes: Array("\"\\u001b[2J\" = 1\n".utf8))
    }
    let text = error.failure(Formatter(charset: .ascii)).text
    #expect(!text.unicodeScalars.contains("\u{1B}"))
    #expect(text.contains("<U+001B>"))
  }
}
