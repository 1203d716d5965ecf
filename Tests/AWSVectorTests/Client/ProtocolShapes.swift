import Model
import TestSupport
import Text
import Wire

@testable import AWSBackend

/// The shapes of one protocol suite.
///
/// They reduce a reply to what a client understands: unknown
/// members and nulls removed, times as seconds.
struct ProtocolShapes: Sendable {
  private let shapes: JSONValue

  init(_ shapes: JSONValue) { self.shapes = shapes }

  /// The meaning of a value.
  func value(_ value: JSONValue, as name: String) -> JSONValue {
    guard let shape = shapes[name] else { return value }
    switch shape.ascii("type") {
    case "structure" where shape["document"] == nil: return structure(value, shape)
    case "list":
      let element = shape["member"]?.ascii("shape") ?? ""
      return .array((value.array ?? []).map { self.value($0, as: element) })
    case "map":
      let element = shape["value"]?.ascii("shape") ?? ""
      return .object(
        (value.object ?? []).map { JSONValue.Member($0.name, self.value($0.value, as: element)) })
    case "timestamp": return time(value).map { .epochSeconds($0) } ?? .null
    default: return value
    }
  }

  private func structure(_ value: JSONValue, _ shape: JSONValue) -> JSONValue {
    var members: [JSONValue.Member] = []
    for member in shape["members"]?.object ?? [] {
      let name = String(decoding: member.name.bytes, as: UTF8.self)
      let written = member.value.ascii("locationName") ?? name
      guard let found = value[written], let type = member.value.ascii("shape") else { continue }
      members.append(JSONValue.Member(member.name, self.value(found, as: type)))
    }
    return .object(members)
  }

  /// Seconds, ISO 8601 or the date of a header.
  private func time(_ value: JSONValue) -> Timestamp? {
    if let number = value.number { return number.epochSeconds }
    guard let text = value.string else { return nil }
    return Timestamp(iso8601: text.bytes) ?? HTTPDate.read(text)
  }

  /// Whether the two are equal apart from the order of members and the notation of numbers.
  func isEqual(_ left: JSONValue, _ right: JSONValue) -> Bool {
    switch (left, right) {
    case (.number(let left), .number(let right)):
      return left.text == right.text || Double(left.text) == Double(right.text)
    case (.array(let left), .array(let right)):
      return left.count == right.count && zip(left, right).allSatisfy { isEqual($0, $1) }
    case (.object(let left), .object(let right)):
      return left.count == right.count
        && left.allSatisfy { member in
          right.contains { $0.name == member.name && isEqual(member.value, $0.value) }
        }
    default: return left == right
    }
  }

  static func withoutNulls(_ value: JSONValue) -> JSONValue {
    guard case .object(let members) = value else { return value }
    return .object(members.filter { $0.value != .null })
  }
}
