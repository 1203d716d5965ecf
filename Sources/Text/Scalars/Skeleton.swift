/// What a text looks like: letters that can be mistaken for each other become one, so that two texts
/// with the same skeleton can be mistaken for each other. Compared and never shown.
///
/// `NameShape` compares names, in which more may differ.
public enum Skeleton {
  /// UTF-8 of the letters, as far as the first 512 bytes of the text go.
  public static func of(_ text: Untrusted) -> [UInt8] {
    var reader = NameReader()
    reader.read(text)
    var bytes: [UInt8] = []
    for letter in reader.joined { UTF8Encoding.append(letter, to: &bytes) }
    return bytes
  }
}

extension Skeleton {
  /// Whether Latin letters stand among letters of other alphabets some of which look the same: Greek,
  /// Cyrillic, Armenian, Cherokee, Coptic, Lisu and such. Han and kana among Latin letters are as it should be.
  public static func mixesScripts(_ text: Untrusted) -> Bool {
    var hasLatin = false
    var hasOthers = false
    for scalar in scalars(text) {
      switch scalar.value {
      case 0xFF21...0xFF3A, 0xFF41...0xFF5A, 0x41...0x5A, 0x61...0x7A, 0xC0...0x24F,
        0x1E00...0x1EFF:
        hasLatin = true
      case 0x370...0x3FF, 0x1F00...0x1FFF, 0x400...0x52F, 0x1C80...0x1C8F, 0xA640...0xA69F,
        0x531...0x587, 0x13A0...0x13FD, 0xAB70...0xABBF, 0x2C80...0x2CFF, 0xA4D0...0xA4FF,
        0x10280...0x1031F, 0x10400...0x1044F, 0x118A0...0x118FF:
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
    String(decoding: text.bytes.prefix(NameReader.limit), as: UTF8.self).unicodeScalars
  }
}
