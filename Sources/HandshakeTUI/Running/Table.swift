import Glibc
import Text

/// How a command's words are laid out.
enum Layouting: Hashable, Sendable {
  /// Aligned columns, for a terminal.
  case people
  /// A tab between two values and a line for each row, for the next program.
  case pipe
  /// One fact a line, for screen readers and dumb terminals.
  case plain
}

/// Rows under a heading. Cells are printable text.
struct Table: Hashable, Sendable {
  var heading: [String]
  var rows: [[String]] = []
  /// The columns whose cells are text of others in each row, one bit a column.
  private var foreign: [UInt64] = []
  /// Columns with text of others that is never cut: the last things a row says.
  let whole: Set<Int>

  init(_ heading: [String], whole: Set<Int> = []) {
    self.heading = heading
    self.whole = whole
  }

  /// - Parameter foreign: The columns whose cells are text of others in this row.
  mutating func add(_ row: [String], foreign: Set<Int> = []) {
    rows.append(row)
    self.foreign.append(foreign.reduce(0) { $0 | 1 << UInt64($1) })
  }

  /// The whole table, every line with its end. A table without rows is empty text.
  ///
  /// `terminal`: the one that it is printed on. Cells with text of others are marked there, and cut so
  /// that the other columns are where they should be.
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
  /// Columns that are cut to no less than this.
  private static let least = 12

  /// One row a line where that fits, with cut cells if need be; else every row in several lines, of
  /// which the further ones are indented. No cell of ours is moved by what stands in another.
  private func fitted(_ cells: [[String]], to terminal: TerminalRows) -> String {
    var widths = widths(of: cells)
    let room = terminal.columns - 2 * (widths.count - 1)
    if widths.reduce(0, +) <= room { return aligned([heading] + cells, widths) }
    let cut = cuttable
    for column in cut { widths[column] = min(widths[column], terminal.columns) }
    let owned = ownWidths
    let least = widths.indices.map { cut.contains($0) ? max(Self.least, owned[$0]) : 0 }
    // The widest gives way first, down to what the others have.
    var excess = widths.reduce(0, +) - room
    while excess > 0,
      let widest = cut.filter({ widths[$0] > least[$0] }).max(by: { widths[$0] < widths[$1] })
    {
      widths[widest] -= 1
      excess -= 1
    }
    // What is never cut gets lines of its own; what is longer still goes on in the next one.
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

  /// The columns with text of others that may be cut.
  private var cuttable: [Int] {
    let any = foreign.reduce(0, |)
    return heading.indices.filter { any & (1 << UInt64($0)) != 0 && !whole.contains($0) }
  }

  /// How wide the cells of ours are in each column, and the heading.
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

/// Facts of one thing: a label and what it says.
struct Facts: Hashable, Sendable {
  struct Fact: Hashable, Sendable {
    var label: String
    var text: String
    var origin: Origin
  }

  enum Origin: Hashable, Sendable {
    case own
    /// Words of ours with text of others within them.
    case mixed
    case foreign
  }

  private(set) var facts: [Fact] = []

  mutating func add(_ label: String, _ text: String?, _ origin: Origin = .own) {
    if let text { facts.append(Fact(label: label, text: text, origin: origin)) }
  }

  /// `terminal`: the one that they are printed on, where text of others is marked.
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
