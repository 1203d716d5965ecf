/// Bytes as pairs of digits.
public enum Hexadecimal {
  /// The value of a digit of either case.
  public static func value(_ digit: UInt8) -> UInt8? {
    switch digit {
    case 0x30...0x39: digit - 0x30
    case 0x41...0x46: digit - 0x37
    case 0x61...0x66: digit - 0x57
    default: nil
    }
  }

  /// The bytes of a whole number of pairs of digits.
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

  /// The same, of lower-case digits alone: for what has one spelling.
  public static func lowerCaseBytes(_ text: some StringProtocol) -> [UInt8]? {
    guard let bytes = bytes(Array(text.utf8)), bytes.hexadecimal.utf8.elementsEqual(text.utf8)
    else { return nil }
    return bytes
  }
}

extension Sequence where Element == UInt8 {
  /// Two digits a byte, lower case.
  public var hexadecimal: String {
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 0xF)]] }, as: UTF8.self)
  }
}

/// RFC 3986's, with capitals: every byte but letters, digits and `-._~`.
public enum PercentEncoding {
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

  /// Anything that is no escape stands as it came.
  ///
  /// - Parameter plusIsSpace: As HTML forms write it.
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
