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

/// A rendered text as what a cut must keep whole: glyphs with their marks, and signs of ours.
struct Units {
  struct End {
    /// Where the unit ends in the UTF-8.
    var byte: Int
    /// Columns up to there.
    var columns: Int
    /// Characters up to there; the sign of an earlier cut counts as many as it announces.
    var characters: Int
  }

  private let bytes: [UInt8]
  private(set) var ends: [End] = []

  init(_ text: String) {
    bytes = Array(text.utf8)
    var scanner = UTF8Scanner(bytes)
    var columns = 0
    var characters = 0
    while scanner.position < bytes.count {
      if let sign = Sign(bytes, at: scanner.position) {
        scanner.skip(sign.length)
        columns += sign.columns
        characters += sign.stands
      } else if case .scalar(let value) = scanner.next() {
        let width = ScalarTable.columns(of: value)
        columns += width
        if width == 0, let last = ends.indices.last {
          ends[last].byte = scanner.position
          continue
        }
        characters += 1
      }
      ends.append(End(byte: scanner.position, columns: columns, characters: characters))
    }
  }

  /// What a renderer has written up to now.
  init(_ renderer: Renderer) {
    bytes = renderer.out
    var columns = 0
    var characters = 0
    for token in renderer.tokens {
      columns += token.columns
      characters += token.pieces
      ends.append(End(byte: token.end, columns: columns, characters: characters))
    }
  }

  var columns: Int { ends.last?.columns ?? 0 }

  /// As many units as fit, with a sign for those that do not and for `more` that were not read; the
  /// sign is left out where there is no charset to write it in, or no room for it.
  func cut(to columns: Int, announcing charset: Charset?, more: Int = 0) -> String {
    let fitting = ends.firstIndex { $0.columns > columns } ?? ends.count
    if fitting == ends.count, more == 0 { return text(to: fitting) }
    guard let charset else { return text(to: fitting) }
    let characters = (ends.last?.characters ?? 0) + more
    var count = fitting
    while count >= 0 {
      let end = end(of: count)
      let sign = Escape.cut(characters - end.characters, in: charset)
      if end.columns + sign.unicodeScalars.count <= columns { return text(to: count) + sign }
      count -= 1
    }
    return text(to: fitting)
  }

  func pieces(first: Int, rest: Int) -> [String] {
    var pieces: [String] = []
    var start = End(byte: 0, columns: 0, characters: 0)
    for (index, next) in ends.enumerated() {
      let last = end(of: index)
      let room = pieces.isEmpty ? first : rest
      // Nothing before it: only a first piece that is narrower than the rest may stay empty.
      let mayBreak = last.byte > start.byte || (pieces.isEmpty && first < rest)
      if next.columns - start.columns > room, mayBreak {
        pieces.append(String(decoding: bytes[start.byte..<last.byte], as: UTF8.self))
        start = last
      }
    }
    pieces.append(String(decoding: bytes[start.byte...], as: UTF8.self))
    return pieces
  }

  /// The text in rows of at most so many columns, none of it dropped: broken after a blank in the last
  /// third of a row, or where the row is full. What fits into no row whole is broken within.
  func rows(first: Int, rest: Int) -> [String] {
    var rows: [String] = []
    var start = 0
    while start < ends.count {
      let room = rows.isEmpty ? first : rest
      var end = start
      var blank: Int?
      let base = self.end(of: start)
      while end < ends.count, ends[end].columns - base.columns <= room {
        end += 1
        let isBlank =
          ends[end - 1].byte - self.end(of: end - 1).byte == 1
          && bytes[ends[end - 1].byte - 1] == 0x20
        if isBlank, (ends[end - 1].columns - base.columns) * 3 >= room * 2 { blank = end }
      }
      if end < ends.count, let blank { end = blank }
      // Nothing fits: a row too wide for the terminal at hand, which is narrower than a letter.
      end = max(end, start + 1)
      rows.append(
        String(decoding: bytes[base.byte..<ends[end - 1].byte], as: UTF8.self))
      start = end
    }
    return rows
  }

  /// The same glyph by glyph, signs taken apart: for rows that are narrower than a sign.
  init(glyphsOf text: String) {
    bytes = Array(text.utf8)
    var end = End(byte: 0, columns: 0, characters: 0)
    for glyph in DisplayWidth.glyphs(text) {
      end.byte = min(end.byte + glyph.text.utf8.count, bytes.count)
      end.columns += glyph.columns
      end.characters += 1
      ends.append(end)
    }
  }

  private func end(of count: Int) -> End {
    count == 0 ? End(byte: 0, columns: 0, characters: 0) : ends[count - 1]
  }

  private func text(to count: Int) -> String {
    String(decoding: bytes[..<end(of: count).byte], as: UTF8.self)
  }
}
