extension Untrusted {
  /// Whether nothing of it can be seen: nothing but white space, controls, format characters, what
  /// fonts draw as a blank, and marks without a base.
  ///
  /// For text that must say something, such as a reason. Stricter than what the sanitiser hides:
  /// a scalar counts only when it is assigned, has a glyph of its own, and is not one of those that
  /// Unicode lets a font leave out (UAX 44, Default_Ignorable_Code_Point).
  public var isBlank: Bool {
    !String(decoding: bytes, as: UTF8.self).unicodeScalars.contains { $0.hasInk }
  }
}

extension Unicode.Scalar {
  /// Whether it has a glyph of its own that is not a blank.
  fileprivate var hasInk: Bool {
    guard !Self.drawnAsBlank.contains(value), !properties.isDefaultIgnorableCodePoint,
      !properties.isWhitespace
    else { return false }
    switch properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .spaceSeparator, .lineSeparator,
      .paragraphSeparator, .nonspacingMark, .spacingMark, .enclosingMark:
      return false
    default: break
    }
    switch ScalarTable.classOf(value) {
    case .hidden, .space, .mark, .spacingMark, .unshown: return false
    case .jamo, .rightToLeft, .narrow, .wide: return true
    }
  }

  /// Letters and symbols without ink: the Hangul fillers, the empty Braille pattern, the null notehead,
  /// the open box that stands for a space, and the two that stand in for what was lost.
  private static let drawnAsBlank: Set<UInt32> = [
    0x115F, 0x1160, 0x2422, 0x2423, 0x2800, 0x3164, 0xFFA0, 0xFFFC, 0xFFFD, 0x1D159,
  ]
}
