import Glibc
import Text

/// The layout of a command's output.
enum Layouting: Hashable, Sendable {
  /// Aligned columns, for a terminal.
  case people
  /// A tab between two values and a line for each row, for another program.
  case pipe
  /// One fact per line, for screen readers and dumb terminals.
  case plain
}

/// A table of rows under a heading; its cells are printable text.
struct Table: Hashable, Sendable {
  var heading: [String]
  var rows: [[String]] = []
  /// The columns with untrusted text in each row, one bit per column.
  private var foreign: [UInt64] = []
  /// The columns with untrusted text that is never cut; they are the last ones of a row.
  let whole: Set<Int>

  init(_ heading: [String], whole: Set<Int> = []) {
    self.heading = heading
    self.whole = whole
  }

  /// Appends a row; `foreign` are its columns with untrusted text.
  mutating func add(_ row: [String], foreign: Set<Int> = []) {
    rows.append(row)
    self.foreign.append(foreign.reduce(0) { $0 | 1 << UInt64($1) })
  }

  /// Returns the table, with a line ending after each line; empty text without rows.
  ///
  /// `terminal` is the one on which it is printed. There, cells with untrusted text are marked, and
  /// cut so that the other columns keep their places.
  func text(_ layout: Layouting, on terminal: TerminalRows? = nil) -> String {
    guard !rows.isEmpty else { return "" }
    let cells = terminal.map { marked(for: $0) } ?? rows
    switch layout {
    case .people:
      guard let terminal else { return aligned([heading] + cells, widths(of: cells)) }
      return fitted(cells, to: terminal)
    case .pipe: return lines([heading.map { $0.lowercased() }] + rows) { $0 }
    case .plain: return facts(cells)
    }
  }

  private func isForeign(_ row: Int, _ column: Int) -> Bool {
    foreign[row] & (1 << UInt64(column)) != 0
  }

  private func marked(for terminal: TerminalRows) -> [[String]] {
    rows.indices.map { row in
      rows[row].indices.map { column in
        isForeign(row, column)
          ? terminal.foreign(rows[row][column])
          : Sanitiser.countingBlanks(rows[row][column], in: terminal.charset)
      }
    }
  }

  private func widths(of cells: [[String]]) -> [Int] {
    var widths = heading.map { DisplayWidth.of($0) }
    for row in cells {
      for (column, cell) in row.enumerated() where column < widths.count {
        widths[column] = max(widths[column], DisplayWidth.of(cell))
      }
    }
    return widths
  }

  private func aligned(_ rows: [[String]], _ widths: [Int], indent: String = "") -> String {
    rows.map { line($0, widths, indent: indent) }.joined()
  }

  private func line(_ row: [String], _ widths: [Int], indent: String) -> String {
    var line = indent
    for (column, cell) in row.enumerated() {
      line += cell
      guard row[(column + 1)...].contains(where: { !$0.isEmpty }) else { break }
      line += String(repeating: " ", count: max(0, widths[column] - DisplayWidth.of(cell)) + 2)
    }
    return line + "\n"
  }

  private func lines(_ rows: [[String]], _ cell: (String) -> String) -> String {
    rows.map { $0.map(cell).joined(separator: "\t") + "\n" }.joined()
  }

  private func facts(_ cells: [[String]]) -> String {
    cells.map { row in
      zip(heading, row).filter { !$1.isEmpty }.map { "\($0): \($1)\n" }.joined()
    }.joined(separator: "\n")
  }
}

// MARK: On a terminal

extension Table {
  /// The width below which no column is cut.
  private static let least = 12

  /// Lays out one row per line if that fits, with cells cut where necessary.
  ///
  /// Otherwise every row has several lines, the further ones indented. No cell of ours is moved by
  /// the contents of another.
  private func fitted(_ cells: [[String]], to terminal: TerminalRows) -> String {
    var widths = widths(of: cells)
    let room = terminal.columns - 2 * (widths.count - 1)
    if widths.reduce(0, +) <= room { return aligned([heading] + cells, widths) }
    let cut = cuttable
    for column in cut { widths[column] = min(widths[column], terminal.columns) }
    let owned = ownWidths
    let least = widths.indices.map { cut.contains($0) ? max(Self.least, owned[$0]) : 0 }
    // The widest column is cut first, down to the width of the others.
    var excess = widths.reduce(0, +) - room
    while excess > 0,
      let widest = cut.filter({ widths[$0] > least[$0] }).max(by: { widths[$0] < widths[$1] })
    {
      widths[widest] -= 1
      excess -= 1
    }
    // A column that is never cut gets lines of its own; a longer cell continues on the next line.
    for column in whole where excess > 0 {
      widths[column] = min(widths[column], terminal.columns - 2)
    }
    let cells = cells.enumerated().map { row, cells in
      cells.indices.map { column in
        cut.contains(column) && isForeign(row, column)
          ? DisplayWidth.cut(cells[column], to: widths[column], announcing: terminal.charset)
          : cells[column]
      }
    }
    if excess <= 0 { return aligned([heading] + cells, widths) }
    return folded(cells, widths, to: terminal)
  }

  /// The columns with untrusted text that may be cut.
  private var cuttable: [Int] {
    let any = foreign.reduce(0, |)
    return heading.indices.filter { any & (1 << UInt64($0)) != 0 && !whole.contains($0) }
  }

  /// The widths of our own cells in each column, and of the heading.
  private var ownWidths: [Int] {
    var widths = heading.map { DisplayWidth.of($0) }
    for (index, row) in rows.enumerated() {
      for (column, cell) in row.enumerated() where !isForeign(index, column) {
        widths[column] = max(widths[column], DisplayWidth.of(cell))
      }
    }
    return widths
  }

