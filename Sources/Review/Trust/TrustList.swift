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

/// The organizations that the operator knows, at most one entry an id (DOM-13.1).
public struct TrustList: Hashable, Sendable {
  private var entries: [OrganizationID: TrustedOrganization]
  /// The names in the list.
  private(set) var givenNames = KnownNames()
  /// The names under which organizations of the list, and such as an account has joined, were seen.
  /// No part of the list: it is neither written nor compared.
  private(set) var seenNames = KnownNames()

  /// The last one wins where two have the same id.
  public init(_ entries: some Sequence<TrustedOrganization> = []) {
    self.entries = entries.reduce(into: [:]) { $0[$1.organization] = $1 }
    noteNames()
  }

  private mutating func noteNames() {
    givenNames = KnownNames()
    for entry in entries.values {
      givenNames.add(
        entry.name,
        of: KnownNames.Owner(organization: entry.organization, account: entry.managementAccount))
    }
  }

  /// Notes the name under which a handshake's sender is seen, if it is one of the list, or one whose
  /// handshake was accepted here (`isJoined`).
  mutating func noteName(in handshake: Handshake, isJoined: Bool) {
    guard isJoined || !entries.isEmpty, let arn = handshake.arn,
      isJoined || contains(arn.organization, managedBy: arn.account),
      let owner = KnownNames.Owner(of: handshake), let name = handshake.senderName
    else { return }
    let isListed = contains(arn.organization, managedBy: arn.account)
    guard isListed || seenNames.contains(owner) || seenNames.count < KnownNames.othersKept else {
      return
    }
    seenNames.add(name, of: owner)
  }

  /// Notes a name that the journal keeps.
  mutating func noteName(_ noted: JournalName) {
    let owner = KnownNames.Owner(organization: noted.organization, account: noted.account)
    let isListed = contains(noted.organization, managedBy: noted.account)
    guard isListed || noted.isJoined else { return }
    guard isListed || seenNames.contains(owner) || seenNames.count < KnownNames.othersKept else {
      return
    }
    seenNames.add(noted.name, of: owner)
  }

  public static func == (left: TrustList, right: TrustList) -> Bool {
    left.entries == right.entries
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(entries) }

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

/// The standing of a sender as lists, reviews and commands show it: its trust, and whether its name can
/// be mistaken for that of a known organization.
public enum TrustMark: String, Hashable, CaseIterable, Sendable {
  /// It is not trusted, and its name looks like that of a known organization.
  case like
  /// It is not trusted.
  case new
  case own
  case ok

  /// A look-alike is never trusted, so that one that is trusted is none.
  public init(_ trust: Trust, isLookAlike: Bool) {
    switch trust {
    case .ok: self = .ok
    case .own: self = .own
    case .new: self = isLookAlike ? .like : .new
    }
  }

  /// The text of the TRUST column.
  public var text: String {
    switch self {
    case .like: "like!"
    case .new: "new?"
    case .own: "own"
    case .ok: "ok"
    }
  }

  /// Whether a filter for `wanted` lets it through. A look-alike is one of those that are not trusted.
  public func passes(_ wanted: TrustMark) -> Bool {
    self == wanted || (self == .like && wanted == .new)
  }

  /// The place in an order that shows first what needs the closest look.
  var rank: UInt64 { UInt64(Self.allCases.firstIndex(of: self) ?? 0) }
}

extension SenderTrust {
  /// How the sender is shown.
  public var mark: TrustMark { TrustMark(trust, isLookAlike: lookAlike != nil) }
}

extension Inbox {
  /// Returns how a row's sender is shown.
  public func trustMark(of row: Row) -> TrustMark { store.trustMark(of: row) }

  /// Returns the known organization that a row's sender can be mistaken for; nil for a sender that is
  /// trusted.
  public func lookAlike(of row: Row) -> LookAlike? {
    trust(of: row) == .new ? trustList.lookAlike(of: row.handshake) : nil
  }

  /// Returns the names under which an organization was seen in any row, trusted or not, in the order of
  /// the rows.
  public func names(
    of organization: OrganizationID, managedBy account: AccountID
  ) -> [Untrusted] {
    var names: [Untrusted] = []
    for row in store.rows {
      guard let arn = row.handshake.arn, arn.organization == organization, arn.account == account,
        let name = row.handshake.senderName, !names.contains(name)
      else { continue }
      names.append(name)
    }
    return names
  }

  /// Takes over the names that the journal keeps: those under which handshakes were accepted where
  /// `counts` says so, and those that trusted organizations were given.
  public mutating func noteNames(
    in journal: JournalNotes, where counts: (ServicePlace) -> Bool
  ) {
    store.noteNames(journal.names(where: counts))
  }
}

extension RowStore {
  /// Returns how a row's sender is shown.
  func trustMark(of row: Row) -> TrustMark {
    let trust = trust(of: row)
    return TrustMark(
      trust, isLookAlike: trust == .new && self.trust.hasLookAlike(row.handshake))
  }
}
