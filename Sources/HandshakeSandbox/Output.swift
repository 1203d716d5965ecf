import Glibc
import Model
import Platform
import Text
import Wire

/// The output of the program: stdout, stderr and the text made printable for them.
enum Output {
  /// The charset of the locale in the environment.
  private static let charset: Charset =
    setlocale(LC_CTYPE, "") != nil && String(cString: nl_langinfo(Int32(CODESET))) == "UTF-8"
    ? .utf8 : .ascii

  /// Writes lines to standard output.
  ///
  /// - Throws: `SandboxFailure` when they cannot be written.
  static func line(_ text: String) throws(SandboxFailure) { try put(Array(text.utf8)) }

  /// Writes a value as one line to standard output.
  ///
  /// - Throws: `SandboxFailure` when it cannot be written.
  static func line(_ value: JSONValue) throws(SandboxFailure) { try put(value.json(.line)) }

  private static func put(_ bytes: [UInt8]) throws(SandboxFailure) {
    if let number = write(STDOUT_FILENO, bytes + [0x0A]) {
      throw SandboxFailure("the output could not be written: \(SystemError(number).words)")
    }
  }

  /// Writes lines to standard error; when it is closed, nobody reads them.
  static func error(_ text: String) { _ = write(STDERR_FILENO, Array((text + "\n").utf8)) }

  /// Returns a path, name or argument in printable form, on one line.
  static func printable(_ text: String) -> String {
    Sanitiser.render(Untrusted(text), for: .full, in: charset)
  }

  /// Returns a text of ours, such as the help, in the characters of the charset.
  static func plain(_ text: String) -> String { charset.plain(text) }

  static func cell(_ text: Untrusted) -> String { Sanitiser.render(text, for: .cell, in: charset) }

  /// Writes all bytes; returns the error's number when that fails.
  private static func write(_ descriptor: Int32, _ bytes: [UInt8]) -> Int32? {
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress, $0.count)
      }
      if count < 0, errno != EINTR { return errno }
      written += max(count, 0)
    }
    return nil
  }
}

/// A failure that ends the program with status 1, with a printable message.
struct SandboxFailure: Error {
  var words: String

  init(_ words: String) { self.words = words }
}
