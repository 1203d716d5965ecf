/// A rectangle of the screen, or of a part of it.
public struct Rect: Hashable, Sendable {
  /// The first row; the top is 0.
  public var row: Int
  /// The first column; the left edge is 0.
  public var column: Int
  /// The number of columns and rows.
  public var size: Size

  /// Creates a rectangle; negative lengths become 0.
  public init(row: Int, column: Int, rows: Int, columns: Int) {
    self.row = row
    self.column = column
    size = Size(columns: columns, rows: rows)
  }

  /// Creates the rectangle of this size at the upper left corner.
  public init(_ size: Size) {
    self.init(row: 0, column: 0, rows: size.rows, columns: size.columns)
  }

  /// The number of rows.
  public var rows: Int { size.rows }
  /// The number of columns.
  public var columns: Int { size.columns }
  /// The first row below the rectangle.
  public var endRow: Int { row + rows }
  /// The first column to the right of the rectangle.
  public var endColumn: Int { column + columns }

  /// Returns the part that both cover; without any cell if there is none.
  public func intersection(_ other: Rect) -> Rect {
    let top = max(row, other.row)
    let left = max(column, other.column)
    return Rect(
      row: top, column: left, rows: min(endRow, other.endRow) - top,
      columns: min(endColumn, other.endColumn) - left)
  }
}

extension Rect {
  /// Removes at most `count` rows from the top, and returns them.
  public mutating func takeTop(_ count: Int) -> Rect {
    let taken = min(max(0, count), rows)
    let top = Rect(row: row, column: column, rows: taken, columns: columns)
    self = Rect(row: row + taken, column: column, rows: rows - taken, columns: columns)
    return top
  }

  /// Removes at most `count` rows from the bottom, and returns them.
  public mutating func takeBottom(_ count: Int) -> Rect {
    let taken = min(max(0, count), rows)
    let bottom = Rect(row: endRow - taken, column: column, rows: taken, columns: columns)
    self = Rect(row: row, column: column, rows: rows - taken, columns: columns)
    return bottom
  }

  /// Removes at most `count` columns from the left, and returns them.
  public mutating func takeLeft(_ count: Int) -> Rect {
    let taken = min(max(0, count), columns)
    let left = Rect(row: row, column: column, rows: rows, columns: taken)
    self = Rect(row: row, column: column + taken, rows: rows, columns: columns - taken)
    return left
  }

  /// Removes at most `count` columns from the right, and returns them.
  public mutating func takeRight(_ count: Int) -> Rect {
    let taken = min(max(0, count), columns)
    let right = Rect(row: row, column: endColumn - taken, rows: rows, columns: taken)
    self = Rect(row: row, column: column, rows: rows, columns: columns - taken)
    return right
  }

  /// The rectangle without a border of one cell.
  public var inset: Rect {
    Rect(row: row + 1, column: column + 1, rows: rows - 2, columns: columns - 2)
  }

  /// Returns a rectangle of this size in the middle, no larger than this one.
  public func centred(rows: Int, columns: Int) -> Rect {
    let rows = min(rows, self.rows)
    let columns = min(columns, self.columns)
    return Rect(
      row: row + (self.rows - rows) / 2, column: column + (self.columns - columns) / 2,
      rows: rows, columns: columns)
  }
}

/// The size of the screen, or of a part of it.
public struct Size: Hashable, Sendable {
  /// The number of columns, never negative.
  public let columns: Int
  /// The number of rows, never negative.
  public let rows: Int

  /// Creates a size; negative lengths become 0.
  public init(columns: Int, rows: Int) {
    self.columns = max(0, columns)
    self.rows = max(0, rows)
  }
}

/// The place of a cell, counted from the upper left corner, which is 0, 0.
public struct Position: Hashable, Sendable {
  /// The row; the top is 0.
  public var row: Int
  /// The column; the left edge is 0.
  public var column: Int

  /// Creates a place.
  public init(row: Int, column: Int) {
    self.row = row
    self.column = column
  }
}
