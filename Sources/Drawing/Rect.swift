/// A part of the screen, or of a part of it.
public struct Rect: Hashable, Sendable {
  public var row: Int
  public var column: Int
  public var size: Size

  public init(row: Int, column: Int, rows: Int, columns: Int) {
    self.row = row
    self.column = column
    size = Size(columns: columns, rows: rows)
  }

  public init(_ size: Size) {
    self.init(row: 0, column: 0, rows: size.rows, columns: size.columns)
  }

  public var rows: Int { size.rows }
  public var columns: Int { size.columns }
  /// The first row and column behind it.
  public var endRow: Int { row + rows }
  public var endColumn: Int { column + columns }

  /// What both cover.
  public func intersection(_ other: Rect) -> Rect {
    let top = max(row, other.row)
    let left = max(column, other.column)
    return Rect(
      row: top, column: left, rows: min(endRow, other.endRow) - top,
      columns: min(endColumn, other.endColumn) - left)
  }
}

extension Rect {
  /// Cuts `count` rows off the top, as far as there are so many, and returns them.
  public mutating func takeTop(_ count: Int) -> Rect {
    let taken = min(max(0, count), rows)
    let top = Rect(row: row, column: column, rows: taken, columns: columns)
    self = Rect(row: row + taken, column: column, rows: rows - taken, columns: columns)
    return top
  }

  public mutating func takeBottom(_ count: Int) -> Rect {
    let taken = min(max(0, count), rows)
    let bottom = Rect(row: endRow - taken, column: column, rows: taken, columns: columns)
    self = Rect(row: row, column: column, rows: rows - taken, columns: columns)
    return bottom
  }

  public mutating func takeLeft(_ count: Int) -> Rect {
    let taken = min(max(0, count), columns)
    let left = Rect(row: row, column: column, rows: rows, columns: taken)
    self = Rect(row: row, column: column + taken, rows: rows, columns: columns - taken)
    return left
  }

  public mutating func takeRight(_ count: Int) -> Rect {
    let taken = min(max(0, count), columns)
    let right = Rect(row: row, column: endColumn - taken, rows: rows, columns: taken)
    self = Rect(row: row, column: column, rows: rows, columns: columns - taken)
    return right
  }

  /// Without a border of one cell.
  public var inset: Rect {
    Rect(row: row + 1, column: column + 1, rows: rows - 2, columns: columns - 2)
  }

  /// A rect of that size in the middle of this one, no larger than it.
  public func centred(rows: Int, columns: Int) -> Rect {
    let rows = min(rows, self.rows)
    let columns = min(columns, self.columns)
    return Rect(
      row: row + (self.rows - rows) / 2, column: column + (self.columns - columns) / 2,
      rows: rows, columns: columns)
  }
}

/// How large a screen, or a part of it, is.
public struct Size: Hashable, Sendable {
  /// Never negative.
  public let columns: Int
  /// Never negative.
  public let rows: Int

  /// Negative lengths count as none.
  public init(columns: Int, rows: Int) {
    self.columns = max(0, columns)
    self.rows = max(0, rows)
  }
}

/// A cell's place, counted from the upper left corner, which is 0, 0.
public struct Position: Hashable, Sendable {
  public var row: Int
  public var column: Int

  public init(row: Int, column: Int) {
    self.row = row
    self.column = column
  }
}
