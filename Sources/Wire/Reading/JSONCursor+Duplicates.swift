extension JSONCursor {
  /// Steps over one value, and tells whether any object in it has a key twice.
  mutating func skipValueFindingDuplicates() throws(JSONFault) -> Bool {
    let start = offset
    let objects = try skipValue()
    guard objects > 0 else { return false }
    let end = offset
    offset = start
    defer { offset = end }
    return try hasDuplicateKeys()
  }

  /// Walks the value that is next, which is known to be well formed.
  private mutating func hasDuplicateKeys() throws(JSONFault) -> Bool {
    /// One entry a level: the names seen in an object, nil for an array.
    var levels: [Set<[UInt8]>?] = []
    repeat {
      let byte = try peek()
      switch byte {
      case Byte.openObject, Byte.openArray:
        offset += 1
        levels.append(byte == Byte.openObject ? [] : nil)
      case Byte.closeObject, Byte.closeArray:
        offset += 1
        levels.removeLast()
      case Byte.comma:
        offset += 1
      case Byte.quote:
        let token = try string()
        guard try take(Byte.colon) else { break }
        let isNew = levels[levels.count - 1]?.insert(unescaped(token).bytes).inserted
        if isNew == false { return true }
      default:
        try skipScalar()
      }
    } while !levels.isEmpty
    return false
  }
}
