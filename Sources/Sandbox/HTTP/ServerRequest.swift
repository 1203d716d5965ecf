import Text

/// One header field. The same name may come more than once.
struct HTTPField: Hashable, Sendable {
  /// In lower case.
  var name: String
  /// Without the space around it.
  var value: Untrusted
}

/// A whole request as it came off the socket.
struct ServerRequest: Hashable, Sendable {
  var method: String
  /// Path and query as they were sent: printable ASCII.
  var target: String
  var fields: [HTTPField]
  var body: [UInt8]

  /// The first value of a header field; `name` in lower case.
  func value(_ name: String) -> Untrusted? { fields.first { $0.name == name }?.value }

  /// The target up to its query.
  var path: String { String(target.prefix { $0 != "?" }) }

  /// What follows the target's question mark; nil without one.
  var query: String? {
    target.firstIndex(of: "?").map { String(target[target.index(after: $0)...]) }
  }
}
