import Model
import Text

extension HandshakeDecoder {
  /// Names the members that cannot both be true. Ids of organizations are compared with and without
  /// their prefix; only members that could be read are compared.
  mutating func noteContradictions() {
    if let arn = handshake.arn {
      if let id = handshake.id, id != arn.handshake { note(.contradiction, at: "Id") }
      let organization = arn.organization
      for (index, party) in handshake.parties.enumerated() where party.type == .organization {
        if let named = OrganizationID(anyForm: party.id), named != organization {
          note(.contradiction, at: "Parties[\(index)].Id")
        }
      }
    }
    for (index, party) in handshake.parties.enumerated() {
      guard let type = party.type.sameResource else { continue }
      let values = handshake.resources.filter { $0.type == type }.compactMap(\.value)
      guard !values.isEmpty, !values.contains(where: { party.names($0) }) else { continue }
      let place = "Parties[\(index)].Id"
      if !handshake.damage.contains(where: { $0.place == place && $0.fault == .contradiction }) {
        note(.contradiction, at: place)
      }
    }
  }
}

extension OrganizationID {
  fileprivate init?(anyForm text: Untrusted) {
    guard let ascii = text.asciiText else { return nil }
    self.init(withOrWithoutPrefix: ascii)
  }
}

extension PartyType {
  /// The type of the resource that repeats a party of this type.
  fileprivate var sameResource: ResourceType? {
    switch self {
    case .account: .account
    case .organization: .organization
    case .email: .email
    case .unknown: nil
    }
  }
}

extension Party {
  /// Whether a resource's value means this party.
  fileprivate func names(_ value: Untrusted) -> Bool {
    switch type {
    case .organization:
      guard let mine = OrganizationID(anyForm: id), let other = OrganizationID(anyForm: value)
      else { return true }
      return mine == other
    case .email:
      return id.bytes.count == value.bytes.count
        && zip(id.bytes, value.bytes).allSatisfy { Self.lowercase($0) == Self.lowercase($1) }
    case .account, .unknown:
      return id == value
    }
  }

  private static func lowercase(_ byte: UInt8) -> UInt8 {
    (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
  }
}
