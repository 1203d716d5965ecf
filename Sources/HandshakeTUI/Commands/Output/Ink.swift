import Model
import Text

/// Makes text of any origin printable for where a command writes.
struct Ink: Hashable, Sendable {
  var charset: Charset

  /// One cell of a table.
  func cell(_ text: Untrusted?) -> String {
    text.map { Sanitiser.render($0, for: .cell, in: charset) } ?? ""
  }

  /// One line that loses nothing.
  func full(_ text: Untrusted) -> String { Sanitiser.render(text, for: .full, in: charset) }

  /// What came on the command line or from the environment: paths, names, values.
  func full(_ text: String) -> String { full(Untrusted(text)) }

  /// A sign of ours where the character set has it.
  func sign(_ utf8: String, or ascii: String) -> String { charset == .utf8 ? utf8 : ascii }
}
