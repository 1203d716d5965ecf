import Text

extension JSONValue {
  /// Levels that are taken: a value's own memory is freed level by level on the stack.
  public static let depthTaken = 128

  /// Reads one whole text. Strict, and stricter than RFC 8259 in one thing: an object with a key
  /// twice is refused.
  public static func read(
    _ bytes: [UInt8], limits: JSONLimits = .page
  ) throws(JSONFault) -> JSONValue {
    try withJSONCursor(bytes, limits: limits) { cursor throws(JSONFault) in
      let value = try read(&cursor)
      try cursor.checkEnd()
      return value
    }
  }

  /// An array or object that is being read.
  private struct Open {
    let isObject: Bool
    var elements: [JSONValue] = []
    var members: [Member] = []
    var names: Set<Untrusted> = []
    var name = Untrusted("")

    var value: JSONValue { isObject ? .object(members) : .array(elements) }

    mutating func add(_ value: JSONValue) {
      if isObject { members.append(Member(name, value)) } else { elements.append(value) }
    }

    mutating func readName(_ cursor: inout JSONCursor) throws(JSONFault) {
      let key = try cursor.key()
      name = cursor.text(key).text
      guard names.insert(name).inserted else { throw JSONFault(.duplicateKey, at: key.start) }
    }
  }

  private static func read(_ cursor: inout JSONCursor) throws(JSONFault) -> JSONValue {
    var open: [Open] = []
    while true {
      guard var value = try begin(&cursor, &open) else { continue }
      // The value is whole: it may be the last of what holds it.
      while true {
        guard !open.isEmpty else { return value }
        let top = open.count - 1
        open[top].add(value)
        if try cursor.takeComma(or: open[top].isObject ? Byte.closeObject : Byte.closeArray) {
          if open[top].isObject { try open[top].readName(&cursor) }
          break
        }
        value = open.removeLast().value
      }
    }
  }

  /// Reads a scalar or an empty container, or steps into a container and returns nil.
  private static func begin(
    _ cursor: inout JSONCursor, _ open: inout [Open]
  ) throws(JSONFault) -> JSONValue? {
    let byte = try cursor.peek()
    if byte == Byte.openObject || byte == Byte.openArray {
      let isObject = byte == Byte.openObject
      cursor.offset += 1
      if try cursor.take(isObject ? Byte.closeObject : Byte.closeArray) {
        return isObject ? .object([]) : .array([])
      }
      guard open.count < depthTaken else { throw cursor.fault(.tooDeep) }
      open.append(Open(isObject: isObject))
      if isObject { try open[open.count - 1].readName(&cursor) }
      return nil
    }
    return try scalar(byte, &cursor)
  }

  private static func scalar(
    _ byte: UInt8, _ cursor: inout JSONCursor
  ) throws(JSONFault) -> JSONValue {
    switch byte {
    case Byte.quote: return .string(cursor.text(try cursor.string()).text)
    case UInt8(ascii: "t"):
      try cursor.literal("true")
      return .bool(true)
    case UInt8(ascii: "f"):
      try cursor.literal("false")
      return .bool(false)
    case UInt8(ascii: "n"):
      try cursor.literal("null")
      return .null
    default:
      return .number(JSONNumber(source: cursor.bytes[try cursor.number()]))
    }
  }
}
