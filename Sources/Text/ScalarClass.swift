/// What a terminal does with a scalar, as far as the sanitiser and the widths care. The raw values
/// stand in the generated table.
enum ScalarClass: UInt32 {
  /// Unassigned, private, newer than the libc we may run on, or of disputed width: always escaped.
  case unshown
  /// Controls, format characters, fillers, selectors, tags: nobody sees them, so always escaped.
  case hidden
  /// A space other than U+0020, or a sign that looks like one.
  case space
  /// Mn and Me: drawn over the scalar before it, no column of its own.
  case mark
  /// Mc: joined to the scalar before it, with a column of its own.
  case spacingMark
  /// A vowel or trailing consonant that only forms a syllable after Hangul.
  case jamo
  /// A strong right-to-left letter or an Arabic digit: a terminal with bidi moves what is beside it.
  case rightToLeft
  case narrow
  case wide
}

/// Classes of all scalars. Our own, so that neither the locale nor the version of the standard
/// library changes what is shown, how wide it is, or a recorded screen.
enum ScalarTable {
  static func classOf(_ scalar: UInt32) -> ScalarClass {
    if scalar < 0x7F { return scalar < 0x20 ? .hidden : .narrow }
    var low = 0
    var high = runs.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if runs[middle] >> 4 <= scalar { low = middle } else { high = middle }
    }
    return ScalarClass(rawValue: runs[low] & 0xF) ?? .unshown
  }

  /// Columns on the screen. What is never drawn counts as libc's −1 is drawn by curses: one blank.
  static func columns(of scalar: UInt32) -> Int {
    switch classOf(scalar) {
    case .hidden, .mark, .jamo: 0
    case .wide: 2
    case .space: scalar == 0x3000 ? 2 : 1
    case .unshown, .spacingMark, .rightToLeft, .narrow: 1
    }
  }

  /// Whether a conjoining jamo after this one forms a syllable with it.
  static func isHangul(_ scalar: UInt32) -> Bool {
    (0x1100...0x115E).contains(scalar) || (0xA960...0xA97C).contains(scalar)
      || (0xAC00...0xD7A3).contains(scalar)
  }
}
