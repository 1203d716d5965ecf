import Model
import Text

/// What the operator has said about an organization.
public enum Trust: String, Hashable, CaseIterable, Sendable {
  /// This organization id with this management account is in the trust list.
  case ok
  /// The account's own organization.
  case own
  /// Neither.
  case new
}

/// An organization that the operator has written down as known. Both ids must be as written.
public struct TrustedOrganization: Hashable, Sendable {
  public var organization: OrganizationID
  public var managementAccount: AccountID
  /// The operator's own name for it; may be empty.
  public var name: Untrusted
  public var addedAt: Timestamp
  public var addedBy: Untrusted

  public init(
    organization: OrganizationID, managementAccount: AccountID, name: Untrusted,
    addedAt: Timestamp, addedBy: Untrusted
  ) {
    self.organization = organization
    self.managementAccount = managementAccount
    self.name = name
    self.addedAt = addedAt
    self.addedBy = addedBy
  }
}

/// The organizations that the operator knows, at most one entry an id.
public struct TrustList: Hashable, Sendable {
  private var entries: [OrganizationID: TrustedOrganization]
  /// The names by what they look like.
  private(set) var names: [[UInt8]: Untrusted] = [:]

  /// The last one wins where two have the same id.
  public init(_ entries: some Sequence<TrustedOrganization> = []) {
    self.entries = entries.reduce(into: [:]) { $0[$1.organization] = $1 }
    noteNames()
  }

  private mutating func noteNames() {
    names = [:]
    for entry in sorted where !entry.name.isEmpty { names[Skeleton.of(entry.name)] = entry.name }
  }

  public var isEmpty: Bool { entries.isEmpty }

  /// By organization id: the order in which the list is written.
  public var sorted: [TrustedOrganization] {
    entries.values.sorted { $0.organization < $1.organization }
  }

  public subscript(id: OrganizationID) -> TrustedOrganization? { entries[id] }

  /// Adds an entry or replaces the one of this id, which is returned.
  @discardableResult
  public mutating func add(_ entry: TrustedOrganization) -> TrustedOrganization? {
    defer { noteNames() }
    return entries.updateValue(entry, forKey: entry.organization)
  }

  @discardableResult
  public mutating func remove(_ id: OrganizationID) -> TrustedOrganization? {
    defer { noteNames() }
    return entries.removeValue(forKey: id)
  }

  /// Whether this id is listed with this management account.
  public func contains(_ id: OrganizationID, managedBy account: AccountID) -> Bool {
    entries[id]?.managementAccount == account
  }

  /// The operator's name for an organization: nil unless the pair is listed and has a name. The
  /// service tells no name for the organization that an account is in.
  public func name(of id: OrganizationID, managedBy account: AccountID) -> Untrusted? {
    guard let entry = entries[id], entry.managementAccount == account, !entry.name.isEmpty else {
      return nil
    }
    return entry.name
  }

  /// How a handshake's sender stands, from the ARN alone: `own` when one of `identities` is in
  /// that very organization.
  public func trust(in handshake: Handshake, for identities: some Sequence<Identity>) -> Trust {
    guard let arn = handshake.arn, !handshake.isAmbiguous else { return .new }
    if contains(arn.organization, managedBy: arn.account) { return .ok }
    return identities.contains { $0.isIn(organizationOf: arn) } ? .own : .new
  }
}

extension Identity {
  /// Whether it is in the organization that an ARN names, with the same management account.
  func isIn(organizationOf arn: HandshakeARN) -> Bool {
    organization?.id == arn.organization && organization?.managementAccount == arn.account
  }
}
