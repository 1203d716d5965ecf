import Text

/// A request of the AWS Query protocol: the fields of its form in order.
public struct QueryRequest: Sendable {
  /// The value of the header Content-Type.
  public static let contentType = "application/x-www-form-urlencoded; charset=utf-8"
  /// The names and values of the fields; values may be secret (a token, a code).
  private var fields: [(name: String, value: String)]

  /// Begins a request to STS with `Action` and the `Version` of its API.
  public init(sts action: String) {
    fields = [("Action", action), ("Version", "2011-06-15")]
  }

  /// Appends a field; does nothing for nil.
  public mutating func add(_ name: String, _ value: String?) {
    if let value { fields.append((name, value)) }
  }

  /// The form as it is sent, percent-encoded.
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
  /// A placeholder, because values may be secret.
  public var description: String { "‹request›" }
  /// The same placeholder as `description`.
  public var debugDescription: String { description }
  /// A mirror without children, so that `dump` and failed tests show nothing.
  public var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// The parameters of a received request of the Query protocol
/// (`application/x-www-form-urlencoded`).
public struct QueryForm: Hashable, Sendable {
  private var parameters: [String: String] = [:]

  /// Parses a body or a query string.
  ///
  /// A name that occurs twice keeps its last value. Bytes that are not UTF-8 become replacement
  /// characters, which match nothing.
  public init(_ bytes: some Sequence<UInt8>) {
    for pair in Array(bytes).split(separator: UInt8(ascii: "&")) {
      let parts = pair.split(
        separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      let value = parts.count > 1 ? Self.decoded(parts[1]) : ""
      parameters[Self.decoded(parts[0])] = value
    }
  }

  /// Returns the value of a parameter, which may be empty; nil when the parameter is absent.
  public subscript(_ name: String) -> String? { parameters[name] }

  private static func decoded(_ text: ArraySlice<UInt8>) -> String {
    String(decoding: PercentEncoding.decode(Array(text), plusIsSpace: true), as: UTF8.self)
  }
}

/// A parsed reply of the AWS Query protocol.
public enum QueryReply: Hashable, Sendable {
  /// The element `ActionResult` within `ActionResponse`, and the request id.
  case result(XMLElement, requestID: Untrusted?)
  /// The code and message of an error, and the request id.
  case error(code: Untrusted, message: Untrusted, requestID: Untrusted?)

  /// Parses the reply to `action`.
  ///
  /// Returns nil when the reply is not from the service (a proxy's page, a cut body, the reply to
  /// another action), or contains an element twice, of which either might count.
  public init?(to action: String, status: Int, body: [UInt8]) {
    guard let root = try? XMLElement.read(body), !root.repeatsAnElement else { return nil }
    if (200..<300).contains(status) {
      guard root.name == Untrusted(action + "Response"), let result = root[action + "Result"]
      else { return nil }
      self = .result(result, requestID: root["ResponseMetadata"]?["RequestId"]?.text)
      return
    }
    // Some servers wrap a single error once more (`<Response><Errors><Error>`).
    guard let error = root["Error"] ?? root["Errors"]?["Error"],
      let code = error["Code"]?.text, !code.isEmpty
    else { return nil }
    self = .error(
      code: code, message: error["Message"]?.text ?? Untrusted(""),
      requestID: (root["RequestId"] ?? root["RequestID"])?.text)
  }
}
