/// A column of a table, and its claim on the table's width.
public struct Column<ID: Hashable & Sendable>: Hashable, Sendable {
  /// The key by which `ColumnLayout.row(_:_:)` asks for the column's content.
  public var id: ID
  /// The heading, which is cut to the column's width.
  public var title: String
  /// The content's width in columns of the screen, without the blank between columns.
  public var width: Int
  /// The most columns of the screen that are added if there is room.
  public var stretch: Int
  /// The rank in which the column is dropped if there is no room, the lowest first; nil to keep it.
  public var leaves: Int?
  /// Whether the content is aligned to the right.
  public var alignRight: Bool

  /// Creates a column that is kept at `width`, aligned to the left, unless given otherwise.
  public init(
    _ id: ID, _ title: String, width: Int, stretch: Int = 0, leaves: Int? = nil,
    alignRight: Bool = false
  ) {
    self.id = id
    self.title = title
    self.width = width
    self.stretch = stretch
    self.leaves = leaves
    self.alignRight = alignRight
  }
}

/// The columns of a table that fit a width, with one blank between two of them.
public struct ColumnLayout<ID: Hashable & Sendable>: Hashable, Sendable {
  /// The columns that are shown, with their final widths.
  public let columns: [Column<ID>]

  /// Drops columns until the rest fits `width`, then stretches them from left to right.
  ///
  /// Columns of the same rank are dropped together. Columns without a rank are kept even if they do
  /// not fit.
  public init(_ wanted: [Column<ID>], in width: Int) {
    var columns = wanted
    while Self.width(of: columns) > width,
      let next = columns.compactMap(\.leaves).min()
    {
      columns.removeAll { $0.leaves == next }
    }
    var spare = width - Self.width(of: columns)
    for index in columns.indices where spare > 0 && columns[index].stretch > 0 {
      let more = Swift.min(spare, columns[index].stretch)
      columns[index].width += more
      spare -= more
    }
    self.columns = columns
  }

  /// Returns the width of a row of these columns, the blanks between them included.
  public static func width(of columns: [Column<ID>]) -> Int {
    columns.reduce(0) { $0 + $1.width } + Swift.max(0, columns.count - 1)
  }

  /// Returns the row of titles.
  public func heading(_ lines: LineSet) -> Line {
    join(columns.map { Line($0.title, .heading) }, lines)
  }

  /// Returns a row with the content that `cell` returns for each shown column.
  public func row(_ lines: LineSet, _ cell: (ID) -> Line) -> Line {
    join(columns.map { cell($0.id) }, lines)
  }

  private func join(_ cells: [Line], _ lines: LineSet) -> Line {
    var row = Line()
    for (index, cell) in cells.enumerated() {
      if index > 0 { row += Line(" ") }
      row += cell.padded(
        to: columns[index].width, lines, alignRight: columns[index].alignRight)
    }
    return row
  }
}
