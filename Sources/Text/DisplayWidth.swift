/// Widths in columns, from a table of our own that is the same in every locale (SEC-1.8).
///
/// It is for rendered text and for texts of the program; untrusted text goes through `Sanitiser`
/// first.
public enum DisplayWidth {
  /// Returns the columns that a text takes.
  public static func of(_ text: String) -> Int {
    var columns = 0
    for scalar in text.unicodeScalars { columns += of(scalar) }
    return columns
  }

  /// Returns the columns that a scalar takes, 0 to 2.
  public static func of(_ scalar: Unicode.Scalar) -> Int {
    (0x20..<0x7F).contains(scalar.value) ? 1 : ScalarTable.columns(of: scalar.value)
  }

  /// Returns whether a scalar may be put into a cell.
  ///
  /// Scalars that are invisible, move text or are unassigned may not, nor any space but U+0020.
  public static func isDrawn(_ scalar: Unicode.Scalar) -> Bool {
    switch ScalarTable.classOf(scalar.value) {
    case .unshown, .hidden, .space: false
    case .mark, .spacingMark, .jamo, .rightToLeft, .narrow, .wide: true
    }
  }

  /// Returns as much of the text as fits into `columns`.
  ///
  /// A wide glyph, an escape, and a base with its marks are kept or cut off whole. With a charset
  /// to write it in, a cut text ends with the number of characters cut off, if there is room:
  /// `Acme…(+9)`.
  public static func cut(
    _ text: String, to columns: Int, announcing charset: Charset? = nil
  ) -> String {
    guard columns > 0 else { return "" }
    if text.utf8.count <= columns { return text }
    return Units(text).cut(to: columns, announcing: charset)
  }

  /// Splits the text into a piece of at most `first` columns and further ones of at most `rest`.
  ///
  /// Nothing is dropped. What fits into no piece whole (an escape, a wide glyph) is a piece of its
  /// own that is too wide. It is done in one pass, because repeated cuts would be quadratic.
  public static func pieces(_ text: String, first: Int, rest: Int) -> [String] {
    Units(text).pieces(first: first, rest: rest)
  }

  /// Splits the text into rows of a terminal: at most `first` columns, then at most `rest` each.
  ///
  /// Nothing is dropped. A row ends after a blank if there is one near its end. Unlike `pieces`, no
  /// row is too wide unless a single letter is.
  public static func rows(_ text: String, first: Int, rest: Int) -> [String] {
    let units = Units(text)
    var last = 0
    let isNarrow = units.ends.contains { end in
      defer { last = end.columns }
      return end.columns - last > min(first, rest)
    }
    return (isNarrow ? Units(glyphsOf: text) : units).rows(first: first, rest: rest)
  }

  /// The side of the text within its columns.
  public enum Alignment: Hashable, Sendable {
    case leading
    case trailing
  }

  /// Returns the text cut or padded with spaces to exactly `columns`.
  public static func fit(
    _ text: String, to columns: Int, _ alignment: Alignment = .leading,
    announcing charset: Charset? = nil
  ) -> String {
    let kept = cut(text, to: columns, announcing: charset)
    let padding = String(repeating: " ", count: max(0, columns - of(kept)))
    return alignment == .leading ? kept + padding : padding + kept
  }
}

/// The content of one place on the screen: a scalar that takes columns, with the marks over it.
///
/// It is finer than a Character: a conjunct, a flag or a string of vowel signs is several glyphs,
/// because curses and the terminal count so. A glyph of rendered text has at most 32 bytes.
public struct Glyph: Hashable, Sendable {
  /// The scalar and its marks.
  public var text: String
  /// The width, 1 or 2.
  public var columns: Int
}

extension DisplayWidth {
  /// Returns the glyphs of a text, left to right.
  ///
  /// A mark at the beginning is put on a dotted circle.
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

/// A rendered text as the units that a cut keeps whole: glyphs with their marks, and our signs.
struct Units {
  /// The end of a unit, measured from the beginning of the text.
  struct End {
    /// The offset in the UTF-8.
    var byte: Int
    /// The columns up to there.
    var columns: Int
    /// The characters up to there; the sign of an earlier cut counts as those it announces.
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

  /// Creates the units that a renderer has written so far.
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

  /// Returns as many units as fit into `columns`, with a sign for the rest.
  ///
  /// The sign counts the units left out and `more`, the characters that were not read. It is
  /// omitted if there is no charset to write it in, or no room for it.
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

  /// Splits the text as `DisplayWidth.pieces` describes.
  func pieces(first: Int, rest: Int) -> [String] {
    var pieces: [String] = []
    var start = End(byte: 0, columns: 0, characters: 0)
    for (index, next) in ends.enumerated() {
      let last = end(of: index)
      let room = pieces.isEmpty ? first : rest
      // Only a first piece that is narrower than the rest may be empty.
      let mayBreak = last.byte > start.byte || (pieces.isEmpty && first < rest)
      if next.columns - start.columns > room, mayBreak {
        pieces.append(String(decoding: bytes[start.byte..<last.byte], as: UTF8.self))
        start = last
      }
    }
    pieces.append(String(decoding: bytes[start.byte...], as: UTF8.self))
    return pieces
  }

  /// Splits the text into rows of at most `first`, then `rest` columns; nothing is dropped.
  ///
  /// A row ends after a blank in its last third, or else where it is full. A unit wider than a row
  /// is a row of its own.
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
      // No unit fits: the row is too wide for a terminal that is narrower than a letter.
      end = max(end, start + 1)
      rows.append(
        String(decoding: bytes[base.byte..<ends[end - 1].byte], as: UTF8.self))
      start = end
    }
    return rows
  }

  /// Creates units of single glyphs, signs taken apart, for rows narrower than a sign.
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
