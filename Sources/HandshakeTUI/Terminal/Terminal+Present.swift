import CNcurses
import Drawing

extension Terminal {
  /// Makes the screen show this frame. Only rows that differ from the last frame are handed to
  /// curses, and curses sends only the cells that differ: a cursor move costs tens of bytes.
  mutating func present(_ frame: Frame) {
    let window = cn_screen_window()
    let columns = min(frame.size.columns, Int(getmaxx(window)))
    let rows = min(frame.size.rows, Int(getmaxy(window)))
    let last = drawn?.size == frame.size ? drawn : nil
    for row in 0..<rows {
      if let last, (0..<columns).allSatisfy({ last[row, $0] == frame[row, $0] }) { continue }
      draw(row: row, of: frame, columns: columns)
    }
    if let cursor = frame.cursor, cursor.row < rows, cursor.column < columns {
      curs_set(1)
      wmove(window, Int32(cursor.row), Int32(cursor.column))
    } else {
      curs_set(0)
    }
    drawn = frame
    wnoutrefresh(window)
    doupdate()
  }

  private func draw(row: Int, of frame: Frame, columns: Int) {
    let window = cn_screen_window()
    var column = 0
    while column < columns {
      let run = GlyphRun(frame, row: row, from: column, upTo: columns)
      let look = palette.look(frame[row, column].style)
      _ = cn_set_style(window, look.attributes, look.pair)
      wmove(window, Int32(row), Int32(column))
      // ERR after the last cell of the last row, though it was drawn: nothing to do about it.
      if run.hasMarks {
        _ = cn_add_glyph(window, run.scalars + [0])
      } else {
        _ = waddnwstr(window, run.scalars, Int32(run.scalars.count))
      }
      column += run.columns
      // The C library took a wide glyph for a narrow one: leave no remnant beside it.
      if run.isWide, column < columns, getcurx(window) == Int32(column - 1) {
        _ = waddnwstr(window, [0x20], 1)
      }
    }
  }
}

/// Neighbouring cells of one style that can be written in one go.
///
/// A glyph that is neither ASCII nor a line ends the run, so that the next one is placed anew:
/// then it does not matter how wide the C library thinks the glyph is.
private struct GlyphRun {
  var scalars: [wchar_t] = []
  var columns = 0
  var isWide = false
  /// Whether it is one glyph of several scalars.
  var hasMarks = false

  init(_ frame: Frame, row: Int, from first: Int, upTo end: Int) {
    let style = frame[row, first].style
    for column in first..<end {
      let cell = frame[row, column]
      if column > first, cell.style != style { break }
      if cell.glyph.isEmpty {
        // The right half of a wide glyph; alone it is a gap.
        if isWide { break }
        scalars.append(0x20)
        columns += 1
        continue
      }
      let values = cell.glyph.unicodeScalars.map { Self.printable($0) }
      let isPlain = values.count == 1 && Self.isPlain(values[0])
      if !isPlain, columns > 0 { break }
      scalars += values
      columns += 1
      if !isPlain {
        hasMarks = values.count > 1
        if column + 1 < end, frame[row, column + 1].glyph.isEmpty {
          isWide = true
          columns += 1
        }
        break
      }
    }
  }

  /// The last gate: whatever a frame holds, no control character leaves through here.
  private static func printable(_ scalar: Unicode.Scalar) -> wchar_t {
    let value = scalar.value
    let isControl = value < 0x20 || (0x7F..<0xA0).contains(value)
    return wchar_t(isControl ? 0x3F : value)
  }

  /// ASCII, or a line of the box-drawing block: one column everywhere.
  private static func isPlain(_ value: wchar_t) -> Bool {
    value < 0x7F || (0x2500...0x257F).contains(value)
  }
}
