import Text

/// One side of a handshake. Order among the parties means nothing: replies to one and the same
/// handshake differ in it.
public struct Party: Hashable, Sendable {
  /// An account id, an e-mail address, or an organization id **without** its `o-`.
  public var id: Untrusted
  public var type: PartyType

  public init(id: Untrusted, type: PartyType) {
    self.id = id
    self.type = type
  }
}

/// AWS Organizations API reference, `HandshakePartyType`.
public enum PartyType: Hashable, Sendable {
  case account
  case organization
  case email
  case unknown(Untrusted)
}

extension PartyType: WireName {
  public static let named: [(name: StaticString, value: PartyType)] = [
    ("ACCOUNT", .account), ("ORGANIZATION", .organization), ("EMAIL", .email),
  ]

  public var unknownText: Untrusted? {
    if case .unknown(let text) = self { text } else { nil }
  }
}
