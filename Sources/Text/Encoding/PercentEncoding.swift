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
