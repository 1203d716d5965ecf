import Text

/// The form of a value of a document, recognised by its first member that has a known name.
enum DocumentForm {
  /// A list of handshakes; the cursor is behind its `[`.
  case list(isEnveloped: Bool)
  /// One handshake; the cursor is before its `{`.
  case single(isEnveloped: Bool)
  /// Neither; the cursor is behind it, and it may still contain handshakes.
  case other

  private static let envelopes = ["Handshakes", "Handshake"]

  /// Returns whether a name is that of an envelope, in any case.
  static func isEnvelope(_ name: Untrusted) -> Bool {
    let lowered = name.bytes.asciiLowercased
    return envelopes.contains { lowered == Array($0.lowercased().utf8) }
  }

  /// Steps into the next value, or over one that is neither a list nor a handshake.
  ///
  /// `hasMore` becomes true when the value says that it is not the whole listing.
  ///
  /// - Throws: The first fault of the JSON, or `.duplicateKey` when an envelope occurs in two
  ///   spellings.
  static func enter(
    _ cursor: inout JSONCursor, _ hasMore: inout Bool
  ) throws(JSONFault) -> DocumentForm {
    let first = try cursor.peek()
    if first == Byte.openArray {
      cursor.offset += 1
      return .list(isEnveloped: false)
    }
    guard first == Byte.openObject else {
      try cursor.skipValue()
      return .other
    }
    let start = cursor.offset
    cursor.offset += 1
    guard try !cursor.take(Byte.closeObject) else { return .other }
    var otherSpelling: Int?
    repeat {
      let key = try cursor.key()
      let name = cursor.raw(key)
      if Structure.handshake.index(of: name) != nil {
        cursor.offset = start
        return .single(isEnveloped: false)
      }
      switch spelling(of: key, cursor) {
      case .exact(let envelope):
        if let otherSpelling { throw JSONFault(.duplicateKey, at: otherSpelling) }
        return try enterEnvelope(envelope, &cursor)
      case .otherCase: otherSpelling = key.start
      case .nextToken: if try holdsToken(&cursor) { hasMore = true }
      case nil: break
      }
      try cursor.skipValue()
    } while try cursor.takeComma(or: Byte.closeObject)
    return .other
  }

  /// The meaning of a member's name around handshakes.
  ///
  /// Its escapes are decoded first, because other readers decode them.
  private enum Spelling {
    /// The envelope with this index in `envelopes`.
    case exact(Int)
    /// The name of an envelope in another case, which some readers accept.
    case otherCase
    case nextToken
  }

  private static func spelling(of key: StringToken, _ cursor: JSONCursor) -> Spelling? {
    let name = cursor.text(key).text
    if let envelope = envelopes.firstIndex(where: { name == Untrusted($0) }) {
      return .exact(envelope)
    }
    if name == Untrusted("NextToken") { return .nextToken }
    return isEnvelope(name) ? .otherCase : nil
  }

  /// Returns whether the next value is a string that is not empty; the cursor stays before it.
  private static func holdsToken(_ cursor: inout JSONCursor) throws(JSONFault) -> Bool {
    guard try cursor.peek() == Byte.quote else { return false }
    let start = cursor.offset
    defer { cursor.offset = start }
    return !cursor.text(try cursor.string()).text.bytes.isEmpty
  }

  private static func enterEnvelope(
    _ envelope: Int, _ cursor: inout JSONCursor
  ) throws(JSONFault) -> DocumentForm {
    let next = try cursor.peek()
    if envelope == 0, next == Byte.openArray {
      cursor.offset += 1
      return .list(isEnveloped: true)
    }
    if envelope == 1, next == Byte.openObject { return .single(isEnveloped: true) }
    try cursor.skipValue()
    var hasMore = false
    try leaveEnvelope(&cursor, &hasMore)
    return .other
  }

  /// Steps over the members after the handshakes to the end of their envelope.
  ///
  /// `hasMore` becomes true when the envelope says that it is not the whole listing.
  ///
  /// - Throws: The first fault of the JSON, or `.duplicateKey` for a second envelope, because
  ///   readers differ in which one counts.
  static func leaveEnvelope(
    _ cursor: inout JSONCursor, _ hasMore: inout Bool
  ) throws(JSONFault) {
    while try cursor.takeComma(or: Byte.closeObject) {
      let key = try cursor.key()
      switch spelling(of: key, cursor) {
      case .exact, .otherCase: throw JSONFault(.duplicateKey, at: key.start)
      case .nextToken: if try holdsToken(&cursor) { hasMore = true }
      case nil: break
      }
      try cursor.skipValue()
    }
  }
}

/// The text of a document in UTF-8, without a byte order mark and without trailing padding.
///
/// Only documents are converted: the service sends neither marks nor UTF-16, and replies with
/// either are refused.
struct DocumentText: Sendable {
  /// The converted bytes, which may contain invalid ones.
  let utf8: [UInt8]
  private let form: Form

  private enum Form {
    case utf8(mark: Int)
    case utf16(mark: Int)
  }

  /// Converts a document in UTF-8 or UTF-16, with or without a byte order mark.
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

  /// Returns the byte offset in the document of an offset in `utf8`.
  func place(of offset: Int) -> Int {
    switch form {
    case .utf8(let mark): return offset + mark
    case .utf16(let mark):
      // UTF-16 has one unit for each scalar, and two for those of four bytes.
      let units = utf8.prefix(offset).reduce(0) { count, byte in
        count + (byte & 0xC0 == 0x80 ? 0 : byte >= 0xF0 ? 2 : 1)
      }
      return mark + 2 * units
    }
  }

  /// Returns the fault with its offset in the document.
  func fault(_ fault: JSONFault) -> JSONFault { JSONFault(fault.kind, at: place(of: fault.offset)) }

  /// Removes zeros and Control-Z from the end.
  ///
  /// Zeros fill up blocks, and Control-Z ends texts on DOS.
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

  /// Returns nil for other encodings.
  ///
  /// Without a mark, UTF-16 is recognised by the zero byte of the first character, which is ASCII
  /// in JSON.
  init?(_ bytes: [UInt8]) {
    guard bytes.count >= 2 else { return nil }
    let third = bytes.count > 3 ? (bytes[2], bytes[3]) : (1, 1)
    switch (bytes[0], bytes[1]) {
    // UTF-32 has two further zeros.
    case (0xFF, 0xFE) where third != (0, 0): (mark, isBigEndian) = (2, false)
    case (0xFE, 0xFF): (mark, isBigEndian) = (2, true)
    case (0x01...0x7F, 0) where third.0 != 0: (mark, isBigEndian) = (0, false)
    case (0, 0x01...0x7F) where third.1 != 0: (mark, isBigEndian) = (0, true)
    default: return nil
    }
  }

  /// Returns the text in UTF-8; a lone surrogate keeps its three-byte form, as an escaped one does.
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
        UTF8Encoding.append(0x10000 + (value - 0xD800) << 10 + (low - 0xDC00), to: &out)
      } else {
        UTF8Encoding.append(value, to: &out)
      }
    }
    // An odd byte at the end becomes a byte that is not UTF-8.
    if place < bytes.count { out.append(0xFF) }
    return out
  }
}
