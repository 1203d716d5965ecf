/// Columns on the screen, by a table of our own: the same in every locale. For rendered text and
/// for texts of the program; untrusted text goes through `Sanitiser` first.
public enum DisplayWidth {
  public static func of(_ text: String) -> Int {
    var columns = 0
    for scalar in text.unicodeScalars { columns += of(scalar) }
    return columns
  }

  public static func of(_ scalar: Unicode.Scalar) -> Int {
    (0x20..<0x7F).contains(scalar.value) ? 1 : ScalarTable.columns(of: scalar.value)
  }

  /// Whether a scalar may reach a cell at all: not what hides, moves or is nothing, and no space but
  /// U+0020.
  public static func isDrawn(_ scalar: Unicode.Scalar) -> Bool {
    switch ScalarTable.classOf(scalar.value) {
    case .unshown, .hidden, .space: false
    case .mark, .spacingMark, .jamo, .rightToLeft, .narrow, .wide: true
    }
  }

  /// As much of the text as fits: never half of a wide glyph, of an escape or of a mark's base.
  ///
  /// With a charset to announce it in, a cut text ends with how many characters are missing:
  /// `Acme Hol…(+5)`, if that fits at all.
  public static func cut(
    _ text: String, to columns: Int, announcing charset: Charset? = nil
  ) -> String {
    guard columns > 0 else { return "" }
    if text.utf8.count <= columns { return text }
    return Units(text).cut(to: columns, announcing: charset)
  }

  /// The text in pieces, none of it dropped: as much as fits into `first` columns, then as much as
  /// fits into `rest` each time. In one pass, where cutting again and again would be quadratic.
  ///
  /// What fits nowhere whole (an escape, a wide glyph) is a piece of its own, and too wide.
  public static func pieces(_ text: String, first: Int, rest: Int) -> [String] {
    Units(text).pieces(first: first, rest: rest)
  }

  /// The text in rows for a terminal, none of it dropped: at most `first` columns, then at most `rest`
  /// each time, broken after a blank where one is near the end. Unlike `pieces`, no row is wider unless
  /// a single letter is.
  public static func rows(_ text: String, first: Int, rest: Int) -> [String] {
    let units = Units(text)
    var last = 0
    let isNarrow = units.ends.contains { end in
      defer { last = end.columns }
      return end.columns - last > min(first, rest)
    }
    return (isNarrow ? Units(glyphsOf: text) : units).rows(first: first, rest: rest)
  }

  public enum Alignment: Hashable, Sendable {
    case leading
    case trailing
  }

  /// The text cut or padded with spaces to exactly so many columns.
  public static func fit(
    _ text: String, to columns: Int, _ alignment: Alignment = .leading,
    announcing charset: Charset? = nil
  ) -> String {
    let kept = cut(text, to: columns, announcing: charset)
    let padding = String(repeating: " ", count: max(0, columns - of(kept)))
    return alignment == .leading ? kept + padding : padding + kept
  }
}
