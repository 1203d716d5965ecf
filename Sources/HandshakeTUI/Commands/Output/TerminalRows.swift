import Glibc
import Text

/// How lines are laid out on a terminal, so that the terminal itself wraps none: text of others would
/// come to stand at the beginning of a row, where it passes for ours.
///
/// Every row that a line goes on in begins with the mark of others' text, and so does every such text.
/// A run of blanks in it is one sign. Nothing that a sender, a server or a file wrote can stand at the
/// beginning of a row, or begin a column.
struct TerminalRows: Hashable, Sendable {
  /// The width of the terminal less one: some wrap when the last column has been written.
  let columns: Int
  let charset: Charset

  /// What stands before text of others, and before what a line goes on with.
  static let mark = "~ "
  /// The same before an id, which is one word.
  static let sign = "~"
  /// Of a terminal that tells no size.
  static let usual = 80

  init(columns: Int?, charset: Charset) {
    self.columns = max((columns ?? Self.usual) - 1, Self.mark.utf8.count + 2)
    self.charset = charset
  }

  /// Printable lines as rows.
  func wrap(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { line($0, goingOnWith: Self.mark) }.joined(separator: "\n")
  }

  /// A line with whatever it says, which may hold text of others: runs of blanks within it are signs.
  /// Blanks that it begins with are ours.
  func message(_ line: some StringProtocol) -> String {
    let indent = line.prefix { $0 == " " }
    let rest = Sanitiser.countingBlanks(String(line.dropFirst(indent.count)), in: charset)
    return self.line(String(indent) + rest, goingOnWith: Self.mark)
  }

  /// Several such lines.
  func messages(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { message($0) }
      .joined(separator: "\n")
  }

  /// One line as rows.
  func line(_ line: some StringProtocol, goingOnWith mark: String) -> String {
    let line = String(line)
    if line.utf8.count <= columns { return line }
    let rest = max(columns - DisplayWidth.of(mark), 1)
    return DisplayWidth.rows(line, first: columns, rest: rest).joined(separator: "\n" + mark)
  }

  /// Text of others, with its mark.
  func foreign(_ text: String) -> String {
    text.isEmpty ? "" : Self.mark + Sanitiser.countingBlanks(text, in: charset)
  }

  /// The same in at most so many columns; what was cut is announced.
  func foreign(_ text: String, columns: Int) -> String {
    DisplayWidth.cut(foreign(text), to: columns, announcing: charset)
  }
}

extension Console {
  /// How a stream's lines are laid out; nil when it is no terminal.
  func rows(_ stream: StandardStream, in charset: Charset) -> TerminalRows? {
    isTerminal(stream) ? TerminalRows(columns: columns, charset: charset) : nil
  }
}

/// The width of the terminal that standard output or standard error is; of neither tells one, what the
/// environment says.
enum TerminalWidth {
  static func columns(environment: [String: String]) -> Int? {
    for stream in [StandardStream.output, .errors] {
      var size = winsize()
      if ioctl(stream.rawValue, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 {
        return Int(size.ws_col)
      }
    }
    return environment["COLUMNS"].flatMap { Int($0) }.flatMap {
      (1...10_000).contains($0) ? $0 : nil
    }
  }
}
