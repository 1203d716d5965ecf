import Text

/// An offer between AWS accounts that one side made and the other has to answer (AWS Organizations
/// API reference, `Handshake`).
///
/// The service promises no member, and any may be malformed: a member that could not be read is nil
/// here and is named in `damage`. There is no member for the time of the answer or for who gave it.
public struct Handshake: Hashable, Sendable {
  /// The handshake's id; its ARN ends with it.
  public var id: HandshakeID?
  /// The handshake's ARN, which names the sender.
  public var arn: HandshakeARN?
  /// The two sides, or the organization alone in a finalisation; their order means nothing.
  public var parties: [Party]
  /// The state as the service wrote it; an overdue handshake may still be pending here.
  public var state: HandshakeState?
  /// The time at which the handshake was sent.
  public var requested: Timestamp?
  /// The time from which the handshake can no longer be answered.
  public var expires: Timestamp?
  /// The purpose that AWS names; `shape` is the kind.
  public var action: Action?
  /// The top level of the tree of facts that the handshake carries.
  public var resources: [Resource]
  /// The record's defects; empty for a sound record.
  public var damage: [Damage]

  /// Creates a handshake from the members of a record.
  public init(
    id: HandshakeID?, arn: HandshakeARN?, parties: [Party], state: HandshakeState?,
    requested: Timestamp?,
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

  /// Whether the state is REQUESTED or OPEN; false if it could not be read.
  public var isPending: Bool { state?.isPending ?? false }
}

// Two replies about one handshake may differ in the order of its parties, which means nothing.
extension Handshake {
  /// Returns whether two handshakes are the same in every member, whatever the order of the
  /// parties.
  public static func == (left: Handshake, right: Handshake) -> Bool {
    left.id == right.id && left.state == right.state && left.arn == right.arn
      && left.requested == right.requested && left.expires == right.expires
      && left.action == right.action && left.parties.isSame(as: right.parties)
      && left.resources == right.resources && left.damage == right.damage
  }

  /// Hashes id, state, expiry, parties and resources, whatever the order of the parties.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(id)
    hasher.combine(state)
    hasher.combine(expires)
    hasher.combine(Set(parties))
    hasher.combine(resources)
  }
}

extension [Party] {
  /// Returns whether both lists have the same parties, each as often, in any order.
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

// Facts of a handshake, looked up by structure. The facts that AWS vouches for come from the ARN
// and the parties; the rest is the sender's text.

extension Handshake {
  /// The management account that sent the handshake, from the ARN.
  public var senderAccount: AccountID? { arn?.account }

  /// The organization that sent the handshake: from the ARN, else from the party, else from the
  /// resource.
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

  /// The account that is asked, from the ACCOUNT party, else from the ACCOUNT resource.
  ///
  /// An invitation to an e-mail address may name an account later.
  public var recipientAccount: AccountID? {
    let party = parties.first { $0.type == .account }?.id
    return (party ?? resource(.account)?.value)?.asciiText.flatMap { AccountID($0) }
  }

  /// The address that is asked, if the handshake was sent to an address.
  public var recipientEmail: Untrusted? {
    parties.first { $0.type == .email }?.id ?? resource(.email)?.value
  }

  /// Returns the first resource of this type, searching the top level first, then level by level.
  public func resource(_ type: ResourceType) -> Resource? { resource { $0 == type } }

  /// Returns the first resource whose type satisfies `isSought`, in the same order.
  func resource(where isSought: (ResourceType) -> Bool) -> Resource? {
    var level = resources
    while !level.isEmpty {
      for index in level.indices where isSought(level[index].type) { return level[index] }
      var below: [Resource] = []
      for index in level.indices where !level[index].resources.isEmpty {
        // Usually one resource alone has resources below it; then nothing is copied.
        if below.isEmpty { below = level[index].resources } else { below += level[index].resources }
      }
      level = below
    }
    return nil
  }

  /// The parent handshake, if this is one of its consents.
  public var parent: HandshakeID? {
    resource(.parentHandshake)?.value?.asciiText.flatMap {
      HandshakeID(withOrWithoutPrefix: $0)
    }
  }

  /// The sender's name for its organization's management account (sender's text).
  public var senderName: Untrusted? {
    (resource(.masterName) ?? resource(.managementName))?.value
  }

