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

  init(_ heading: [String]) {
    self.heading = heading
  }

  mutating func add(_ row: [String]) { rows.append(row) }

  /// The whole table, every line with its end. A table without rows is empty text.
  func text(_ layout: Layouting) -> String {
    guard !rows.isEmpty else { return "" }
    switch layout {
    case .people: return aligned
    case .pipe: return lines([heading.map { $0.lowercased() }] + rows) { $0 }
    case .plain: return facts
    }
  }

  private var aligned: String {
    var widths = heading.map { DisplayWidth.of($0) }
    for row in rows {
      for (column, cell) in row.enumerated() where column < widths.count {
        widths[column] = max(widths[column], DisplayWidth.of(cell))
      }
    }
    var out = ""
    for row in [heading] + rows {
      var line = ""
      for (column, cell) in row.enumerated() {
        line += cell
        guard row[(column + 1)...].contains(where: { !$0.isEmpty }) else { break }
        line += String(repeating: " ", count: widths[column] - DisplayWidth.of(cell) + 2)
      }
      out += line + "\n"
    }
    return out
  }

  private func lines(_ rows: [[String]], _ cell: (String) -> String) -> String {
    rows.map { $0.map(cell).joined(separator: "\t") + "\n" }.joined()
  }

  private var facts: String {
    rows.map { row in
      zip(heading, row).filter { !$1.isEmpty }.map { "\($0): \($1)\n" }.joined()
    }.joined(separator: "\n")
  }
}

/// Facts of one thing: a label and what it says.
struct Facts: Hashable, Sendable {
  private(set) var pairs: [(label: String, text: String)] = []

  static func == (left: Facts, right: Facts) -> Bool {
    left.pairs.elementsEqual(right.pairs) { $0 == $1 }
  }

  func hash(into hasher: inout Hasher) {
    for pair in pairs { hasher.combine(pair.label + "\n" + pair.text) }
  }

  mutating func add(_ label: String, _ text: String?) {
    if let text { pairs.append((label, text)) }
  }

  func text(_ layout: Layouting) -> String {
    let width = layout == .people ? pairs.map { DisplayWidth.of($0.label) }.max() ?? 0 : 0
    return pairs.map { label, text in
      switch layout {
      case .people:
        label + String(repeating: " ", count: width - DisplayWidth.of(label) + 2) + text + "\n"
      case .pipe: "\(label)\t\(text)\n"
      case .plain: "\(label): \(text)\n"
      }
    }.joined()
  }
}
