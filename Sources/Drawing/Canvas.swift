import Text

/// A frame that is drawn into part by part.
///
/// Rows and columns count from the part's corner, and nothing is drawn outside it. Only scalars
/// that the sanitiser lets through are drawn (SEC-2.1).
public struct Canvas {
  /// The frame with everything that was drawn so far.
  public private(set) var frame: Frame
  /// The signs for lines, boxes and trees in the terminal's charset.
  public let lines: LineSet
  private let charset: Charset
  /// The part that is drawn into, in the frame's rows and columns.
  private var part: Rect

  /// Creates a canvas with a blank frame; its part is the whole frame.
  public init(_ size: Size, _ charset: Charset) {
    frame = Frame(size)
    lines = LineSet.of(charset)
    self.charset = charset
    part = Rect(size)
  }

  /// The size of the part.
  public var size: Size { part.size }
  /// The whole part, in its own rows and columns.
  public var bounds: Rect { Rect(part.size) }

  /// Calls `draw` with `rect` of this part as the part, clipped to this one.
  public mutating func inside(_ rect: Rect, _ draw: (inout Canvas) -> Void) {
    let outer = part
    var moved = rect
    moved.row += part.row
    moved.column += part.column
    part = moved.intersection(outer)
    draw(&self)
    part = outer
  }

  /// Draws a line in at most `columns` and within the part; a line that does not fit is cut with a
  /// mark.
  public mutating func draw(_ line: Line, row: Int, column: Int = 0, columns: Int? = nil) {
    guard row >= 0, row < part.rows, column >= 0, column < part.columns else { return }
    let room = min(columns ?? Int.max, part.columns - column)
    var place = column
    for piece in line.cut(to: room, lines).pieces {
      place = put(piece.text, piece.style, row: row, column: place)
    }
  }

  /// Draws a line, and `sign` at the right edge of the part.
  ///
  /// The line is cut to end before the sign, which therefore never covers a word or an escape.
  public mutating func draw(_ line: Line, row: Int, column: Int = 0, before sign: Line) {
    let place = max(0, part.columns - sign.width)
    draw(line, row: row, column: column, columns: place - column)
    draw(sign, row: row, column: place)
  }

  /// Draws text in one role, as `draw(_:row:column:columns:)` does a line.
  public mutating func draw(
    _ text: String, _ role: Role = .plain, row: Int, column: Int = 0, columns: Int? = nil
  ) {
    draw(Line(text, role), row: row, column: column, columns: columns)
  }

  /// Fills the part with blanks.
  public mutating func clear() {
    for row in part.row..<part.endRow {
      for column in part.column..<part.endColumn { set(.blank, row, column) }
    }
  }

  /// Shows the terminal's own cursor at this place; at the last column if `column` is beyond it.
  public mutating func placeCursor(row: Int, column: Int) {
    guard row >= 0, row < part.rows, column >= 0, part.columns > 0 else { return }
    frame.cursor = Position(
      row: part.row + row, column: part.column + min(column, part.columns - 1))
  }

  private mutating func put(_ text: String, _ style: Style, row: Int, column: Int) -> Int {
    var column = column
    for glyph in DisplayWidth.glyphs(text) {
      guard column + glyph.columns <= part.columns else { return column }
      let isFit = isPrintable(glyph.text)
      set(
        Cell(glyph: isFit ? glyph.text : "?", style: style), part.row + row, part.column + column)
      if glyph.columns == 2 {
        let second = Cell(glyph: isFit ? "" : "?", style: style)
        set(second, part.row + row, part.column + column + 1)
      }
      column += glyph.columns
    }
    return column
  }

  /// Sets a cell, and blanks the other half of a wide glyph that it covers.
  private mutating func set(_ cell: Cell, _ row: Int, _ column: Int) {
    if frame[row, column].glyph.isEmpty, !cell.glyph.isEmpty, column > 0 {
      frame[row, column - 1] = .blank
    }
    if column + 1 < frame.size.columns, frame[row, column + 1].glyph.isEmpty {
      frame[row, column + 1] = .blank
    }
    frame[row, column] = cell
  }

  /// Returns whether a glyph may be drawn.
  ///
  /// This is the last defence against text that was not made printable: nothing that hides or moves
  /// text reaches a cell, nor anything outside ASCII if the terminal cannot show it.
  private func isPrintable(_ glyph: String) -> Bool {
    glyph.unicodeScalars.allSatisfy {
      DisplayWidth.isDrawn($0) && (charset == .utf8 || $0.isASCII)
    }
  }
}

extension Canvas {
  /// Draws a rule across the part, with a title in it: `-- TITLE ------`.
  public mutating func rule(_ title: Line, row: Int, heavy: Bool = false) {
    let sign = heavy ? lines.heavy : lines.horizontal
    draw(
      Line(String(repeating: sign, count: size.columns), .border), row: row)
    guard !title.pieces.isEmpty else { return }
    draw(Line(" ") + title + Line(" "), row: row, column: 2, columns: max(0, size.columns - 4))
  }

  /// Draws a border around the part, with a title in its upper edge.
  ///
  /// Nothing is drawn if the part has fewer than two rows or columns.
  public mutating func border(_ title: Line = Line()) {
    guard size.rows > 1, size.columns > 1 else { return }
    let across = String(repeating: lines.horizontal, count: size.columns - 2)
    draw(Line(lines.topLeft + across + lines.topRight, .border), row: 0)
    for row in 1..<max(1, size.rows - 1) {
      draw(Line(lines.vertical, .border), row: row)
      draw(Line(lines.vertical, .border), row: row, column: size.columns - 1)
    }
    draw(
      Line(lines.bottomLeft + across + lines.bottomRight, .border), row: size.rows - 1)
    guard !title.pieces.isEmpty else { return }
    draw(
      Line(" ") + title + Line(" "), row: 0, column: 2, columns: max(0, size.columns - 4))
  }

  /// Draws a bordered box over what is in `rect`, and calls `draw` for its content.
  public mutating func box(_ rect: Rect, _ title: Line = Line(), _ draw: (inout Canvas) -> Void) {
    inside(rect) { canvas in
      canvas.clear()
      canvas.border(title)
      canvas.inside(canvas.bounds.inset, draw)
    }
  }
}
