import Model
import ReviewJournal
import Text

/// The trust in a sender, by its organization and management account.
public enum Trust: String, Hashable, CaseIterable, Sendable {
  /// This organization id with this management account is in the trust list (DOM-13.1).
  case ok
  /// The organization of the account that acts, with the same management account (DOM-13.2).
  case own
  /// Neither (DOM-13.3).
  case new
}

/// An organization that the operator has added to the trust list.
///
/// A sender is trusted only if both ids match.
public struct TrustedOrganization: Hashable, Sendable {
  /// The organization's id.
  public var organization: OrganizationID
  /// The management account that the organization has to have.
  public var managementAccount: AccountID
  /// The operator's own name for it; may be empty.
  public var name: Untrusted
  /// The time at which the entry was added.
  public var addedAt: Timestamp
  /// The operator who added the entry.
  public var addedBy: Untrusted

  /// Creates an entry of the trust list.
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

/// The organizations that the operator trusts, at most one entry for each id (DOM-13.1).
public struct TrustList: Hashable, Sendable {
  private var entries: [OrganizationID: TrustedOrganization]
  /// The operator's names for the organizations in the list.
  private(set) var givenNames = KnownNames()
  /// The names under which organizations in the list, and those that an account has joined, were
  /// seen.
  ///
  /// They are not part of the list: they are neither written nor compared.
  private(set) var seenNames = KnownNames()

  /// Creates a list; of two entries with the same id, the last one is kept.
  public init(_ entries: some Sequence<TrustedOrganization> = []) {
    self.entries = entries.reduce(into: [:]) { $0[$1.organization] = $1 }
    noteNames()
  }

  /// Rebuilds the operator's names from the entries.
  private mutating func noteNames() {
    givenNames = KnownNames()
    for entry in entries.values {
      givenNames.add(
        entry.name,
        of: KnownNames.Owner(organization: entry.organization, account: entry.managementAccount))
    }
  }

  /// Adds the name of a handshake's sender to the names seen, if the sender is in the list, or if
  /// its organization is one that an account has joined (`isJoined`).
  package mutating func noteName(in handshake: Handshake, isJoined: Bool) {
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

  /// Adds a name from the journal to the names seen, if the organization is in the list or was
  /// joined.
  mutating func noteName(_ noted: JournalName) {
    let owner = KnownNames.Owner(organization: noted.organization, account: noted.account)
    let isListed = contains(noted.organization, managedBy: noted.account)
    guard isListed || noted.isJoined else { return }
    guard isListed || seenNames.contains(owner) || seenNames.count < KnownNames.othersKept else {
      return
    }
    seenNames.add(noted.name, of: owner)
  }

  /// Returns whether two lists have the same entries; names that were seen are not compared.
  public static func == (left: TrustList, right: TrustList) -> Bool {
    left.entries == right.entries
  }

  /// Hashes the entries.
  public func hash(into hasher: inout Hasher) { hasher.combine(entries) }

  /// Whether the list has no entries.
  public var isEmpty: Bool { entries.isEmpty }

  /// The entries by organization id, the order in which the list is written.
  public var sorted: [TrustedOrganization] {
    entries.values.sorted { $0.organization < $1.organization }
  }

  /// The entry of an organization; nil when it is not in the list.
  public subscript(id: OrganizationID) -> TrustedOrganization? { entries[id] }

  /// Adds an entry and returns the one with the same id that it replaces.
  @discardableResult
  public mutating func add(_ entry: TrustedOrganization) -> TrustedOrganization? {
    defer { noteNames() }
    return entries.updateValue(entry, forKey: entry.organization)
  }

  /// Removes the entry of an organization and returns it; nil when there was none.
  @discardableResult
  public mutating func remove(_ id: OrganizationID) -> TrustedOrganization? {
    defer { noteNames() }
    return entries.removeValue(forKey: id)
  }

  /// Returns whether this organization is in the list with this management account.
  public func contains(_ id: OrganizationID, managedBy account: AccountID) -> Bool {
    entries[id]?.managementAccount == account
  }

  /// Returns the operator's name for an organization; nil unless the pair is in the list and has a
  /// name.
  ///
  /// The service gives no name for the organization that an account is in (DOM-13.8).
  public func name(of id: OrganizationID, managedBy account: AccountID) -> Untrusted? {
    guard let entry = entries[id], entry.managementAccount == account, !entry.name.isEmpty else {
      return nil
    }
    return entry.name
  }

  /// Returns the trust of a handshake's sender, judged by the ARN alone.
  ///
  /// It is `own` when one of `identities` is in the ARN's organization with the same management
  /// account, and `new` for a record that has no ARN or contradicts itself.
  public func trust(in handshake: Handshake, for identities: some Sequence<Identity>) -> Trust {
    guard let arn = handshake.arn, !handshake.isAmbiguous else { return .new }
    if contains(arn.organization, managedBy: arn.account) { return .ok }
    return identities.contains { $0.isIn(organizationOf: arn) } ? .own : .new
  }
}

extension Identity {
  /// Returns whether it is in the organization of an ARN, with the same management account.
  func isIn(organizationOf arn: HandshakeARN) -> Bool {
    organization?.id == arn.organization && organization?.managementAccount == arn.account
  }
}

/// The trust in the organization behind one handshake, on which a confirmation rests.
public struct SenderTrust: Hashable, Sendable {
  /// The trust in the sender.
  public var trust: Trust
  /// The management account that the trust list has for the organization, if another one asks.
  public var otherManager: AccountID?
  /// The known organization that the sender can be mistaken for; nil if the sender is trusted.
  public var lookAlike: LookAlike?

