/// Bytes written as pairs of hexadecimal digits.
public enum Hexadecimal {
  /// Returns the value of a digit of either case; nil for any other byte.
  @inlinable public static func value(_ digit: UInt8) -> UInt8? {
    switch digit {
    case 0x30...0x39: digit - 0x30
    case 0x41...0x46: digit - 0x37
    case 0x61...0x66: digit - 0x57
    default: nil
    }
  }

  /// Returns the bytes of a text of whole pairs of digits of either case; nil for any other text.
  public static func bytes(_ text: some Collection<UInt8>) -> [UInt8]? {
    guard text.count.isMultiple(of: 2) else { return nil }
    var bytes: [UInt8] = []
    var high: UInt8?
    for digit in text {
      guard let value = value(digit) else { return nil }
      if let first = high {
        bytes.append(first << 4 | value)
        high = nil
      } else {
        high = value
      }
    }
    return bytes
  }

  /// Returns the bytes of a text of whole pairs of lower-case digits, so that each value has one
  /// spelling.
  ///
  /// It returns nil for any other text.
  public static func lowerCaseBytes(_ text: some StringProtocol) -> [UInt8]? {
    guard let bytes = bytes(Array(text.utf8)), bytes.hexadecimal.utf8.elementsEqual(text.utf8)
    else { return nil }
    return bytes
  }
}

extension Sequence where Element == UInt8 {
  /// The bytes as two lower-case digits each.
  public var hexadecimal: String {
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 0xF)]] }, as: UTF8.self)
  }
}

/// The percent-encoding of RFC 3986, written with capitals.
public enum PercentEncoding {
  /// Encodes every byte but ASCII letters, digits, `-._~`, and `/` if `keepingSlashes`.
  public static func encode(_ bytes: some Sequence<UInt8>, keepingSlashes: Bool = false) -> [UInt8]
  {
    var text: [UInt8] = []
    for byte in bytes {
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "~"):
        text.append(byte)
      case UInt8(ascii: "/") where keepingSlashes:
        text.append(byte)
      default:
        text += [UInt8(ascii: "%"), digit(byte >> 4), digit(byte & 0xF)]
      }
    }
    return text
  }

  /// Decodes `%XX`, and with `plusIsSpace` a `+` as a space, as HTML forms write it.
  ///
  /// Everything that is not a valid escape is kept.
  public static func decode(_ text: [UInt8], plusIsSpace: Bool = false) -> [UInt8] {
    var bytes: [UInt8] = []
    var place = 0
    while place < text.count {
      if text[place] == UInt8(ascii: "%"), place + 2 < text.count,
        let high = Hexadecimal.value(text[place + 1]), let low = Hexadecimal.value(text[place + 2])
      {
        bytes.append(high << 4 | low)
        place += 3
      } else {
        let isSpace = plusIsSpace && text[place] == UInt8(ascii: "+")
        bytes.append(isSpace ? 0x20 : text[place])
        place += 1
      }
    }
    return bytes
  }

  private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x37 + value }
}

/// Base 64 (RFC 4648, section 4), and its alphabet for URLs.
public enum Base64 {
  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  private static let urlAlphabet = [UInt8](alphabet.dropLast(2)) + "-_".utf8

  /// Returns the text of `bytes` in the standard alphabet, with padding.
  public static func text(_ bytes: some Sequence<UInt8>) -> String {
    var text = BitGroups.text(bytes, 6, alphabet)
    while !text.count.isMultiple(of: 4) { text.append(UInt8(ascii: "=")) }
    return String(decoding: text, as: UTF8.self)
  }

  /// Returns the text of `bytes` in the alphabet for URLs (section 5), without padding.
  public static func urlText(_ bytes: some Sequence<UInt8>) -> String {
    String(decoding: BitGroups.text(bytes, 6, urlAlphabet), as: UTF8.self)
  }

  /// Returns the bytes of a text as `text(_:)` writes it; nil for any other spelling.
  public static func bytes(_ text: [UInt8]) -> [UInt8]? {
    guard text.count.isMultiple(of: 4) else { return nil }
    let digits = text.reversed().drop { $0 == UInt8(ascii: "=") }.reversed()
    guard text.count - digits.count <= 2, let bytes = BitGroups.bytes(digits, 6, alphabet),
      Self.text(bytes).utf8.elementsEqual(text)
    else { return nil }
    return bytes
  }
}

/// Base 32 (RFC 4648, section 6) without padding, for whole groups of five bytes.
public enum Base32 {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

  /// Returns the text of `bytes`, whose count must be a multiple of five.
  public static func text(_ bytes: [UInt8]) -> String {
    String(decoding: BitGroups.text(bytes, 5, alphabet), as: UTF8.self)
  }

  /// Returns the bytes of `text`; nil if a character is not in the alphabet.
  public static func bytes(_ text: some StringProtocol) -> [UInt8]? {
    BitGroups.bytes(text.utf8, 5, alphabet)
  }
}

/// Bytes as digits of 5 or 6 bits, the most significant first.
private enum BitGroups {
  /// Returns the digits of `bytes`, the last one filled up with zero bits.
  static func text(_ bytes: some Sequence<UInt8>, _ width: Int, _ alphabet: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    var (held, bits) = (UInt32(0), 0)
    for byte in bytes {
      held = held << 8 | UInt32(byte)
      bits += 8
      while bits >= width {
        bits -= width
        text.append(alphabet[Int(held >> UInt32(bits)) & (alphabet.count - 1)])
      }
    }
    if bits > 0 {
      text.append(alphabet[Int(held << UInt32(width - bits)) & (alphabet.count - 1)])
    }
    return text
  }

  /// Returns the whole bytes that `digits` hold; nil if one of them is not in the alphabet.
  static func bytes(_ digits: some Sequence<UInt8>, _ width: Int, _ alphabet: [UInt8]) -> [UInt8]? {
    var bytes: [UInt8] = []
    var (held, bits) = (UInt32(0), 0)
    for digit in digits {
      guard let value = alphabet.firstIndex(of: digit) else { return nil }
      held = (held & 0xFFF) << UInt32(width) | UInt32(value)
      bits += width
      if bits >= 8 {
        bits -= 8
        bytes.append(UInt8(truncatingIfNeeded: held >> UInt32(bits)))
      }
    }
    return bytes
  }
}
