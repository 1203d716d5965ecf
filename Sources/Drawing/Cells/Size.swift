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
