import Model
import Text

/// Any JSON, with the members of an object in their order. For small documents: requests, errors,
/// journal lines, what the commands print. Handshakes have a reader and a writer of their own.
///
///     JSONValue.members([("Id", .text("999900001111")), ("Organization", .null)])
public enum JSONValue: Hashable, Sendable {
  case null
  case bool(Bool)
  case number(JSONNumber)
  case string(Untrusted)
  case array([JSONValue])
  case object([Member])

  public struct Member: Hashable, Sendable {
    public var name: Untrusted
    public var value: JSONValue

    public init(_ name: Untrusted, _ value: JSONValue) {
      self.name = name
      self.value = value
    }
  }
}

// MARK: Making

extension JSONValue {
  /// Text of our own.
  public static func text(_ text: String) -> JSONValue { .string(Untrusted(text)) }

  public static func int(_ value: some BinaryInteger) -> JSONValue {
    .number(JSONNumber(Int64(clamping: value)))
  }

  /// An instant as AWS JSON 1.1 writes it.
  public static func epochSeconds(_ instant: Timestamp) -> JSONValue {
    .number(JSONNumber(epochSeconds: instant))
  }

  /// An object of these members. One without a value is left out: absent, not null.
  public static func members(_ members: [(String, JSONValue?)]) -> JSONValue {
    .object(
      members.compactMap { name, value in value.map { Member(Untrusted(name), $0) } })
  }

  /// The value as JSON, without a line's end.
  public func json(_ style: JSONStyle) -> [UInt8] {
    var writer = JSONWriter(style)
    writer.value(self)
    return writer.bytes
  }
}

// MARK: Looking

extension JSONValue {
  /// The member of an object; nil when there is none, it is null, or this is no object.
  public subscript(_ name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    let name = Untrusted(name)
    guard let value = members.first(where: { $0.name == name })?.value, value != .null else {
      return nil
    }
    return value
  }

  public var string: Untrusted? { if case .string(let text) = self { text } else { nil } }
  public var number: JSONNumber? { if case .number(let number) = self { number } else { nil } }
  public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
  public var array: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }
  /// The time that a text or a number says, in whichever form another program wrote it.
  public var time: Timestamp? {
    switch self {
    case .string(let text): Timestamp(reading: text.bytes)
    case .number(let number): Timestamp(epochNumber: number.text.utf8)
    case .null, .bool, .array, .object: nil
    }
  }
  public var object: [Member]? { if case .object(let members) = self { members } else { nil } }
}

extension JSONWriter {
  /// Writes a value. Goes as deep as the value does: those that were read are capped.
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

/// A number as it was written. It becomes one of the machine's when asked, and never silently
/// another one.
public struct JSONNumber: Hashable, Sendable {
  /// By RFC 8259, ASCII.
  public let text: String

  public init(_ value: Int64) {
    text = String(value)
  }

  /// Seconds since 1970, with milliseconds where there are any: AWS JSON 1.1's timestamp.
  public init(epochSeconds instant: Timestamp) {
    let (seconds, rest) = instant.milliseconds.quotientAndRemainder(dividingBy: 1_000)
    var text = instant.milliseconds < 0 && seconds == 0 ? "-0" : String(seconds)
    if rest != 0 {
      text += "." + Int(rest.magnitude).padded(3)
      while text.utf8.last == Byte.zero { text.removeLast() }
    }
    self.text = text
  }

  init(source: some Sequence<UInt8>) {
    text = String(decoding: Array(source), as: UTF8.self)
  }

  /// The value, when it is written as an integer and fits.
  public var int: Int64? { Int64(text) }

  /// The instant these seconds since 1970 mean, exact to the millisecond.
  public var epochSeconds: Timestamp? { Timestamp(epochSeconds: text.utf8) }
}

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