  /// Creates a trust.
  public init(_ trust: Trust, otherManager: AccountID? = nil, lookAlike: LookAlike? = nil) {
    self.trust = trust
    self.otherManager = otherManager
    self.lookAlike = lookAlike
  }

  /// A change of the trust list that removes what a confirmation rested on.
  public enum Loss: Hashable, Sendable {
    /// The organization was listed with the management account that asks, and is no longer.
    case withdrawn
    /// The organization is now listed with this management account instead of the one that asks.
    case otherManager(AccountID)
    /// Nothing was reviewed.
    case notReviewed
  }

  /// Returns what was lost between this trust and a later one; nil if nothing was.
  ///
  /// More trust than before is not a loss: the confirmation was made under stricter rules.
  package func loss(to later: SenderTrust) -> Loss? {
    if let other = later.otherManager, other != otherManager { return .otherManager(other) }
    switch (trust, later.trust) {
    case (.ok, .own), (.ok, .new), (.own, .new): return .withdrawn
    case (.ok, .ok), (.own, .ok), (.own, .own), (.new, _): return nil
    }
  }
}

extension SenderTrust {
  /// The mark with which the sender is shown.
  public var mark: TrustMark { TrustMark(trust, isLookAlike: lookAlike != nil) }
}

extension TrustList {
  /// Returns the trust in a handshake's sender for the account that would answer.
  public func senderTrust(in handshake: Handshake, for identity: Identity) -> SenderTrust {
    let listed = handshake.senderOrganization.flatMap { self[$0]?.managementAccount }
    let trust = trust(in: handshake, for: [identity])
    return SenderTrust(
      trust, otherManager: listed == handshake.senderAccount ? nil : listed,
      lookAlike: trust == .new ? lookAlike(of: handshake) : nil)
  }
}

/// The mark of a sender in lists, reviews and commands: its trust, or that it is a look-alike.
///
/// The raw value is the name in filters and commands.
public enum TrustMark: String, Hashable, CaseIterable, Sendable {
  /// Not trusted, and its name can be mistaken for that of a known organization.
  case like
  /// Not trusted.
  case new
  case own
  case ok

  /// Creates the mark of a sender; only one that is `new` can be a look-alike.
  public init(_ trust: Trust, isLookAlike: Bool) {
    switch trust {
    case .ok: self = .ok
    case .own: self = .own
    case .new: self = isLookAlike ? .like : .new
    }
  }

  /// Returns whether a filter for `wanted` shows this mark.
  ///
  /// A look-alike is not trusted, so a filter for `new` shows it too.
  public func passes(_ wanted: TrustMark) -> Bool {
    self == wanted || (self == .like && wanted == .new)
  }

  /// The position in an order that begins with the senders that need the closest look.
  var rank: UInt64 { UInt64(Self.allCases.firstIndex(of: self) ?? 0) }
}

extension Inbox {
  /// Returns the mark with which a row's sender is shown.
  public func trustMark(of row: Row) -> TrustMark { store.trustMark(of: row) }

  /// Returns the known organization that a row's sender can be mistaken for; nil for a sender that
  /// is trusted or in the account's own organization.
  public func lookAlike(of row: Row) -> LookAlike? {
    trust(of: row) == .new ? trustList.lookAlike(of: row.handshake) : nil
  }

  /// Returns the names under which an organization was seen in any row, trusted or not, in the
  /// order of the rows.
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

  /// Takes over the names in the journal: of senders whose handshakes were accepted at a service
  /// for which `counts` returns true, and those that organizations were given when they were
  /// trusted.
  public mutating func noteNames(
    in journal: JournalNotes, where counts: (ServicePlace) -> Bool
  ) {
    store.noteNames(journal.names(where: counts))
  }
}

extension RowStore {
  /// Returns the mark with which a row's sender is shown.
  func trustMark(of row: Row) -> TrustMark {
    let trust = trust(of: row)
    return TrustMark(
      trust, isLookAlike: trust == .new && self.trust.hasLookAlike(row.handshake))
  }
}
