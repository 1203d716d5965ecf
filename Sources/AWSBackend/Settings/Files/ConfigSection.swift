import Signing
import Text

/// A profile, an `sso-session` or a `services` section, with the keys of all its places merged.
public struct ConfigSection: Hashable, Sendable {
  /// As its file has it; to be sanitised.
  public let name: String
  var properties: [String: ConfigProperty] = [:]

  init(_ name: String) { self.name = name }

  /// The keys that were set, in lower case, sorted.
  public var keys: [String] { properties.keys.sorted() }

  /// A value that may be shown. Nil when the key is not set or blank, or its value is secret. A value
  /// of several lines has line feeds in it.
  public func text(_ key: String) -> Located<Untrusted>? {
    guard let property = properties[key], case .text(let value) = property.value, !value.isEmpty
    else { return nil }
    return Located(value, property.origin)
  }

  /// The value of a key whose values are secret; nil when it is not set or blank.
  public func secret(_ key: String) -> Located<Secret>? {
    guard let property = properties[key], case .secret(let value) = property.value, !value.isEmpty
    else { return nil }
    return Located(value, property.origin)
  }

  /// Whether the key has a value.
  public func has(_ key: String) -> Bool { text(key) != nil || secret(key) != nil }

  /// What is indented under a key without a value of its own: `organizations =` ⏎ `  endpoint_url = …`.
  public func text(_ key: String, _ subkey: String) -> Located<Untrusted>? {
    guard let property = properties[key],
      let found = property.subproperties.last(where: { $0.name == subkey }), !found.value.isEmpty
    else { return nil }
    return Located(found.value, found.origin)
  }

  /// The other section's keys win.
  mutating func merge(_ other: ConfigSection) {
    properties.merge(other.properties) { _, new in new }
  }
}

/// The value of one key.
struct ConfigProperty: Hashable, Sendable {
  enum Value: Hashable, Sendable {
    case text(Untrusted)
    case secret(Secret)
  }

  struct Subproperty: Hashable, Sendable {
    /// In lower case.
    let name: String
    let value: Untrusted
    let origin: Origin
  }

  var value: Value
  let origin: Origin
  var subproperties: [Subproperty] = []

  /// Keys whose values are never shown, compared in lower case.
  static let secretKeys: Set<String> = [
    "aws_secret_access_key", "aws_session_token", "aws_security_token",
  ]
}
