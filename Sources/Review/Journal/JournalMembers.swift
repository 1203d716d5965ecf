import Text

/// The members of a line that was read.
///
/// Only the form that `JournalText` writes is accepted.
struct JournalMembers {
  enum Value: Equatable {
    case text(Untrusted)
    case number(Int64)
    case texts([Untrusted])
  }

  private var values: [String: Value] = [:]

  /// Returns nil unless the bytes are one flat object without blanks, with each key once.
  init?(_ line: some Collection<UInt8>) {
    var reader = Reader(bytes: Array(line))
    guard reader.take("{") else { return nil }
    if !reader.take("}") {
      repeat {
        guard let key = reader.string()?.asciiText, reader.take(":"), let value = reader.value(),
          values.updateValue(value, forKey: key) == nil
        else { return nil }
      } while reader.take(",")
      guard reader.take("}") else { return nil }
    }
    guard reader.isAtEnd else { return nil }
  }

  func has(_ key: String) -> Bool { values[key] != nil }

  func text(_ key: String) -> Untrusted? {
    if case .text(let text) = values[key] { text } else { nil }
  }

  func ascii(_ key: String) -> String? { text(key)?.asciiText }

  func number(_ key: String) -> Int64? {
    if case .number(let number) = values[key] { number } else { nil }
  }

  func texts(_ key: String) -> [Untrusted]? {
    if case .texts(let texts) = values[key] { texts } else { nil }
  }
}

/// A parser over the bytes of one line.
private struct Reader {
  let bytes: [UInt8]
  private var index = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { index == bytes.count }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard index < bytes.count, bytes[index] == UInt8(ascii: character) else { return false }
    index += 1
    return true
  }

  mutating func value() -> JournalMembers.Value? {
    guard index < bytes.count else { return nil }
    switch bytes[index] {
    case UInt8(ascii: "\""): return string().map { .text($0) }
    case UInt8(ascii: "["): return array().map { .texts($0) }
    default: return number().map { .number($0) }
    }
  }

  private mutating func array() -> [Untrusted]? {
    guard take("[") else { return nil }
    var texts: [Untrusted] = []
    if take("]") { return texts }
    repeat {
      guard let text = string() else { return nil }
      texts.append(text)
    } while take(",")
    return take("]") ? texts : nil
  }

  private mutating func number() -> Int64? {
    let digits = bytes[index...].prefix { $0 == UInt8(ascii: "-") || (0x30...0x39).contains($0) }
    index += digits.count
    return Int64(String(decoding: digits, as: UTF8.self))
  }

  mutating func string() -> Untrusted? {
    guard take("\"") else { return nil }
    var text: [UInt8] = []
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      switch byte {
      case UInt8(ascii: "\""): return Untrusted(bytes: text)
      case UInt8(ascii: "\\"):
        guard let piece = escaped() else { return nil }
        text.append(contentsOf: piece)
      case 0x20...0x7E: text.append(byte)
      default: return nil
      }
    }
    return nil
  }

  private mutating func escaped() -> [UInt8]? {
    for plain: Unicode.Scalar in ["\"", "\\"] where take(plain) { return [UInt8(ascii: plain)] }
    guard let unit = unit() else { return nil }
    switch unit {
    case 0xD800...0xDBFF:
      guard take("\\"), let low = self.unit(), (0xDC00...0xDFFF).contains(low) else { return nil }
      let value = 0x1_0000 + (unit - 0xD800) << 10 + (low - 0xDC00)
      return Unicode.Scalar(value).map { Array(String($0).utf8) }
    case 0xDC80...0xDCFF: return [UInt8(unit - 0xDC00)]
    default: return Unicode.Scalar(unit).map { Array(String($0).utf8) }
    }
  }

  private mutating func unit() -> UInt32? {
    guard take("u"), index + 4 <= bytes.count else { return nil }
    let digits = String(decoding: bytes[index..<(index + 4)], as: UTF8.self)
    guard let pair = Hexadecimal.lowerCaseBytes(digits), pair.count == 2 else { return nil }
    index += 4
    return UInt32(pair[0]) << 8 | UInt32(pair[1])
  }
}
