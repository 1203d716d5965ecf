/// What a text looks like: letters that can be mistaken for each other become one, so that two texts
/// with the same skeleton can be mistaken for each other.
///
/// For short names: what a fake is likely to use is here (Greek, Cyrillic, full-width and Latin
/// letters, digits), and not what nobody would overlook. A skeleton is compared and never shown.
public enum Skeleton {
  public static func of(_ text: Untrusted) -> [UInt8] {
    var bytes: [UInt8] = []
    for scalar in String(decoding: text.bytes.prefix(limit), as: UTF8.self).unicodeScalars {
      append(scalar, to: &bytes)
    }
    return bytes
  }

  /// Longer names are not read to their end either.
  private static let limit = 512

  private static func append(_ scalar: Unicode.Scalar, to bytes: inout [UInt8]) {
    let value = narrow(scalar.value)
    if value <= 0x20 || value == 0xA0 { return }
    let letter = likeness[value] ?? value
    guard letter < 0x80 else {
      // Marks on letters and what nobody sees make no other name of it.
      guard scalar.properties.canonicalCombiningClass == .notReordered,
        !scalar.properties.isDefaultIgnorableCodePoint
      else { return }
      bytes += Array(String(scalar).utf8)
      return
    }
    let folded = fold(UInt8(letter))
    // rn is m, vv is w.
    if folded == UInt8(ascii: "n"), bytes.last == UInt8(ascii: "r") {
      bytes[bytes.count - 1] = UInt8(ascii: "m")
    } else if folded == UInt8(ascii: "v"), bytes.last == UInt8(ascii: "v") {
      bytes[bytes.count - 1] = UInt8(ascii: "w")
    } else {
      bytes.append(folded)
    }
  }

  /// Full-width forms as the letters they are forms of.
  private static func narrow(_ value: UInt32) -> UInt32 {
    (0xFF01...0xFF5E).contains(value) ? value - 0xFEE0 : value
  }

  /// One of either case, and one of i, l, 1 and |, of o and 0, of s and 5.
  private static func fold(_ byte: UInt8) -> UInt8 {
    let letter = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
    switch letter {
    case UInt8(ascii: "i"), UInt8(ascii: "1"), UInt8(ascii: "|"), UInt8(ascii: "!"):
      return UInt8(ascii: "l")
    case UInt8(ascii: "0"): return UInt8(ascii: "o")
    case UInt8(ascii: "5"): return UInt8(ascii: "s")
    default: return letter
    }
  }

  private static let likeness: [UInt32: UInt32] = {
    var table: [UInt32: UInt32] = [:]
    for (letter, others) in alike {
      for other in others { table[other] = letter.value }
    }
    return table
  }()

  /// Greek and Cyrillic letters that are drawn as a Latin one, and a few Latin ones.
  private static let alike: [(Unicode.Scalar, [UInt32])] = [
    ("a", [0x391, 0x410, 0x3B1, 0x430, 0x251]), ("b", [0x392, 0x412, 0x42C]),
    ("c", [0x3F9, 0x421, 0x3F2, 0x441]), ("d", [0x501]), ("e", [0x395, 0x415, 0x435, 0x4BD]),
    ("f", [0x3DC]), ("g", [0x50C, 0x261]), ("h", [0x397, 0x41D, 0x4BB]),
    ("i", [0x3B9, 0x37A, 0x456, 0x4CF, 0x131, 0x26A]), ("j", [0x37F, 0x408, 0x3F3, 0x458]),
    ("k", [0x39A, 0x41A]), ("l", [0x399, 0x406, 0x4C0]), ("m", [0x39C, 0x3FA, 0x41C]),
    ("n", [0x39D]), ("o", [0x39F, 0x41E, 0x3BF, 0x3C3, 0x43E]),
    ("p", [0x3A1, 0x420, 0x3C1, 0x3F1, 0x440]), ("q", [0x51B]), ("r", [0x433]),
    ("s", [0x405, 0x455]), ("t", [0x3A4, 0x422]), ("u", [0x3C5]),
    ("v", [0x474, 0x3BD, 0x475]), ("w", [0x51C, 0x461, 0x51D]), ("x", [0x3A7, 0x425, 0x445]),
    ("y", [0x3A5, 0x3D2, 0x423, 0x4AE, 0x3B3, 0x443, 0x4AF]), ("z", [0x396]),
    ("2", [0x3E8]), ("3", [0x417, 0x4E0]), ("6", [0x431]),
  ]
}

extension Skeleton {
  /// Whether Latin letters stand among Greek, Cyrillic, Armenian or Cherokee ones, some of which look
  /// the same. Han and kana among Latin letters are as it should be.
  public static func mixesScripts(_ text: Untrusted) -> Bool {
    var hasLatin = false
    var hasOthers = false
    for scalar in scalars(text) {
      switch narrow(scalar.value) {
      case 0x41...0x5A, 0x61...0x7A, 0xC0...0x24F, 0x1E00...0x1EFF: hasLatin = true
      case 0x370...0x3FF, 0x1F00...0x1FFF, 0x400...0x52F, 0x1C80...0x1C8F, 0xA640...0xA69F,
        0x531...0x587, 0x13A0...0x13FD, 0xAB70...0xABBF:
        hasOthers = true
      default: break
      }
    }
    return hasLatin && hasOthers
  }

  /// Whether there are digits other than 0 to 9, which a person reads as numbers.
  public static func hasForeignDigits(_ text: Untrusted) -> Bool {
    scalars(text).contains { scalar in
      scalar.value > 0x7F && scalar.properties.numericType == .decimal
    }
  }

  private static func scalars(_ text: Untrusted) -> String.UnicodeScalarView {
    String(decoding: text.bytes.prefix(limit), as: UTF8.self).unicodeScalars
  }
}
