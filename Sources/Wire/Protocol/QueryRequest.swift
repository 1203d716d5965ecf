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

/// The parameters of a request of the Query protocol: `application/x-www-form-urlencoded`.
public struct QueryForm: Hashable, Sendable {
  private var parameters: [String: String] = [:]

  /// Reads a body or a query string; a name that comes twice keeps its last value. What is no UTF-8
  /// comes out with replacement characters, and matches nothing.
  public init(_ bytes: some Sequence<UInt8>) {
    for pair in Array(bytes).split(separator: UInt8(ascii: "&")) {
      let parts = pair.split(
        separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      let value = parts.count > 1 ? Self.decoded(parts[1]) : ""
      parameters[Self.decoded(parts[0])] = value
    }
  }

  /// Nil when it is not there; it may be empty.
  public subscript(_ name: String) -> String? { parameters[name] }

  private static func decoded(_ text: ArraySlice<UInt8>) -> String {
    String(decoding: PercentEncoding.decode(Array(text), plusIsSpace: true), as: UTF8.self)
  }
}

/// A reply of the AWS Query protocol, read.
public enum QueryReply: Hashable, Sendable {
  /// `<ActionResponse><ActionResult>`: the result, and the request's id.
  case result(XMLElement, requestID: Untrusted?)
  case error(code: Untrusted, message: Untrusted, requestID: Untrusted?)

  /// Reads what came back for `action`. Nil: it is not from the service (a proxy's page, a cut body,
  /// the answer to something else), or has one element twice, of which either might count.
  public init?(to action: String, status: Int, body: [UInt8]) {
    guard let root = try? XMLElement.read(body), !root.repeatsAnElement else { return nil }
    if (200..<300).contains(status) {
      guard root.name == Untrusted(action + "Response"), let result = root[action + "Result"]
      else { return nil }
      self = .result(result, requestID: root["ResponseMetadata"]?["RequestId"]?.text)
      return
    }
    // One error is wrapped once more by some servers (`<Response><Errors><Error>`).
    guard let error = root["Error"] ?? root["Errors"]?["Error"],
      let code = error["Code"]?.text, !code.isEmpty
    else { return nil }
    self = .error(
      code: code, message: error["Message"]?.text ?? Untrusted(""),
      requestID: (root["RequestId"] ?? root["RequestID"])?.text)
  }
}
