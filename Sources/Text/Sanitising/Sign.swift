/// A sign of `Escape`'s, found again in rendered text.
struct Sign {
  enum Meaning {
    case scalar(UInt32)
    case byte(UInt8)
    case marks(Int)
    case blanks(Int)
    case cut(Int)
  }

  let meaning: Meaning
  /// Its bytes.
  let length: Int
  let columns: Int

  /// Characters of the text that it stands for.
  var stands: Int {
    switch meaning {
    case .scalar, .byte: 1
    case .marks(let count), .blanks(let count), .cut(let count): count
    }
  }

  /// Room for `+999999999 marks` and what closes it.
  private static let longest = 20

  /// The sign of either charset that begins at a byte, if one does.
  init?(_ bytes: [UInt8], at start: Int) {
    guard start < bytes.count else { return nil }
    if bytes[start] == 0x3C {
      self.init(bytes, at: start, open: 1, close: [0x3E])
    } else if bytes[start] == 0xE2, bytes[start...].starts(with: Escape.open) {
      self.init(bytes, at: start, open: 3, close: Escape.close)
    } else if bytes[start] == 0xE2, bytes[start...].starts(with: Sign.cutOpening) {
      self.init(cut: bytes, at: start)
    } else {
      return nil
    }
  }

  static let cutOpening = Array((Escape.ellipsis + "(+").utf8)

  private init?(_ bytes: [UInt8], at start: Int, open: Int, close: [UInt8]) {
    let rest = bytes[(start + open)...].prefix(Sign.longest)
    guard let end = rest.firstIndex(of: close[0]), bytes[end...].starts(with: close) else {
      return nil
    }
    guard let meaning = Sign.meaning(of: bytes[(start + open)..<end], ascii: open == 1) else {
      return nil
    }
    self.meaning = meaning
    length = end + close.count - start
    columns = end - start - open + 2
  }

  private init?(cut bytes: [UInt8], at start: Int) {
    let opening = Sign.cutOpening.count
    let digits = bytes[(start + opening)...].prefix(Sign.longest).prefix { $0 != 0x29 }
    let end = start + opening + digits.count
    guard end < bytes.count, let count = Sign.decimal(digits) else { return nil }
    meaning = .cut(count)
    length = end + 1 - start
    columns = digits.count + 4
  }

  private static func meaning(of text: ArraySlice<UInt8>, ascii: Bool) -> Meaning? {
    if text.starts(with: "U+".utf8) {
      guard (6...8).contains(text.count), let value = hexadecimal(text.dropFirst(2)),
        value <= 0x10_FFFF
      else { return nil }
      return .scalar(value)
    }
    if text.first == 0x78 {
      guard text.count == 3, let value = hexadecimal(text.dropFirst()) else { return nil }
      return .byte(UInt8(truncatingIfNeeded: value))
    }
    if let count = decimal(text.prefix { (0x30...0x39).contains($0) }), count > 1 {
      return text.drop { (0x30...0x39).contains($0) }.elementsEqual(" spaces".utf8)
        ? .blanks(count) : nil
    }
    guard text.first == 0x2B else { return nil }
    let digits = text.dropFirst().prefix { (0x30...0x39).contains($0) }
    guard let count = decimal(digits) else { return nil }
    let unit = text[digits.endIndex...]
    if unit.elementsEqual(" mark".utf8) || unit.elementsEqual(" marks".utf8) {
      return .marks(count)
    }
    return unit.isEmpty && ascii ? .cut(count) : nil
  }

  /// At most nine digits: sums of what data may have written cannot overflow.
  private static func decimal(_ digits: ArraySlice<UInt8>) -> Int? {
    guard (1...9).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }) else {
      return nil
    }
    return Int(String(decoding: digits, as: UTF8.self))
  }

  /// Capitals only, as they are written.
  private static func hexadecimal(_ digits: ArraySlice<UInt8>) -> UInt32? {
    guard digits.allSatisfy({ (0x30...0x39).contains($0) || (0x41...0x46).contains($0) }) else {
      return nil
    }
    return UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
  }
}
