/// How a table's columns share a width.
public struct Column<ID: Hashable & Sendable>: Hashable, Sendable {
  public var id: ID
  public var title: String
  /// Its content's width.
  public var width: Int
  /// How much wider it may become when there is room.
  public var stretch: Int
  /// When the width does not suffice, columns leave in this order, the lowest first; nil stays.
  public var leaves: Int?
  public var alignRight: Bool

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

/// Columns that fit a width, with one blank between two of them.
public struct ColumnLayout<ID: Hashable & Sendable>: Hashable, Sendable {
  public let columns: [Column<ID>]

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

  public static func width(of columns: [Column<ID>]) -> Int {
    columns.reduce(0) { $0 + $1.width } + Swift.max(0, columns.count - 1)
  }

  /// The heading.
  public func heading(_ lines: LineSet) -> Line {
    join(columns.map { Line($0.title, .heading) }, lines)
  }

  /// One row: `cell` makes the content of each column that is shown.
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
