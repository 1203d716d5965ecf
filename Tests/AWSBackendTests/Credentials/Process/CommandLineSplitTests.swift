import Testing

@testable import AWSBackend

@Suite("A credential_process is split as the AWS CLI splits it")
struct CommandLineSplitTests {
  /// What Python's `shlex.split` makes of them; nil where it raises.
  static let rows: [(line: String, words: [String]?)] = [
    ("tool", ["tool"]),
    ("  tool  a\tb\r\nc ", ["tool", "a", "b", "c"]),
    ("tool 'a b'", ["tool", "a b"]),
    ("tool \"a b\"", ["tool", "a b"]),
    ("tool a\\ b", ["tool", "a b"]),
    ("tool \"a\\\"b\"", ["tool", "a\"b"]),
    ("tool \"a\\nb\"", ["tool", "a\\nb"]),
    ("tool 'a\\b'", ["tool", "a\\b"]),
    ("tool \"a\\\\b\"", ["tool", "a\\b"]),
    ("tool ''", ["tool", ""]),
    ("tool \"\"x", ["tool", "x"]),
    ("tool a\"b\"c'd'", ["tool", "abcd"]),
    ("tool $HOME `x` | y # z; v", ["tool", "$HOME", "`x`", "|", "y", "#", "z;", "v"]),
    ("tool --key='v w' ~", ["tool", "--key=v w", "~"]),
    ("\\tool", ["tool"]),
    ("'/opt/my tool' x", ["/opt/my tool", "x"]),
    ("tool é 'ü'", ["tool", "é", "ü"]),
    ("\"\\ \"", ["\\ "]),
    ("a\\\nb", ["a\nb"]),
    ("a\\'b", ["a'b"]),
    ("\"a'b\"", ["a'b"]),
    ("", []), (" \ta\n", ["a"]), ("a''b \"\"", ["ab", ""]),
    ("'a", nil),
    ("\"a", nil),
    ("a\\", nil),
    ("'a\"", nil),
    ("\"a\\\"", nil),
    ("a 'b' \"c", nil),
  ]

  @Test("POSIX quotes and backslashes, and nothing else of a shell", arguments: rows)
  func words(_ row: (line: String, words: [String]?)) {
    let words = CommandLineSplit.arguments(Array(row.line.utf8))
    #expect(words?.map { String(decoding: $0, as: UTF8.self) } == row.words)
  }
}
