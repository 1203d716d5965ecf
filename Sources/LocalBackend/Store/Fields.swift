import Model
import Text

/// The values of the domain in a row of the store.
///
/// A value that the schema forbids, as in a file that another program changed, throws `DamagedRow`.
extension ResultRow {
  func text(_ name: String) throws(DamagedRow) -> String { try known(optionalText(name), name) }

  func number(_ name: String) throws(DamagedRow) -> Int64 { try known(optionalNumber(name), name) }

  func flag(_ name: String) throws(DamagedRow) -> Bool { try number(name) != 0 }

  func time(_ name: String) throws(DamagedRow) -> Timestamp {
    Timestamp(milliseconds: try number(name))
  }

  func optionalTime(_ name: String) throws(DamagedRow) -> Timestamp? {
    try optionalNumber(name).map { Timestamp(milliseconds: $0) }
  }

  func bytes(_ name: String) throws(DamagedRow) -> Untrusted {
    Untrusted(bytes: try known(optionalBlob(name), name))
  }

  func optionalBytes(_ name: String) throws(DamagedRow) -> Untrusted? {
    try optionalBlob(name).map { Untrusted(bytes: $0) }
  }

  func account(_ name: String) throws(DamagedRow) -> AccountID {
    try known(AccountID(try text(name)), name)
  }

  func organization(_ name: String) throws(DamagedRow) -> OrganizationID {
    try known(OrganizationID(try text(name)), name)
  }

  func handshake(_ name: String) throws(DamagedRow) -> HandshakeID {
    try known(HandshakeID(try text(name)), name)
  }

  func optionalAccount(_ name: String) throws(DamagedRow) -> AccountID? {
    guard let text = try optionalText(name) else { return nil }
    return try known(AccountID(text), name)
  }

  func optionalOrganization(_ name: String) throws(DamagedRow) -> OrganizationID? {
    guard let text = try optionalText(name) else { return nil }
    return try known(OrganizationID(text), name)
  }

  func optionalHandshake(_ name: String) throws(DamagedRow) -> HandshakeID? {
    guard let text = try optionalText(name) else { return nil }
    return try known(HandshakeID(text), name)
  }

  func choice<Value: RawRepresentable>(_ name: String) throws(DamagedRow) -> Value
  where Value.RawValue == String { try known(Value(rawValue: try text(name)), name) }

  /// Returns a value stored under the service's name, which must be a known one.
  func named<Value: WireName>(_ name: String) throws(DamagedRow) -> Value {
    let value = Value(wireName: Untrusted(try text(name)))
    return try known(value.unknownText == nil ? value : nil, name)
  }

  private func known<Value>(_ value: Value?, _ name: String) throws(DamagedRow) -> Value {
    guard let value else { throw DamagedRow(column: name) }
    return value
  }
}
