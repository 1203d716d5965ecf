import Testing
import Text
import Wire

@testable import AWSBackend

/// AWS's partitions, read from their file.
struct PartitionTable {
  private let entries: [(pattern: Regex<AnyRegexOutput>, regions: Set<String>, outputs: JSONValue)]
  let regions: [String]

  init(_ file: JSONValue) throws {
    entries = try #require(file["partitions"]?.array).map { entry in
      (
        try Regex(try #require(entry.ascii("regionRegex"))),
        Set(entry["regions"]?.object?.compactMap(\.name.asciiText) ?? []),
        try #require(entry["outputs"])
      )
    }
    regions = entries.flatMap(\.regions).sorted()
  }

  func outputs(of region: String) throws -> JSONValue {
    let entry =
      entries.first { $0.regions.contains(region) }
      ?? entries.first { region.wholeMatch(of: $0.pattern) != nil }
      ?? entries.first { $0.outputs.ascii("name") == "aws" }
    return try #require(entry).outputs
  }
}

/// Evaluates one of AWS's rule sets, independently of our own rules.
struct RuleSet {
  private let rules: [JSONValue]
  private let partitions: PartitionTable

  init(_ file: JSONValue, _ partitions: PartitionTable) {
    rules = file["rules"]?.array ?? []
    self.partitions = partitions
  }

  func outcome(_ parameters: Parameters) throws -> Outcome {
    var values: [String: JSONValue] = [
      "UseFIPS": .bool(parameters.fips), "UseDualStack": .bool(parameters.dualStack),
      "UseGlobalEndpoint": .bool(parameters.globalSTS),
    ]
    values["Region"] = parameters.region.map { .text($0) }
    return try #require(try walk(rules, values, parameters.region))
  }

  private func walk(
    _ rules: [JSONValue], _ values: [String: JSONValue], _ region: String?
  ) throws -> Outcome? {
    for rule in rules {
      var values = values
      let holds = try (rule["conditions"]?.array ?? []).allSatisfy { try isTrue($0, &values) }
      guard holds else { continue }
      if let inner = rule["rules"]?.array { return try walk(inner, values, region) }
      if let error = rule.ascii("error") { return Outcome(error: error) }
      let endpoint = try #require(rule["endpoint"])
      let scheme = endpoint["properties"]?["authSchemes"]?.array?.first
      let signing = scheme?.ascii("signingRegion").map { filled($0, values) }
      return Outcome(
        url: filled(try #require(endpoint.ascii("url")), values),
        signingRegion: signing ?? region)
    }
    return nil
  }

  private func isTrue(
    _ condition: JSONValue, _ values: inout [String: JSONValue]
  ) throws -> Bool {
    let value = try call(condition, values)
    if let name = condition.ascii("assign") { values[name] = value }
    return value != nil && value != .bool(false)
  }

  private func call(_ function: JSONValue, _ values: [String: JSONValue]) throws -> JSONValue? {
    let arguments = try (function["argv"]?.array ?? []).map { try argument($0, values) }
    switch function.ascii("fn") {
    case "isSet": return .bool(arguments[0] != nil)
    case "not": return .bool(arguments[0] != .bool(true))
    case "booleanEquals", "stringEquals": return .bool(arguments[0] == arguments[1])
    case "getAttr": return arguments[0]?[arguments[1]?.string?.asciiText ?? ""]
    case "aws.partition":
      return try partitions.outputs(of: try #require(arguments[0]?.string?.asciiText))
    default:
      Issue.record("a function of the rules that is not known here")
      return nil
    }
  }

  private func argument(_ value: JSONValue, _ values: [String: JSONValue]) throws -> JSONValue? {
    guard value.object != nil else { return value }
    if let name = value.ascii("ref") { return values[name] }
    return try call(value, values)
  }

  /// `{Region}` and `{PartitionResult#dnsSuffix}` in a text.
  private func filled(_ text: String, _ values: [String: JSONValue]) -> String {
    var out = ""
    var rest = text[...]
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      out += rest[..<open]
      let parts = rest[rest.index(after: open)..<close].split(separator: "#").map { String($0) }
      let value = values[parts[0]]
      out += (parts.count == 1 ? value : value?[parts[1]])?.string?.asciiText ?? "?"
      rest = rest[rest.index(after: close)...]
    }
    return out + rest
  }
}
