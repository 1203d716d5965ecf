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