  /// The address of the sender's management account (sender's text).
  public var senderEmail: Untrusted? {
    (resource(.masterEmail) ?? resource(.managementEmail))?.value
  }

  /// The message that came with the handshake (sender's text).
  public var notes: Untrusted? { resource(.notes)?.value }

  /// The feature set of the inviting organization; nil if the handshake does not include it.
  public var featureSet: FeatureSet? {
    resource(.organizationFeatureSet)?.value.map { FeatureSet(wireName: $0) }
  }
}

/// The state of a handshake (AWS Organizations API reference, `HandshakeState`).
public enum HandshakeState: Hashable, Sendable {
  case requested
  case open
  case canceled
  case accepted
  case declined
  case expired
  /// A state this program does not know, as it was written.
  case unknown(Untrusted)
}

extension HandshakeState: WireName {
  /// The names in AWS's `HandshakeState`, each with its case.
  public static let named: [(name: StaticString, value: HandshakeState)] = [
    ("REQUESTED", .requested), ("OPEN", .open), ("CANCELED", .canceled), ("ACCEPTED", .accepted),
    ("DECLINED", .declined), ("EXPIRED", .expired),
  ]

  /// The name as the service wrote it, if it has no case here.
  public var unknownText: Untrusted? {
    if case .unknown(let text) = self { text } else { nil }
  }

  /// Whether the state is REQUESTED or OPEN.
  ///
  /// Old and new documentation disagree on what distinguishes the two; for every action except the
  /// parent of "enable all features" they mean the same.
  public var isPending: Bool { self == .requested || self == .open }

  /// Whether the state is ACCEPTED, DECLINED, CANCELED or EXPIRED.
  ///
  /// The service drops such a handshake after 30 days.
  public var isTerminal: Bool {
    switch self {
    case .canceled, .accepted, .declined, .expired: true
    case .requested, .open, .unknown: false
    }
  }
}

/// The purpose of a handshake (AWS Organizations API reference, `ActionType`).
///
/// It does not decide who may answer: AWS's own pages contradict each other on which name is sent
/// to whom when all features are enabled. `Handshake.shape` decides that.
public enum Action: Hashable, Sendable {
  case invite
  case enableAllFeatures
  case approveAllFeatures
  case addOrganizationsServiceLinkedRole
  case transferResponsibility
  case unknown(Untrusted)
}

extension Action: WireName {
  /// The names in AWS's `ActionType`, each with its case.
  public static let named: [(name: StaticString, value: Action)] = [
    ("INVITE", .invite),
    ("ENABLE_ALL_FEATURES", .enableAllFeatures),
    ("APPROVE_ALL_FEATURES", .approveAllFeatures),
    ("ADD_ORGANIZATIONS_SERVICE_LINKED_ROLE", .addOrganizationsServiceLinkedRole),
    ("TRANSFER_RESPONSIBILITY", .transferResponsibility),
  ]

  /// The name as the service wrote it, if it has no case here.
  public var unknownText: Untrusted? {
    if case .unknown(let text) = self { text } else { nil }
  }
}

/// One side of a handshake.
///
/// The order of the parties means nothing: replies about one handshake differ in it.
public struct Party: Hashable, Sendable {
  /// An account id, an e-mail address, or an organization id **without** its `o-`.
  public var id: Untrusted
  /// The meaning of `id`.
  public var type: PartyType

  /// Creates a party; `id` has no `o-` for an organization.
  public init(id: Untrusted, type: PartyType) {
    self.id = id
    self.type = type
  }
}

/// The type of a party (AWS Organizations API reference, `HandshakePartyType`).
public enum PartyType: Hashable, Sendable {
  case account
  case organization
  case email
  case unknown(Untrusted)
}

extension PartyType: WireName {
  /// The names in AWS's `HandshakePartyType`, each with its case.
  public static let named: [(name: StaticString, value: PartyType)] = [
    ("ACCOUNT", .account), ("ORGANIZATION", .organization), ("EMAIL", .email),
  ]

  /// The name as the service wrote it, if it has no case here.
  public var unknownText: Untrusted? {
    if case .unknown(let text) = self { text } else { nil }
  }
}
