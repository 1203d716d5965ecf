import Text

/// Draws into a part of a frame. Rows and columns count from that part's corner, and nothing falls
/// outside it (SEC-2.1).
public struct Canvas {
  public private(set) var frame: Frame
  public let lines: LineSet
  private let charset: Charset
  /// The part that is drawn into, in the frame's rows and columns.
  private var part: Rect

  public init(_ size: Size, _ charset: Charset) {
    frame = Frame(size)
    lines = LineSet.of(charset)
    self.charset = charset
    part = Rect(size)
  }

  public var size: Size { part.size }
  public var bounds: Rect { Rect(part.size) }

  /// Draws into `rect` of this part.
  public mutating func inside(_ rect: Rect, _ draw: (inout Canvas) -> Void) {
    let outer = part
    var moved = rect
    moved.row += part.row
    moved.column += part.column
    part = moved.intersection(outer)
    draw(&self)
    part = outer
  }

  /// Writes a line, cut with a mark where it does not fit.
  public mutating func draw(_ line: Line, row: Int, column: Int = 0, columns: Int? = nil) {
    guard row >= 0, row < part.rows, column >= 0, column < part.columns else { return }
    let room = min(columns ?? Int.max, part.columns - column)
    var place = column
    for piece in line.cut(to: room, lines).pieces {
      place = put(piece.text, piece.style, row: row, column: place)
    }
  }

  /// Writes a line that ends in a sign of ours at the right edge: the line is cut for it, not covered,
  /// so that the sign never stands in the middle of a word or an escape.
  public mutating func draw(_ line: Line, row: Int, column: Int = 0, before sign: Line) {
    let place = max(0, part.columns - sign.width)
    draw(line, row: row, column: column, columns: place - column)
    draw(sign, row: row, column: place)
  }

  public mutating func draw(
    _ text: String, _ role: Role = .plain, row: Int, column: Int = 0, columns: Int? = nil
  ) {
    draw(Line(text, role), row: row, column: column, columns: columns)
  }

  /// Blanks the part, whatever was below.
  public mutating func clear() {
    for row in part.row..<part.endRow {
      for column in part.column..<part.endColumn { set(.blank, row, column) }
    }
  }

  /// Shows the terminal's own cursor here.
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

  /// Keeps wide glyphs whole: half of one that is drawn over becomes a blank.
  private mutating func set(_ cell: Cell, _ row: Int, _ column: Int) {
    if frame[row, column].glyph.isEmpty, !cell.glyph.isEmpty, column > 0 {
      frame[row, column - 1] = .blank
    }
    if column + 1 < frame.size.columns, frame[row, column + 1].glyph.isEmpty {
      frame[row, column + 1] = .blank
    }
    frame[row, column] = cell
  }

  /// The last line of defence: what hides or moves never reaches a cell, nor does anything beyond
  /// ASCII where the terminal cannot take it, whoever forgot to make it printable.
  private func isPrintable(_ glyph: String) -> Bool {
    glyph.unicodeScalars.allSatisfy {
      DisplayWidth.isDrawn($0) && (charset == .utf8 || $0.isASCII)
    }
  }
}

extension Canvas {
  /// A rule across the part with a title in it: `-- TITLE ------`.
  public mutating func rule(_ title: Line, row: Int, heavy: Bool = false) {
    let sign = heavy ? lines.heavy : lines.horizontal
    draw(
      Line(String(repeating: sign, count: size.columns), .border), row: row)
    guard !title.pieces.isEmpty else { return }
    draw(Line(" ") + title + Line(" "), row: row, column: 2, columns: max(0, size.columns - 4))
  }

  /// A border around the part, with a title in its upper edge.
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

  /// A bordered box over whatever was drawn there, and what is inside it.
  public mutating func box(_ rect: Rect, _ title: Line = Line(), _ draw: (inout Canvas) -> Void) {
    inside(rect) { canvas in
      canvas.clear()
      canvas.border(title)
      canvas.inside(canvas.bounds.inset, draw)
    }
  }
}