  private func folded(
    _ cells: [[String]], _ widths: [Int], to terminal: TerminalRows
  ) -> String {
    var groups: [Range<Int>] = []
    var start = 0
    var used = 0
    for column in widths.indices {
      let gap = column == start ? (groups.isEmpty ? 0 : 2) : 2
      if column > start, used + gap + widths[column] > terminal.columns {
        groups.append(start..<column)
        start = column
        used = 2 + widths[column]
      } else {
        used += gap + widths[column]
      }
    }
    groups.append(start..<widths.count)
    return ([heading] + cells).map { row in
      groups.map { group in
        line(
          Array(row[group]), Array(widths[group]), indent: group.lowerBound == 0 ? "" : "  ")
      }.joined()
    }.joined()
  }
}

/// The facts about one thing, each with a label and a text.
struct Facts: Hashable, Sendable {
  struct Fact: Hashable, Sendable {
    var label: String
    var text: String
    var origin: Origin
  }

  enum Origin: Hashable, Sendable {
    case own
    /// Our words with untrusted text inside.
    case mixed
    case foreign
  }

  private(set) var facts: [Fact] = []

  mutating func add(_ label: String, _ text: String?, _ origin: Origin = .own) {
    if let text { facts.append(Fact(label: label, text: text, origin: origin)) }
  }

  /// Returns the facts; `terminal` is the one on which they are printed, with untrusted text
  /// marked.
  func text(_ layout: Layouting, on terminal: TerminalRows? = nil) -> String {
    let width = layout == .people ? facts.map { DisplayWidth.of($0.label) }.max() ?? 0 : 0
    return facts.map { fact in
      let label =
        switch layout {
        case .people:
          fact.label
            + String(repeating: " ", count: width - DisplayWidth.of(fact.label) + 2)
        case .pipe: "\(fact.label)\t"
        case .plain: "\(fact.label): "
        }
      return (terminal.map { rows(of: fact, behind: label, on: $0) } ?? label + fact.text) + "\n"
    }.joined()
  }

  private func rows(of fact: Fact, behind label: String, on terminal: TerminalRows) -> String {
    switch fact.origin {
    case .foreign:
      return terminal.line(label + terminal.foreign(fact.text), goingOnWith: TerminalRows.mark)
    case .mixed:
      let text = Sanitiser.countingBlanks(fact.text, in: terminal.charset)
      return terminal.line(label + text, goingOnWith: TerminalRows.mark)
    case .own:
      let indent = min(DisplayWidth.of(label), max(2, terminal.columns / 2 - 2))
      return terminal.line(
        label + fact.text, goingOnWith: String(repeating: " ", count: indent))
    }
  }
}

/// The layout of lines on a terminal, so that the terminal itself wraps none.
///
/// If the terminal wrapped a line, untrusted text could begin a row and pass for ours. Every
/// continued row begins with the mark of untrusted text, and so does every such text. A run of
/// blanks in it becomes one symbol. So no text of a sender, a server or a file can begin a row or a
/// column.
struct TerminalRows: Hashable, Sendable {
  /// The width of the terminal less one: some wrap after the last column was written.
  let columns: Int
  let charset: Charset

  /// The mark before untrusted text, and before a continued row.
  static let mark = "~ "
  /// The mark before an untrusted id, which is one word.
  static let sign = "~"
  /// The width of a terminal that reports none.
  static let usual = 80

  init(columns: Int?, charset: Charset) {
    self.columns = max((columns ?? Self.usual) - 1, Self.mark.utf8.count + 2)
    self.charset = charset
  }

  /// Wraps printable lines into rows.
  func wrap(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { line($0, goingOnWith: Self.mark) }.joined(separator: "\n")
  }

  /// Wraps a line that may contain untrusted text: runs of blanks inside it become symbols.
  ///
  /// Blanks at its beginning are ours and kept.
  func message(_ line: some StringProtocol) -> String {
    let indent = line.prefix { $0 == " " }
    let rest = Sanitiser.countingBlanks(String(line.dropFirst(indent.count)), in: charset)
    return self.line(String(indent) + rest, goingOnWith: Self.mark)
  }

  /// Wraps several lines that may contain untrusted text.
  func messages(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { message($0) }
      .joined(separator: "\n")
  }

  /// Wraps one line into rows; `mark` begins the further ones.
  func line(_ line: some StringProtocol, goingOnWith mark: String) -> String {
    let line = String(line)
    if line.utf8.count <= columns { return line }
    let rest = max(columns - DisplayWidth.of(mark), 1)
    return DisplayWidth.rows(line, first: columns, rest: rest).joined(separator: "\n" + mark)
  }

  /// Returns untrusted text with its mark.
  func foreign(_ text: String) -> String {
    text.isEmpty ? "" : Self.mark + Sanitiser.countingBlanks(text, in: charset)
  }

  /// Returns untrusted text with its mark, in at most `columns` columns; a cut is announced.
  func foreign(_ text: String, columns: Int) -> String {
    DisplayWidth.cut(foreign(text), to: columns, announcing: charset)
  }
}

extension Console {
  /// Returns the layout of a stream's lines; nil when the stream is not a terminal.
  func rows(_ stream: StandardStream, in charset: Charset) -> TerminalRows? {
    isTerminal(stream) ? TerminalRows(columns: columns, charset: charset) : nil
  }
}

/// The width of the terminal that standard output or standard error is.
///
/// If neither reports one, COLUMNS is used.
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
