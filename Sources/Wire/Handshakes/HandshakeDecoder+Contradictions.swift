import Model
import Text

extension HandshakeDecoder {
  /// Names the members that cannot both be true. Ids of organizations are compared with and without
  /// their prefix; only members that could be read are compared.
  mutating func noteContradictions() {
    if let arn = handshake.arn, let id = handshake.id, !arn.names(id) {
      note(.contradiction, at: "Id")
    }
    if let arn = handshake.arn, let action = handshake.action, arn.contradicts(action) {
      note(.contradiction, at: "Action")
    } else if let action = handshake.action, handshake.contradictsShape(of: action) {
      note(.contradiction, at: "Action")
    }
    for index in handshake.parties.indices where handshake.contradictsParty(index) {
      note(.contradiction, at: "Parties[\(index)].Id")
    }
    if handshake.hasRivalResources { note(.contradiction, at: "Resources") }
  }
}

extension Handshake {
  /// Whether the record has the structure of another kind of handshake than its action names. AWS's
  /// pages give ENABLE_ALL_FEATURES and APPROVE_ALL_FEATURES to either side of that exchange.
  fileprivate func contradictsShape(of action: Action) -> Bool {
    switch (action, shape) {
    case (_, .unknown), (.unknown, _): false
    case (.invite, .invitation), (.transferResponsibility, .transfer): false
    case (.enableAllFeatures, .consent), (.enableAllFeatures, .finalisation),
      (.approveAllFeatures, .consent), (.approveAllFeatures, .finalisation):
      false
    case (.addOrganizationsServiceLinkedRole, .consent): false
    default: true
    }
  }

  /// Whether two resources of one known type have different values, so that the first one found
  /// would count. A bill's transfer may name the management account of either side.
  fileprivate var hasRivalResources: Bool {
    var values = [Untrusted?](repeating: nil, count: ResourceType.named.count)
    var level = resources
    while !level.isEmpty {
      var below: [Resource] = []
      for index in level.indices {
        if let value = level[index].value, let place = level[index].type.singlePlace {
          if let first = values[place], first != value { return true }
          values[place] = value
        }
        if !level[index].resources.isEmpty { below += level[index].resources }
      }
      level = below
    }
    return false
  }
}

extension ResourceType {
  /// A number of this type's own, for types of which a handshake has one.
  fileprivate var singlePlace: Int? {
    switch self {
    case .account: 0
    case .organization: 1
    case .organizationFeatureSet: 2
    case .email: 3
    case .masterEmail: 4
    case .masterName: 5
    case .notes: 6
    case .parentHandshake: 7
    case .responsibilityTransfer: 8
    case .transferStartTimestamp: 9
    case .transferType: 10
    case .managementAccount, .managementEmail, .managementName, .unknown: nil
    }
  }
}

extension Handshake {
  /// Whether a party is not the one that the ARN or the resources name.
  fileprivate func contradictsParty(_ index: Int) -> Bool {
    let party = parties[index]
    guard let type = party.type.sameResource else { return false }
    // Two of one kind: which one is meant cannot be told.
    if parties[..<index].contains(where: { $0.type == party.type }) { return true }
    // Nobody is asked by itself.
    if type == .account, let arn, AccountID(party.id) == arn.account { return true }
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
