import Foundation
import GRDB
import Model
import Text

/// Typed access to a row's values.
///
/// A value of the wrong type, as in a file that another program changed, throws and never traps.
struct Fields {
  let row: Row

  init(_ row: Row) { self.row = row }

  func text(_ name: String) throws -> String { try row.decode(String.self, forColumn: name) }
  func number(_ name: String) throws -> Int64 { try row.decode(Int64.self, forColumn: name) }
  func flag(_ name: String) throws -> Bool { try number(name) != 0 }
  func time(_ name: String) throws -> Timestamp { Timestamp(milliseconds: try number(name)) }

  func optionalText(_ name: String) throws -> String? {
    try row.decode(String?.self, forColumn: name)
  }
  func optionalTime(_ name: String) throws -> Timestamp? {
    try row.decode(Int64?.self, forColumn: name).map { Timestamp(milliseconds: $0) }
  }
  func bytes(_ name: String) throws -> Untrusted {
    Untrusted(bytes: try row.decode(Data.self, forColumn: name))
  }
  func optionalBytes(_ name: String) throws -> Untrusted? {
    try row.decode(Data?.self, forColumn: name).map { Untrusted(bytes: $0) }
  }

  func account(_ name: String) throws -> AccountID {
    try known(AccountID(try text(name)), name)
  }
  func organization(_ name: String) throws -> OrganizationID {
    try known(OrganizationID(try text(name)), name)
  }
  func optionalOrganization(_ name: String) throws -> OrganizationID? {
    try optionalText(name).map { try known(OrganizationID($0), name) }
  }
  func optionalAccount(_ name: String) throws -> AccountID? {
    try optionalText(name).map { try known(AccountID($0), name) }
  }
  func handshake(_ name: String) throws -> HandshakeID {
    try known(HandshakeID(try text(name)), name)
  }
  func optionalHandshake(_ name: String) throws -> HandshakeID? {
    try optionalText(name).map { try known(HandshakeID($0), name) }
  }

  func choice<Value: RawRepresentable>(_ name: String) throws -> Value
  where Value.RawValue == String { try known(Value(rawValue: try text(name)), name) }

  /// Returns a value stored under the service's name, which must be a known one.
  func named<Value: WireName>(_ name: String) throws -> Value {
    let value = Value(wireName: Untrusted(try text(name)))
    return try known(value.unknownText == nil ? value : nil, name)
  }

  private func known<Value>(_ value: Value?, _ name: String) throws -> Value {
    guard let value else { throw DamagedRow(column: name) }
    return value
  }
}

/// The error of a row with a value that the schema forbids.
struct DamagedRow: Error, CustomStringConvertible {
  var column: String
  var description: String { "a row has an impossible value in \(column)" }
}

extension Untrusted {
  /// The bytes as the store keeps them.
  var data: Data { Data(bytes) }
}
