import TestSupport
import Text
import Wire

/// The violations of the model in a reply: names, order, types, values, patterns and lengths.
struct ReplyShape {
  let model: ServiceModel

  func faults(_ value: JSONValue, _ name: String, at place: String) throws -> [String] {
    let shape = try model.shape(name)
    switch (shape.type, value) {
    case ("structure", .object(let members)): return try faults(members, shape, at: place)
    case ("list", .array(let elements)):
      guard let element = shape.element else { return ["\(place): a list of nothing"] }
      return try elements.enumerated().flatMap {
        try faults($0.element, element, at: "\(place)[\($0.offset)]")
      }
    case ("string", .string): return try faults(string(value) ?? "", shape, at: place)
    case ("timestamp", .number(let number)):
      return number.epochSeconds == nil ? ["\(place): no time"] : []
    default: return ["\(place): not a \(shape.type)"]
    }
  }

  private func faults(
    _ members: [JSONValue.Member], _ shape: ServiceModel.Shape, at place: String
  ) throws -> [String] {
    var faults: [String] = []
    var next = 0
    for member in members {
      let name = string(.string(member.name)) ?? ""
      guard let index = shape.members.firstIndex(where: { $0.name == name }) else {
        faults.append("\(place): no member \(name)")
        continue
      }
      if index < next { faults.append("\(place): \(name) is out of order") }
      next = index + 1
      faults += try self.faults(member.value, shape.members[index].shape, at: "\(place).\(name)")
    }
    for name in shape.required where !members.contains(where: { $0.name == Untrusted(name) }) {
      faults.append("\(place): \(name) is missing")
    }
    return faults
  }

  private func faults(
    _ text: String, _ shape: ServiceModel.Shape, at place: String
  ) throws -> [String] {
    var faults: [String] = []
    if !shape.values.isEmpty, !shape.values.contains(text) { faults.append("is no value") }
    if try !shape.matches(text) { faults.append("breaks the pattern") }
    let length = text.unicodeScalars.count
    if length < shape.min ?? 0 || length > shape.max ?? .max { faults.append("has \(length)") }
    return faults.map { "\(place): \($0)" }
  }
}
