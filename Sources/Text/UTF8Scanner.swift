/// A piece of untrusted bytes: a scalar, or what is not one.
enum Piece {
  case scalar(UInt32)
  /// A lone surrogate in the generalised form that the JSON reader keeps.
  case surrogate(UInt32)
  /// A byte that begins no well-formed sequence.
  case malformed(UInt8)
}

/// A scanner that cuts bytes into pieces without loss: their lengths add up to the bytes.
///
/// The standard library's decoder replaces malformed bytes, which then cannot be restored.
struct UTF8Scanner {
  let bytes: [UInt8]
  /// The offset at which reading ends, at most `bytes.count`.
  let end: Int
  private(set) var position = 0

  /// Creates a scanner of at most `limit` bytes, and of whole scalars.
  init(_ bytes: [UInt8], limit: Int? = nil) {
    self.bytes = bytes
    var end = min(limit ?? bytes.count, bytes.count)
    if end < bytes.count {
      var back = 0
      while back < 3, end > 0, UTF8Scanner.continues(bytes[end]) {
        end -= 1
        back += 1
      }
    }
    self.end = end
  }

  /// Returns whether a byte continues a sequence.
  static func continues(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }

  /// Returns the number of scalars that begin in the bytes from `start`; rough if bytes are
  /// malformed.
  static func scalars(in bytes: [UInt8], from start: Int) -> Int {
    guard start < bytes.count else { return 0 }
    let count = bytes.withUnsafeBufferPointer { buffer in
      var count = 0
      var index = start
      while index < buffer.count {
        if buffer[index] & 0xC0 != 0x80 { count += 1 }
        index += 1
      }
      return count
    }
    return max(count, 1)
  }

  /// Returns the next piece; nil at the end.
  mutating func next() -> Piece? {
    guard position < end else { return nil }
    let first = bytes[position]
    if first < 0x80 {
      position += 1
      return .scalar(UInt32(first))
    }
    let (length, value) = sequence(first)
    guard length > 0 else {
      position += 1
      return .malformed(first)
    }
    position += length
    return (0xD800...0xDFFF).contains(value) ? .surrogate(value) : .scalar(value)
  }

  /// Skips bytes that were read by other means.
  mutating func skip(_ length: Int) { position += length }

  /// Returns the length and value of the multi-byte sequence at `position`; 0 if there is none.
  ///
  /// Source: Unicode Standard, table 3-7, with surrogates let through.
  private func sequence(_ first: UInt8) -> (length: Int, value: UInt32) {
    let length: Int
    var second: ClosedRange<UInt8> = 0x80...0xBF
    switch first {
    case 0xC2...0xDF: length = 2
    case 0xE0...0xEF:
      length = 3
      if first == 0xE0 { second = 0xA0...0xBF }
    case 0xF0...0xF4:
      length = 4
      if first == 0xF0 { second = 0x90...0xBF }
      if first == 0xF4 { second = 0x80...0x8F }
    default: return (0, 0)
    }
    guard position + length <= end, second.contains(bytes[position + 1]) else { return (0, 0) }
    var value = UInt32(first) & (0x7F >> UInt32(length))
    for offset in 1..<length {
      let byte = bytes[position + offset]
      guard UTF8Scanner.continues(byte) else { return (0, 0) }
      value = value << 6 | UInt32(byte & 0x3F)
    }
    return (length, value)
  }
}

/// The generalised form of UTF-8, in which a surrogate has three bytes like its neighbours.
public enum UTF8Encoding {
  /// Appends the UTF-8 of a scalar, or the three-byte form of a surrogate.
  @inlinable public static func append(_ value: UInt32, to out: inout [UInt8]) {
    switch value {
    case ..<0x80:
      out.append(UInt8(truncatingIfNeeded: value))
    case ..<0x800:
      out.append(0xC0 | UInt8(truncatingIfNeeded: value >> 6))
      out.append(tail(value, 0))
    case ..<0x1_0000:
      out.append(0xE0 | UInt8(truncatingIfNeeded: value >> 12))
      out.append(tail(value, 6))
      out.append(tail(value, 0))
    default:
      out.append(0xF0 | UInt8(truncatingIfNeeded: value >> 18))
      out.append(tail(value, 12))
      out.append(tail(value, 6))
      out.append(tail(value, 0))
    }
  }

  @usableFromInline
  static func tail(_ value: UInt32, _ shift: UInt32) -> UInt8 {
    0x80 | UInt8(truncatingIfNeeded: value >> shift & 0x3F)
  }
}
