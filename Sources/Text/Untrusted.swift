/// Text that a sender, a server, a file or the environment wrote: bytes, until `Sanitiser` makes
/// them printable.
///
/// Compared and hashed as bytes. Swift's `String ==` is canonical equivalence: it takes U+212A for
/// `K`, and is quadratic in combining marks (SEC-1.1).
public struct Untrusted: Hashable, Sendable {
  /// UTF-8 where the source was well formed. A lone surrogate from JSON stands as its three-byte
  /// generalised form (`ED A0 80` for U+D800); anything else malformed stands as it came.
  public let bytes: [UInt8]

  public init(bytes: some Sequence<UInt8>) {
    self.bytes = Array(bytes)
  }

  /// The same without a copy.
  public init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// The UTF-8 of `text`.
  public init(_ text: String) {
    bytes = Array(text.utf8)
  }

  public var isEmpty: Bool { bytes.isEmpty }
}

extension Untrusted {
  /// The text, when every byte is printable ASCII (20–7E); nil otherwise. For ids, codes and
  /// addresses that are matched against a pattern, never for free text.
  public var asciiText: String? {
    guard bytes.allSatisfy({ (0x20...0x7E).contains($0) }) else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension DefaultStringInterpolation {
  /// Stops the build: warnings are errors here. (An `unavailable` overload would be skipped by the
  /// type checker in favour of the generic one.)
  @available(*, deprecated, message: "untrusted: make it printable with Sanitiser first")
  public mutating func appendInterpolation(_ value: Untrusted) {
    appendLiteral("‹untrusted›")
  }

  @available(*, deprecated, message: "untrusted: make it printable with Sanitiser first")
  public mutating func appendInterpolation(_ value: Untrusted?) {
    appendLiteral("‹untrusted›")
  }
}

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
