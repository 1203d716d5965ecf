import Text

extension JSONWriter {
  /// Writes a value that stands in `source` as JSON in this writer's style: its numbers as they are
  /// written, its members in their order. A source that is no JSON is written as a string.
  public mutating func value(jsonSource source: Untrusted) {
    guard JSONText.fault(in: source.bytes) == nil else { return string(source) }
    source.bytes.withUnsafeBufferPointer { bytes in
      var cursor = JSONCursor(bytes, limits: .document)
      // The text has just been checked.
      try? copyTokens(&cursor)
    }
  }

  private mutating func copyTokens(_ cursor: inout JSONCursor) throws(JSONFault) {
    /// The open containers; true for an object.
    var isObject: [Bool] = []
    repeat {
      let byte = try cursor.peek()
      if byte == Byte.closeObject || byte == Byte.closeArray {
        cursor.offset += 1
        isObject.removeLast()
        byte == Byte.closeObject ? endObject() : endArray()
        continue
      }
      if byte == Byte.comma {
        cursor.offset += 1
        continue
      }
      // A value begins here, after its name in an object.
      if let inObject = isObject.last {
        if inObject { key(cursor.text(try cursor.key()).text) } else { element() }
      }
      try copyStart(&cursor, &isObject)
    } while !isObject.isEmpty
  }

  /// Writes a scalar whole, or the opening of a container.
  private mutating func copyStart(
    _ cursor: inout JSONCursor, _ isObject: inout [Bool]
  ) throws(JSONFault) {
    switch try cursor.peek() {
    case Byte.openObject:
      cursor.offset += 1
      isObject.append(true)
      beginObject()
    case Byte.openArray:
      cursor.offset += 1
      isObject.append(false)
      beginArray()
    case Byte.quote:
      string(cursor.text(try cursor.string()).text)
    default:
      let start = cursor.offset
      try cursor.skipScalar()
      verbatim(cursor.bytes[start..<cursor.offset])
    }
  }
}
