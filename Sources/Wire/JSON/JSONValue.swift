import Model
import Text

/// Any JSON, with the members of an object in order.
///
/// It is meant for small documents: requests, errors, journal lines, the output of commands.
/// Handshakes have a reader and a writer of their own.
///
///     JSONValue.members([("Id", .text("999900001111")), ("Organization", .null)])
public enum JSONValue: Hashable, Sendable {
  case null
  case bool(Bool)
  case number(JSONNumber)
  case string(Untrusted)
  case array([JSONValue])
  case object([Member])

  /// A member of an object.
  public struct Member: Hashable, Sendable {
    /// The name with its escapes decoded.
    public var name: Untrusted
    /// The value, which may be null.
    public var value: JSONValue

    /// Combines a name and a value.
    public init(_ name: Untrusted, _ value: JSONValue) {
      self.name = name
      self.value = value
    }
  }
}

// MARK: Building

extension JSONValue {
  /// Returns a string whose text is this program's own.
  public static func text(_ text: String) -> JSONValue { .string(Untrusted(text)) }

  /// Returns a number, clamped to 64 bits.
  public static func int(_ value: some BinaryInteger) -> JSONValue {
    .number(JSONNumber(Int64(clamping: value)))
  }

  /// Returns a time as AWS JSON 1.1 writes it, in seconds since 1970.
  public static func epochSeconds(_ instant: Timestamp) -> JSONValue {
    .number(JSONNumber(epochSeconds: instant))
  }

  /// Returns an object of these members; one without a value is left out rather than null.
  public static func members(_ members: [(String, JSONValue?)]) -> JSONValue {
    .object(
      members.compactMap { name, value in value.map { Member(Untrusted(name), $0) } })
  }

  /// Returns the value as JSON, without a newline at its end.
  public func json(_ style: JSONStyle) -> [UInt8] {
    var writer = JSONWriter(style)
    writer.value(self)
    return writer.bytes
  }
}

// MARK: Reading

extension JSONValue {
  /// Returns the value of an object's member; nil when it is absent or null, or this is no object.
  public subscript(_ name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    let name = Untrusted(name)
    guard let value = members.first(where: { $0.name == name })?.value, value != .null else {
      return nil
    }
    return value
  }

  /// The text of a string; nil for other types.
  public var string: Untrusted? { if case .string(let text) = self { text } else { nil } }
  /// The number; nil for other types.
  public var number: JSONNumber? { if case .number(let number) = self { number } else { nil } }
  /// The value of `true` or `false`; nil for other types.
  public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
  /// The elements of an array; nil for other types.
  public var array: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }
  /// The time that a string or number states, in any form of `Timestamp(reading:)` or since 1970.
  public var time: Timestamp? {
    switch self {
    case .string(let text): Timestamp(reading: text.bytes)
    case .number(let number): Timestamp(epochNumber: number.text.utf8)
    case .null, .bool, .array, .object: nil
    }
  }
  /// The members of an object in order; nil for other types.
  public var object: [Member]? { if case .object(let members) = self { members } else { nil } }
}

extension JSONWriter {
  /// Writes a value.
  ///
  /// It recurses as deep as the value is; values that were read have at most `JSONValue.depthTaken`
  /// levels.
  public mutating func value(_ value: JSONValue) {
    switch value {
    case .null: null()
    case .bool(let flag): bool(flag)
    case .number(let number): verbatim(number.text.utf8)
    case .string(let text): string(text)
    case .array(let elements):
      beginArray()
      for item in elements {
        element()
        self.value(item)
      }
      endArray()
    case .object(let members):
      beginObject()
      for member in members {
        key(member.name)
        self.value(member.value)
      }
      endObject()
    }
  }
}

/// A number as it was written, which is converted only when asked and never rounded.
public struct JSONNumber: Hashable, Sendable {
  /// The number in the grammar of RFC 8259, ASCII.
  public let text: String

  /// Writes an integer in decimal digits.
  public init(_ value: Int64) {
    text = String(value)
  }

  /// Writes a time as seconds since 1970, with milliseconds unless they are zero.
  ///
  /// This is the timestamp of AWS JSON 1.1.
  public init(epochSeconds instant: Timestamp) {
    let (seconds, rest) = instant.milliseconds.quotientAndRemainder(dividingBy: 1_000)
    var text = instant.milliseconds < 0 && seconds == 0 ? "-0" : String(seconds)
    if rest != 0 {
      text += "." + Int(rest.magnitude).padded(3)
      while text.utf8.last == Byte.zero { text.removeLast() }
    }
    self.text = text
  }

  /// Takes the bytes of a number that was checked against the grammar.
  init(source: some Sequence<UInt8>) {
    text = String(decoding: Array(source), as: UTF8.self)
  }

  /// The value; nil unless it is written as an integer and fits into 64 bits.
  public var int: Int64? { Int64(text) }

  /// The time that this number of seconds since 1970 means, cut to the millisecond.
  ///
  /// It is nil for a time whose year has not four digits.
  public var epochSeconds: Timestamp? { Timestamp(epochSeconds: text.utf8) }
}

extension JSONValue {
  /// The greatest accepted depth; the memory of deeper values would be freed by deep recursion.
  public static let depthTaken = 128

  /// Parses one whole text; unlike RFC 8259, an object with a name twice is refused.
  ///
  /// - Parameters:
  ///   - bytes: The text in UTF-8.
  ///   - limits: The sizes that are accepted; the depth is also limited by `depthTaken`.
  /// - Returns: The value.
  /// - Throws: The first fault of the text, with its byte offset.
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

    /// Reads the name of the next member and its colon.
    ///
    /// - Throws: `.duplicateKey` when the object has this name already, or the fault of the text.
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
      // The value is complete and may be the last of its container.
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
