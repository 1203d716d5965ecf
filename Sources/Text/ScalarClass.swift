/// A scalar's behaviour in a terminal, as far as the sanitiser and the widths depend on it.
///
/// The raw values are those in the generated table.
enum ScalarClass: UInt32 {
  /// A scalar that is always escaped: unassigned, private, newer than the oldest supported libc, or
  /// of disputed width.
  case unshown
  /// An invisible scalar, always escaped: controls, format characters, fillers, selectors, tags.
  case hidden
  /// A space other than U+0020, or a sign that looks like one.
  case space
  /// Mn and Me: a mark drawn over the scalar before it, without a column of its own.
  case mark
  /// Mc: a mark joined to the scalar before it, with a column of its own.
  case spacingMark
  /// A vowel or trailing consonant that forms a syllable only after Hangul.
  case jamo
  /// A strong right-to-left letter or an Arabic digit; a terminal with bidi moves its neighbours.
  case rightToLeft
  case narrow
  case wide
}

/// The classes of all scalars.
///
/// The table is our own, so that neither the locale nor the version of the standard library changes
/// what is shown, its width, or a recorded screen.
enum ScalarTable {
  /// Returns the class of a scalar, by a binary search in the runs.
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

  /// Returns the columns that a scalar takes on the screen.
  ///
  /// An unshown one takes one, because curses draws a blank where libc's width is −1.
  static func columns(of scalar: UInt32) -> Int {
    switch classOf(scalar) {
    case .hidden, .mark, .jamo: 0
    case .wide: 2
    case .space: scalar == 0x3000 ? 2 : 1
    case .unshown, .spacingMark, .rightToLeft, .narrow: 1
    }
  }

  /// Returns whether a conjoining jamo after this scalar forms a syllable with it.
  static func isHangul(_ scalar: UInt32) -> Bool {
    (0x1100...0x115E).contains(scalar) || (0xA960...0xA97C).contains(scalar)
      || (0xAC00...0xD7A3).contains(scalar)
  }
}
