/// What one place on the screen holds: a scalar that takes columns, with the marks drawn over it.
///
/// Finer than a Character: a conjunct, a flag or a string of vowel signs is several glyphs, because
/// that is how curses and the terminal count. Of rendered text a glyph has at most 32 bytes.
public struct Glyph: Hashable, Sendable {
  public var text: String
  /// 1 or 2.
  public var columns: Int
}

extension DisplayWidth {
  /// The glyphs of a text, left to right. A mark with nothing before it stands on a dotted circle.
  public static func glyphs(_ text: String) -> [Glyph] {
    var glyphs: [Glyph] = []
    glyphs.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      let columns = ScalarTable.columns(of: scalar.value)
      if columns > 0 {
        glyphs.append(Glyph(text: String(scalar), columns: columns))
        continue
      }
      if glyphs.isEmpty { glyphs.append(Glyph(text: Escape.dottedCircle, columns: 1)) }
      glyphs[glyphs.count - 1].text.unicodeScalars.append(scalar)
    }
    return glyphs
  }
}
