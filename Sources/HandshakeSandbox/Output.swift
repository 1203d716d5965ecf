import Glibc
import Text
import Wire

/// What goes to the terminal or into a pipe.
enum Output {
  /// What the locale of the environment can show.
  private static let charset: Charset =
    setlocale(LC_CTYPE, "") != nil && String(cString: nl_langinfo(Int32(CODESET))) == "UTF-8"
    ? .utf8 : .ascii

  static func line(_ text: String) { write(STDOUT_FILENO, Array((text + "\n").utf8)) }
  static func line(_ value: JSONValue) { write(STDOUT_FILENO, value.json(.line) + [0x0A]) }
  static func error(_ text: String) { write(STDERR_FILENO, Array((text + "\n").utf8)) }

  /// Paths, names and arguments, which may hold anything, line by line.
  static func printable(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { Sanitiser.render(Untrusted(String($0)), for: .full, in: charset) }
      .joined(separator: "\n")
  }

  static func cell(_ text: Untrusted) -> String { Sanitiser.render(text, for: .cell, in: charset) }

  private static func write(_ descriptor: Int32, _ bytes: [UInt8]) {
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress, $0.count)
      }
      // Nobody reads: there is nobody to tell either.
      guard count > 0 || errno == EINTR else { return }
      written += max(count, 0)
    }
  }
}

/// Why the program ends with 1; printable.
struct CommandFailure: Error {
  var words: String

  init(_ words: String) { self.words = words }
}
