/// Text that a sender, a server, a file or the environment wrote, as bytes.
///
/// Only `Sanitiser` makes it printable. It is compared and hashed as bytes, because `==` of Swift's
/// strings is canonical equivalence, which takes U+212A for `K` and is quadratic in combining marks
/// (SEC-1.1).
public struct Untrusted: Hashable, Sendable {
  /// The bytes, UTF-8 if the source was well formed.
  ///
  /// A lone surrogate from JSON is in its three-byte generalised form (`ED A0 80` for U+D800).
  /// Other malformed bytes are kept.
  public let bytes: [UInt8]

  /// Creates a text with a copy of the bytes.
  public init(bytes: some Sequence<UInt8>) {
    self.bytes = Array(bytes)
  }

  /// Creates a text without copying the bytes.
  public init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// Creates a text with the UTF-8 of `text`.
  public init(_ text: String) {
    bytes = Array(text.utf8)
  }

  /// Whether there are no bytes.
  public var isEmpty: Bool { bytes.isEmpty }
}

extension Untrusted {
  /// The text if every byte is printable ASCII (20–7E); nil otherwise.
  ///
  /// It is for ids, codes and addresses that are matched against a pattern, never for free text.
  public var asciiText: String? {
    guard bytes.allSatisfy({ (0x20...0x7E).contains($0) }) else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension DefaultStringInterpolation {
  /// Stops the build, because warnings are errors here.
  ///
  /// An `unavailable` overload would be skipped by the type checker in favour of the generic one.
  @available(*, deprecated, message: "untrusted: make it printable with Sanitiser first")
  public mutating func appendInterpolation(_ value: Untrusted) {
    appendLiteral("‹untrusted›")
  }

  /// Stops the build, as the overload for a value does.
  @available(*, deprecated, message: "untrusted: make it printable with Sanitiser first")
  public mutating func appendInterpolation(_ value: Untrusted?) {
    appendLiteral("‹untrusted›")
  }
}

extension Untrusted {
  /// Whether nothing of the text can be seen.
  ///
  /// It has then nothing but white space, controls, format characters, what fonts draw as a blank,
  /// and marks without a base. This is for text that must say something, such as a reason. It is
  /// stricter than the sanitiser: a scalar counts only if it is assigned, has a glyph of its own,
  /// and is not one that Unicode lets a font leave out (UAX 44, Default_Ignorable_Code_Point).
  public var isBlank: Bool {
    !String(decoding: bytes, as: UTF8.self).unicodeScalars.contains { $0.hasInk }
  }
}

extension Unicode.Scalar {
  /// Whether the scalar has a glyph of its own that is not a blank.
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

  /// Letters and symbols without ink.
  ///
  /// They are the Hangul fillers, the empty Braille pattern, the null notehead, the open box and
  /// blank symbol drawn for a space, and the two replacement characters.
  private static let drawnAsBlank: Set<UInt32> = [
    0x115F, 0x1160, 0x2422, 0x2423, 0x2800, 0x3164, 0xFFA0, 0xFFFC, 0xFFFD, 0x1D159,
  ]
}
