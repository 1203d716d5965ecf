import Text

/// An offer between AWS accounts that one side made and the other has yet to answer, as the service
/// tells it (AWS Organizations API reference, `Handshake`).
///
/// No member is promised by the service, and any may be malformed: what could not be read is nil
/// here and named in `damage`. There is no member for when it was answered or by whom.
public struct Handshake: Hashable, Sendable {
  public var id: HandshakeID?
  public var arn: HandshakeARN?
  public var parties: [Party]
  public var state: State?
  public var requested: Timestamp?
  public var expires: Timestamp?
  public var action: Action?
  public var resources: [Resource]
  /// Empty for a sound record.
  public var damage: [Damage]

  public init(
    id: HandshakeID?, arn: HandshakeARN?, parties: [Party], state: State?, requested: Timestamp?,
    expires: Timestamp?, action: Action?, resources: [Resource], damage: [Damage] = []
  ) {
    self.id = id
    self.arn = arn
    self.parties = parties
    self.state = state
    self.requested = requested
    self.expires = expires
    self.action = action
    self.resources = resources
    self.damage = damage
  }

  public var isPending: Bool { state?.isPending ?? false }
}

// Two replies to one handshake differ in the order of its parties, which means nothing.
extension Handshake {
  public static func == (left: Handshake, right: Handshake) -> Bool {
    left.id == right.id && left.state == right.state && left.arn == right.arn
      && left.requested == right.requested && left.expires == right.expires
      && left.action == right.action && left.parties.isSame(as: right.parties)
      && left.resources == right.resources && left.damage == right.damage
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(id)
    hasher.combine(state)
    hasher.combine(expires)
    hasher.combine(Set(parties))
    hasher.combine(resources)
  }
}

extension [Party] {
  /// Whether the same parties stand here, each as often, in any order.
  fileprivate func isSame(as others: [Party]) -> Bool {
    if self == others { return true }
    guard count == others.count else { return false }
    var left = others
    return allSatisfy { party in
      guard let index = left.firstIndex(of: party) else { return false }
      left.remove(at: index)
      return true
    }
  }
}

// What a handshake says, looked up by structure. Facts that AWS vouches for come from the ARN and
// the parties; the rest is the sender's text.

extension Handshake {
  /// The management account that sent it, from the ARN.
  public var senderAccount: AccountID? { arn?.account }

  /// The organization that sent it: from the ARN; else from the party, else from the resource.
  public var senderOrganization: OrganizationID? {
    if let arn { return arn.organization }
    if let party = parties.first(where: { $0.type == .organization }),
      let text = party.id.asciiText
    {
      return OrganizationID(withOrWithoutPrefix: text)
    }
    return resource(.organization)?.value?.asciiText.flatMap {
      OrganizationID(withOrWithoutPrefix: $0)
    }
  }

  /// The account that is asked: the ACCOUNT party, else the ACCOUNT resource (an invitation to an
  /// e-mail address may come to name one).
  public var recipientAccount: AccountID? {
    let party = parties.first { $0.type == .account }?.id
    return (party ?? resource(.account)?.value)?.asciiText.flatMap { AccountID($0) }
  }

  /// The address that is asked, when it was sent to an address.
  public var recipientEmail: Untrusted? {
    parties.first { $0.type == .email }?.id ?? resource(.email)?.value
  }

  /// The first resource of this type, top level first, then level by level.
  public func resource(_ type: ResourceType) -> Resource? { resource { $0 == type } }

  /// The first resource of such a type, in the same order.
  func resource(where isSought: (ResourceType) -> Bool) -> Resource? {
    var level = resources
    while !level.isEmpty {
      for index in level.indices where isSought(level[index].type) { return level[index] }
      var below: [Resource] = []
      for index in level.indices where !level[index].resources.isEmpty {
        // In most, one resource alone has some: nothing is copied.
        if below.isEmpty { below = level[index].resources } else { below += level[index].resources }
      }
      level = below
    }
    return nil
  }

  /// The handshake that this one belongs to, when it is one of many consents.
  public var parent: HandshakeID? {
    resource(.parentHandshake)?.value?.asciiText.flatMap {
      HandshakeID(withOrWithoutPrefix: $0)
    }
  }

  /// The name that the sender gives its organization's management account.
  public var senderName: Untrusted? {
    (resource(.masterName) ?? resource(.managementName))?.value
  }

  public var senderEmail: Untrusted? {
    (resource(.masterEmail) ?? resource(.managementEmail))?.value
  }

  public var notes: Untrusted? { resource(.notes)?.value }

  /// What the inviting organization has enabled; nil when it is not told.
  public var featureSet: FeatureSet? {
    resource(.organizationFeatureSet)?.value.map { FeatureSet(wireName: $0) }
  }
}

/// Where a handshake stands (AWS Organizations API reference, `HandshakeState`).
public enum State: Hashable, Sendable {
  case requested
  case open
  case canceled
  case accepted
  case declined
  case expired
  /// A state this program does not know, as it was written.
  case unknown(Untrusted)
}

extension State: WireName {
  public static let named: [(name: StaticString, value: State)] = [
    ("REQUESTED", .requested), ("OPEN", .open), ("CANCELED", .canceled), ("ACCEPTED", .accepted),
    ("DECLINED", .declined), ("EXPIRED", .expired),
  ]

  public var unknownText: Untrusted? {
    if case .unknown(let text) = self { text } else { nil }
  }

  /// REQUESTED and OPEN. Old and new documentation disagree on what sets them apart; for every
  /// action except the parent of "enable all features" they mean the same.
  public var isPending: Bool { self == .requested || self == .open }

  /// ACCEPTED, DECLINED, CANCELED and EXPIRED: the service drops such a handshake after 30 days.
  public var isTerminal: Bool {
    switch self {
    case .canceled, .accepted, .declined, .expired: true
    case .requested, .open, .unknown: false
    }
  }
}

/// What a handshake is for (AWS Organizations API reference, `ActionType`).
///
/// Not who may answer it: AWS's own pages contradict each other on which name goes to whom when all
/// features are enabled. `Handshake.shape` tells that.
public enum Action: Hashable, Sendable {
  case invite
  case enableAllFeatures
  case approveAllFeatures
  case addOrganizationsServiceLinkedRole
  case transferResponsibility
  case unknown(Untrusted)
}

extension Action: WireName {
  public static let named: [(name: StaticString, value: Action)] = [
    ("INVITE", .invite),
    ("ENABLE_ALL_FEATURES", .enableAllFeatures),
    ("APPROVE_ALL_FEATURES", .approveAllFeatures),
    ("ADD_ORGANIZATIONS_SERVICE_LINKED_ROLE", .addOrganizationsServiceLinkedRole),
    ("TRANSFER_RESPONSIBILITY", .transferResponsibility),
  ]

  public var unknownText: Untrusted? {
    if case .unknown(let text) = self { text } else { nil }
  }
}

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
