import Model
import Text

extension HandshakeDecoder {
  /// Names the members that cannot both be true. Ids of organizations are compared with and without
  /// their prefix; only members that could be read are compared.
  mutating func noteContradictions() {
    if let arn = handshake.arn, let id = handshake.id, !arn.names(id) {
      note(.contradiction, at: "Id")
    }
    for index in handshake.parties.indices where handshake.contradictsParty(index) {
      note(.contradiction, at: "Parties[\(index)].Id")
    }
  }
}

extension Handshake {
  /// Whether a party is not the one that the ARN or the resources name.
  fileprivate func contradictsParty(_ index: Int) -> Bool {
    let party = parties[index]
    guard let type = party.type.sameResource else { return false }
    if type == .organization, let arn, OrganizationID.isWritten(in: party.id),
      !arn.organization.isMeant(by: party.id)
    {
      return true
    }
    var isNamed = true
    for resource in resources where resource.type == type {
      guard let value = resource.value else { continue }
      if party.isNamed(by: value) { return false }
      isNamed = false
    }
    return !isNamed
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
  /// Whether a resource's value means this party, or is no such name at all.
  fileprivate func isNamed(by value: Untrusted) -> Bool {
    switch type {
    case .organization:
      return !OrganizationID.differ(id, value)
    case .email:
      // Case means nothing to the service's directory of addresses.
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
