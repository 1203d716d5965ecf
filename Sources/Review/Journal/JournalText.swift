import Text

/// One flat JSON object in ASCII: what a line of the journal is made of.
///
/// Any bytes go in and come out again. A byte that is not UTF-8 stands as `\udc00` plus the byte
/// (Python's surrogateescape, PEP 383), which no well-formed text contains.
struct JournalText {
  private(set) var bytes: [UInt8] = [UInt8(ascii: "{")]

  mutating func add(_ key: StaticString, _ value: Untrusted?) {
    guard let value else { return }
    begin(key)
    string(value.bytes)
  }

  /// For text of our own making.
  mutating func add(_ key: StaticString, _ value: String?) {
    add(key, value.map { Untrusted($0) })
  }

  mutating func add(_ key: StaticString, _ value: Int64?) {
    guard let value else { return }
    begin(key)
    bytes.append(contentsOf: String(value).utf8)
  }

  mutating func add(_ key: StaticString, _ values: [String]) {
    begin(key)
    bytes.append(UInt8(ascii: "["))
    for (index, value) in values.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      string(Array(value.utf8))
    }
    bytes.append(UInt8(ascii: "]"))
  }

  private mutating func begin(_ key: StaticString) {
    if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
    bytes.append(UInt8(ascii: "\""))
    key.withUTF8Buffer { bytes.append(contentsOf: $0) }
    bytes.append(UInt8(ascii: "\""))
    bytes.append(UInt8(ascii: ":"))
  }

  private mutating func string(_ value: [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    var index = 0
    while index < value.count {
      let (scalar, length) = Self.scalar(in: value, at: index)
      switch scalar {
      case 0x22, 0x5C: bytes.append(contentsOf: [UInt8(ascii: "\\"), UInt8(scalar)])
      case 0x20...0x7E: bytes.append(UInt8(scalar))
      case 0x1_0000...:
        escape(0xD800 + (scalar - 0x1_0000) >> 10)
        escape(0xDC00 + (scalar - 0x1_0000) & 0x3FF)
      default: escape(scalar)
      }
      index += length
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func escape(_ unit: UInt32) {
    bytes.append(contentsOf: Array("\\u".utf8))
    let hex = [UInt8(unit >> 8), UInt8(unit & 0xFF)].hexadecimal
    bytes.append(contentsOf: hex.utf8)
  }

  /// The scalar that begins here, or U+DC00 plus the byte where none does.
  private static func scalar(in bytes: [UInt8], at index: Int) -> (UInt32, length: Int) {
    let lead = bytes[index]
    let alone: (UInt32, length: Int) = (lead < 0x80 ? UInt32(lead) : 0xDC00 + UInt32(lead), 1)
    let length: Int
    switch lead {
    case 0xC2...0xDF: length = 2
    case 0xE0...0xEF: length = 3
    case 0xF0...0xF4: length = 4
    default: return alone
    }
    guard index + length <= bytes.count else { return alone }
    var value = UInt32(lead) & (0xFF >> UInt32(length + 1))
    for byte in bytes[(index + 1)..<(index + length)] {
      guard byte & 0xC0 == 0x80 else { return alone }
      value = value << 6 | UInt32(byte & 0x3F)
    }
    let least: [UInt32] = [0, 0, 0x80, 0x800, 0x1_0000]
    guard value >= least[length], Unicode.Scalar(value) != nil else { return alone }
    return (value, length)
  }
}
