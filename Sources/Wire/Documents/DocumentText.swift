/// The text of a document in UTF-8, without a byte order mark and without what some programs leave behind
/// its end.
///
/// Documents alone are converted: the service sends neither marks nor UTF-16, and its replies with either
/// are refused.
struct DocumentText: Sendable {
  let utf8: [UInt8]
  private let form: Form

  private enum Form {
    case utf8(mark: Int)
    case utf16(mark: Int)
  }

  init(_ bytes: [UInt8]) {
    let converted: [UInt8]
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      form = .utf8(mark: 3)
      converted = Array(bytes[3...])
    } else if let utf16 = UTF16Layout(bytes) {
      form = .utf16(mark: utf16.mark)
      converted = utf16.utf8(of: bytes)
    } else {
      form = .utf8(mark: 0)
      converted = bytes
    }
    utf8 = Self.withoutFilling(converted)
  }

  /// Where in the document a byte of `utf8` stood.
  func place(of offset: Int) -> Int {
    switch form {
    case .utf8(let mark): return offset + mark
    case .utf16(let mark):
      // A unit for each scalar, two for those of four bytes.
      let units = utf8.prefix(offset).reduce(0) { count, byte in
        count + (byte & 0xC0 == 0x80 ? 0 : byte >= 0xF0 ? 2 : 1)
      }
      return mark + 2 * units
    }
  }

  func fault(_ fault: JSONFault) -> JSONFault { JSONFault(fault.kind, at: place(of: fault.offset)) }

  /// Cuts zeros and Control-Z off the end: blocks are filled up with the ones, and DOS ends texts with the
  /// other.
  private static func withoutFilling(_ bytes: [UInt8]) -> [UInt8] {
    let isFilling: (UInt8) -> Bool = { $0 == 0 || $0 == 0x1A }
    let isSpace: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0A).contains($0) || $0 == 0x0D }
    let end = bytes.lastIndex { !isFilling($0) && !isSpace($0) }.map { $0 + 1 } ?? 0
    guard end > 0, bytes[end...].contains(where: isFilling) else { return bytes }
    return Array(bytes[..<end])
  }
}

/// The order of the bytes in a UTF-16 text.
private struct UTF16Layout {
  let mark: Int
  let isBigEndian: Bool

  /// Nil for other encodings. Without a mark the zero that comes with the first character tells, which in
  /// JSON is ASCII.
  init?(_ bytes: [UInt8]) {
    guard bytes.count >= 2 else { return nil }
    let third = bytes.count > 3 ? (bytes[2], bytes[3]) : (1, 1)
    switch (bytes[0], bytes[1]) {
    // UTF-32 has two zeros more.
    case (0xFF, 0xFE) where third != (0, 0): (mark, isBigEndian) = (2, false)
    case (0xFE, 0xFF): (mark, isBigEndian) = (2, true)
    case (0x01...0x7F, 0) where third.0 != 0: (mark, isBigEndian) = (0, false)
    case (0, 0x01...0x7F) where third.1 != 0: (mark, isBigEndian) = (0, true)
    default: return nil
    }
  }

  /// A surrogate without its other half keeps its three-byte form, as one that JSON escapes does.
  func utf8(of bytes: [UInt8]) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(bytes.count / 2 + bytes.count / 8)
    func unit(at place: Int) -> UInt32? {
      guard place + 1 < bytes.count else { return nil }
      let (first, second) = (UInt32(bytes[place]), UInt32(bytes[place + 1]))
      return isBigEndian ? first << 8 | second : second << 8 | first
    }
    var place = mark
    while let value = unit(at: place) {
      place += 2
      if (0xD800...0xDBFF).contains(value), let low = unit(at: place),
        (0xDC00...0xDFFF).contains(low)
      {
        place += 2
        UTF8Form.append(0x10000 + (value - 0xD800) << 10 + (low - 0xDC00), to: &out)
      } else {
        UTF8Form.append(value, to: &out)
      }
    }
    // Half a character at the end is no character.
    if place < bytes.count { out.append(0xFF) }
    return out
  }
}
