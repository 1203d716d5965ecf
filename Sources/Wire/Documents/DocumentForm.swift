/// What a value of a document is, told by its first telling member.
enum DocumentForm {
  /// A list of handshakes; the cursor stands behind its `[`.
  case list(isEnveloped: Bool)
  /// One handshake; the cursor stands before its `{`.
  case single(isEnveloped: Bool)
  case cloudTrail
  case other

  /// Names that stand in CloudTrail's events and around their handshakes.
  private static let eventNames: [StaticString] = [
    "handshake", "Records", "eventVersion", "eventName", "eventSource", "responseElements",
  ]
  private static let envelopes: [StaticString] = ["Handshakes", "Handshake"]

  /// Steps into the value that is next. A value of no use is stepped over.
  static func enter(_ cursor: inout JSONCursor) throws(JSONFault) -> DocumentForm {
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
    var isEvent = false
    repeat {
      let key = try cursor.key()
      let name = cursor.raw(key)
      if Structure.handshake.index(of: name) != nil {
        cursor.offset = start
        return .single(isEnveloped: false)
      }
      if let envelope = envelopes.firstIndex(where: { name.equals($0) }) {
        return try enterEnvelope(envelope, &cursor)
      }
      if eventNames.contains(where: { name.equals($0) })
        || Structure.handshake.holdsMisspelling(Array(name))
      {
        isEvent = true
      }
      try cursor.skipValue()
    } while try cursor.takeComma(or: Byte.closeObject)
    return isEvent ? .cloudTrail : .other
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
    return .other
  }

  /// Steps over what follows the handshakes in their envelope. Handshakes a second time are a fault:
  /// which ones count differs from reader to reader.
  static func leaveEnvelope(_ cursor: inout JSONCursor) throws(JSONFault) {
    while try cursor.takeComma(or: Byte.closeObject) {
      let key = try cursor.key()
      guard !envelopes.contains(where: { cursor.raw(key).equals($0) }) else {
        throw JSONFault(.duplicateKey, at: key.start)
      }
      try cursor.skipValue()
    }
  }
}
