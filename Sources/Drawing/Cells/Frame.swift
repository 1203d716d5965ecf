/// One whole screen as values: what the terminal should look like.
public struct Frame: Hashable, Sendable {
  public let size: Size
  /// Where the terminal's own cursor stands: on what has the focus. Nil hides it.
  public var cursor: Position?
  private var cells: [Cell]

  /// Blank.
  public init(_ size: Size) {
    self.size = size
    cells = Array(repeating: .blank, count: size.columns * size.rows)
  }

  /// The cell there; what lies outside reads as blank and takes nothing.
  public subscript(row: Int, column: Int) -> Cell {
    get { contains(row, column) ? cells[row * size.columns + column] : .blank }
    set {
      guard contains(row, column) else { return }
      cells[row * size.columns + column] = newValue
    }
  }

  /// The glyphs of a row, exactly as many columns as the frame is wide.
  public func text(row: Int) -> String {
    var text = ""
    for column in 0..<size.columns { text += self[row, column].glyph }
    return text
  }

  /// The roles of a row, one letter a column.
  public func roles(row: Int) -> String {
    String((0..<size.columns).map { self[row, $0].style.role.letter })
  }

  private func contains(_ row: Int, _ column: Int) -> Bool {
    row >= 0 && row < size.rows && column >= 0 && column < size.columns
  }
}
