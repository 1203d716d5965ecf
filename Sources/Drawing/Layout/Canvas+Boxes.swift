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
