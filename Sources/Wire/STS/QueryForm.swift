import Text

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
