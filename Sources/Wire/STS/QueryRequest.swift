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
      body += Self.encode(name)
      body.append(UInt8(ascii: "="))
      body += Self.encode(value)
    }
    return body
  }

  /// All bytes but letters, digits and `-._~` as `%XX`.
  private static func encode(_ text: String) -> [UInt8] {
    let digits = Array("0123456789ABCDEF".utf8)
    return text.utf8.flatMap { byte -> [UInt8] in
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: [byte]
      case _ where "-._~".utf8.contains(byte): [byte]
      default: [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 0xF)]]
      }
    }
  }
}

extension QueryRequest: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  public var description: String { "‹request›" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: [:]) }
}
