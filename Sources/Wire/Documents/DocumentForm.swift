import Text

/// What a value of a document is, told by its first telling member.
enum DocumentForm {
  /// A list of handshakes; the cursor is after its `[`.
  case list(isEnveloped: Bool)
  /// One handshake; the cursor stands before its `{`.
  case single(isEnveloped: Bool)
  /// Neither; the cursor is after it. It may still contain handshakes.
  case other

  private static let envelopes = ["Handshakes", "Handshake"]

  /// Whether a name is that of an envelope, in any case.
  static func isEnvelope(_ name: Untrusted) -> Bool {
    let lowered = name.bytes.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
    return envelopes.contains { lowered == Array($0.lowercased().utf8) }
  }

  /// Steps into the value that is next. A value of another form is stepped over.
  /// - Parameter hasMore: Set when the value itself says that it is not the whole listing.
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

  /// What a member's name means around handshakes. Escapes in it are undone: other readers undo them.
  private enum Spelling {
    case exact(Int)
    /// Some readers take it for an envelope.
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

  /// Whether the value that is next is more than nothing. It is not stepped over.
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

  /// Steps over what follows the handshakes in their envelope. Handshakes a second time are a fault:
  /// which ones count differs from reader to reader.
  /// - Parameter hasMore: Set when the envelope says that it is not the whole listing.
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
