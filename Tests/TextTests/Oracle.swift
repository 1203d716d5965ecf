import TestSupport
import Text

/// Judges output by the standard library's own properties, which the sanitiser does not use.
enum Oracle {
  /// Characters that must reach no sink: those that hide or move text, and noncharacters.
  static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
    if (0x20..<0x7F).contains(scalar.value) { return false }
    let properties = scalar.properties
    switch properties.generalCategory {
    case .control, .format, .unassigned, .privateUse, .surrogate, .lineSeparator,
      .paragraphSeparator, .spaceSeparator:
      return true
    default:
      return properties.isBidiControl || properties.isDefaultIgnorableCodePoint
        || properties.isVariationSelector
    }
  }

  static func firstUnsafe(_ text: String, besides allowed: Unicode.Scalar? = nil) -> String? {
    text.unicodeScalars.first { $0 != allowed && isUnsafe($0) }.map { String($0.value, radix: 16) }
  }
}

/// Bytes of the relevant kinds, in random order.
enum Hostile {
  private static let pieces: [String] = [
    "a", "Acme", "<", ">", "‹", "›", "…", "(+", "(+1)", "⏎", "\n", "\r\n", "\t", " ", "U+202E",
    "x80",
    "‹x80›", "<U+0041>", "é", "e\u{301}", "\u{301}\u{302}\u{303}", "\u{202E}", "\u{200B}", "日本",
    "\u{5D0}\u{5D1}", "\u{1F468}\u{200D}\u{1F469}", "\u{1F1E9}", "\u{A0}", "\u{3000}", "\u{E0041}",
    "\u{1112}\u{1161}", "\u{1161}", "\u{915}\u{94D}\u{937}\u{93F}", "\u{10FFFF}", "\u{1B}[2K", "~",
    "+2 marks", "=1+1", "\"", ",",
  ]

  static func bytes(using random: inout SeededRandom) -> [UInt8] {
    var bytes: [UInt8] = []
    for _ in 0..<Int.random(in: 0...12, using: &random) {
      switch Int.random(in: 0...9, using: &random) {
      case 0...5: bytes += Array((pieces.randomElement(using: &random) ?? "").utf8)
      case 6: bytes.append(UInt8.random(in: 0...255, using: &random))
      case 7: bytes += [0xED, UInt8.random(in: 0xA0...0xBF, using: &random), 0x80]
      case 8:
        let value = UInt32.random(in: 0...0x10_FFFF, using: &random)
        bytes += Array(String(Unicode.Scalar(value) ?? "?").utf8)
      default:
        let piece = Array((pieces.randomElement(using: &random) ?? "").utf8)
        bytes += piece.prefix(Int.random(in: 0...piece.count, using: &random))
      }
    }
    return bytes
  }

  /// Every scalar of the planes that have any, and a sample of the others (unassigned and private),
  /// each after an `a` as base.
  static func scalars() -> Untrusted {
    var values = Array(0...0x3_FFFF as ClosedRange<UInt32>) + Array(0xE_0000...0xE_0FFF)
    values += Array(stride(from: 0x4_0000, through: 0x10_FFFF, by: 257))
    var text = ""
    for scalar in values.lazy.compactMap(Unicode.Scalar.init) {
      text.unicodeScalars.append("a")
      text.unicodeScalars.append(scalar)
    }
    return Untrusted(text)
  }
}
