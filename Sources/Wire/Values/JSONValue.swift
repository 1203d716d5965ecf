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
