import Text

/// A request of the AWS Query protocol: the form's fields in their order.
public struct QueryRequest: Sendable {
  public static let contentType = "application/x-www-form-urlencoded; charset=utf-8"
  /// Values may be secret (a token, a code).
  private var fields: [(name: String, value: String)]

  /// For STS: `Action` and its `Version` come first.
  public init(sts action: String) {
    fields = [("Action", action), ("Version", "2011-06-15")]
  }

  /// Adds a field; nothing for nil.
  public mutating func add(_ name: String, _ value: String?) {
    if let value { fields.append((name, value)) }
  }

  /// The form as it is sent.
  public var body: [UInt8] {
    var body: [UInt8] = []
    for (name, value) in fields {
      if !body.isEmpty { body.append(UInt8(ascii: "&")) }
      body += PercentEncoding.encode(name.utf8)
      body.append(UInt8(ascii: "="))
      body += PercentEncoding.encode(value.utf8)
    }
    return body
  }
}

extension QueryRequest: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  public var description: String { "‹request›" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: [:]) }
}
