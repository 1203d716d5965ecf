import Glibc
import Text
import Wire

/// The output of the program: stdout, stderr and the text made printable for them.
enum Output {
  /// The charset of the locale in the environment.
  private static let charset: Charset =
    setlocale(LC_CTYPE, "") != nil && String(cString: nl_langinfo(Int32(CODESET))) == "UTF-8"
    ? .utf8 : .ascii

  static func line(_ text: String) { write(STDOUT_FILENO, Array((text + "\n").utf8)) }
  static func line(_ value: JSONValue) { write(STDOUT_FILENO, value.json(.line) + [0x0A]) }
  static func error(_ text: String) { write(STDERR_FILENO, Array((text + "\n").utf8)) }

  /// Returns paths, names or arguments in printable form, line by line.
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
      // The reader is gone (EPIPE) or the write failed; the error cannot be reported anywhere.
      guard count > 0 || errno == EINTR else { return }
      written += max(count, 0)
    }
  }
}

/// A failure that ends the program with status 1, with a printable message.
struct SandboxFailure: Error {
  var words: String

  init(_ words: String) { self.words = words }
}
