import Glibc
import Model
import Text

/// Where a command's words go and come from. The program's is the process's own three streams; a
/// test's is memory.
protocol Console: Sendable {
  func isTerminal(_ stream: StandardStream) -> Bool
  /// Columns of the terminal; nil when there is none.
  var columns: Int? { get }
  /// Whether the locale's character set is UTF-8.
  var isUTF8: Bool { get }
  func write(_ bytes: [UInt8], to stream: StandardStream) throws(CommandFailure)
  /// Standard input to its end.
  func readInput() throws(CommandFailure) -> [UInt8]
  /// Reads the next line of standard input, without its end.
  ///
  /// - Returns: At most `limit` bytes, whatever the line's length; nil at the end of the input.
  func readLine(limit: Int) -> [UInt8]?
}

enum StandardStream: Int32, Sendable {
  case input = 0
  case output = 1
  case errors = 2
}

/// The process's own.
struct SystemConsole: Console {
  let isUTF8: Bool
  private let environment: [String: String]

  /// Takes the locale of the environment, which decides what can be written.
  init(environment: [String: String]) {
    self.environment = environment
    isUTF8 = TerminalLocale.charset(of: environment) == .utf8
  }

  func isTerminal(_ stream: StandardStream) -> Bool { isatty(stream.rawValue) == 1 }

  var columns: Int? { TerminalWidth.columns(environment: environment) }

  func write(_ bytes: [UInt8], to stream: StandardStream) throws(CommandFailure) {
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes {
        Glibc.write(stream.rawValue, $0.baseAddress, $0.count)
      }
      if count < 0 {
        if errno == EINTR { continue }
        // There is nobody to tell about a stderr that is closed.
        if stream == .errors { return }
        let number = errno
        throw CommandFailure(
          .failed, "the output could not be written", why: SystemError(number).words,
          remedy: SystemError(number).remedy)
      }
      written += count
    }
  }

  func readInput() throws(CommandFailure) -> [UInt8] {
    try OpenInput.standard.readAll()
  }

  func readLine(limit: Int) -> [UInt8]? {
    var line: [UInt8] = []
    var byte: UInt8 = 0
    while true {
      let count = Glibc.read(StandardStream.input.rawValue, &byte, 1)
      if count < 0, errno == EINTR { continue }
      guard count == 1 else { return line.isEmpty ? nil : line }
      if byte == UInt8(ascii: "\n") { return line }
      if line.count < limit { line.append(byte) }
    }
  }
}
