import Testing

@testable import AWSBackend

@Suite struct CommandLineSplitTests {
  /// What Python's `shlex.split` makes of it.
  @Test(
    "splits a command as the AWS CLI does",
    arguments: [
      ("/bin/a b  c", ["/bin/a", "b", "c"]), (" \ta\n", ["a"]), ("", []),
      ("a 'b c' \"d e\"", ["a", "b c", "d e"]), ("a''b \"\"", ["ab", ""]),
      ("a\\ b 'c\\d' \"e\\f\\\"g\\\\\"", ["a b", "c\\d", "e\\f\"g\\"]),
      ("a $HOME `id` | ; # x", ["a", "$HOME", "`id`", "|", ";", "#", "x"]),
    ])
  func split(text: String, words: [String]) {
    let found = CommandLineSplit.arguments(Array(text.utf8))
    #expect(found?.map { String(decoding: $0, as: UTF8.self) } == words)
  }

  @Test("refuses a quotation or an escape without an end", arguments: ["a 'b", "a \"b", "a\\"])
  func open(text: String) {
    #expect(CommandLineSplit.arguments(Array(text.utf8)) == nil)
  }
}
