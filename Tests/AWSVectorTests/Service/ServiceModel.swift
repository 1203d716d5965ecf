import Foundation
import TestSupport
import Text
import Wire

/// The service's model as AWS publishes it: the operations, and what their shapes allow.
struct ServiceModel {
  struct Operation {
    var name: String
    /// The names of shapes; nil for an operation without input or output.
    var input: String?
    var output: String?
    var errors: [String]
  }

  struct Shape {
    var type: String
    var min: Int?
    var max: Int?
    var pattern: String?
    var values: [String]
    var required: [String]
    /// In the model's order.
    var members: [(name: String, shape: String)]
    /// Of a list.
    var element: String?
  }

  var operations: [Operation] = []
  private var shapes: [String: Shape] = [:]

  static let files = [
    "models/botocore/organizations/service-2.botocore-1.44.5.json",
    "models/botocore/organizations/2016-11-28/service-2.json",
  ]

  init(_ file: String) throws {
    let value = try JSONValue.read(
      try SharedFolder.bytes("vectors/" + file), limits: .document)
    operations = (value["operations"]?.object ?? []).map { member in
      let errors = member.value["errors"]?.array ?? []
      return Operation(
        name: string(.string(member.name)) ?? "", input: string(member.value["input"]?["shape"]),
        output: string(member.value["output"]?["shape"]),
        errors: errors.compactMap { string($0["shape"]) })
    }
    for member in value["shapes"]?.object ?? [] {
      shapes[string(.string(member.name)) ?? ""] = Shape(member.value)
    }
  }

  func shape(_ name: String) throws -> Shape {
    guard let shape = shapes[name] else { throw FixtureError(text: "no shape \(name)") }
    return shape
  }
}

extension ServiceModel.Shape {
  fileprivate init(_ value: JSONValue) {
    type = string(value["type"]) ?? ""
    min = value["min"]?.number?.int.map { Int($0) }
    max = value["max"]?.number?.int.map { Int($0) }
    pattern = string(value["pattern"])
    values = (value["enum"]?.array ?? []).compactMap { string($0) }
    required = (value["required"]?.array ?? []).compactMap { string($0) }
    members = (value["members"]?.object ?? []).compactMap { member in
      guard let name = string(.string(member.name)), let shape = string(member.value["shape"])
      else { return nil }
      return (name, shape)
    }
    element = string(value["member"]?["shape"])
  }

  /// Returns whether `text` matches the pattern anywhere, as AWS's own clients search it.
  func matches(_ text: String) throws -> Bool {
    guard let pattern else { return true }
    let expression = try NSRegularExpression(pattern: pattern)
    let whole = NSRange(text.startIndex..<text.endIndex, in: text)
    return expression.firstMatch(in: text, range: whole) != nil
  }
}

/// The string in `value`.
func string(_ value: JSONValue?) -> String? {
  value?.string.flatMap { String(validating: $0.bytes, as: UTF8.self) }
}
