import Model
import Text

/// The handshakes of many accounts in one place: rows by key, sources by account and direction, and
/// the ordered views of them.
///
/// A value: what was read goes in, nothing is asked for. For each source: `begin`, ask the service
/// for the page that is named, `apply` its reply, ask for the next one until there is none; or `fail`.
public struct Inbox: Hashable, Sendable {
  /// One line a profile, in the order they were given.
  public internal(set) var roster: [ProfileKey] { didSet { revision.advance() } }
  /// By their names.
  var unresolved: [Untrusted: UnresolvedProfile] = [:] { didSet { revision.advance() } }
  public internal(set) var sources: [SourceKey: Source] = [:] { didSet { revision.advance() } }
  /// Told apart by it: what is worked out of roster, sources and identities holds until it changes.
  public private(set) var revision = Revision()
  /// Why an account could not be identified.
  public internal(set) var unidentified: [AccountID: BackendError] = [:]
  /// The service's clock as it was last heard.
  public internal(set) var clock: ServiceTime?
  /// What our journal tells, and of which service.
  public internal(set) var journal = JournalNotes()
  public internal(set) var place: ServicePlace?
  /// Set once every source has come to an end for the first time: from then on, rows that a refresh
  /// finds wait behind a note.
  public internal(set) var isSettled = false

  /// Where the rows that are read come from.
  public let origin: Row.Origin

  /// Whether the texts that words are looked for in are made as rows arrive, rather than when the
  /// first word is typed: for many rows that key would wait.
  public var preparesTexts = false

  var store = RowStore()
  var listings: [Listing]
  /// The order in which sources were added.
  var sourceOrder: [SourceKey] = []

  /// - Parameter unresolved: Names of profiles whose account STS has yet to tell, each once.
  public init(
    profiles: [Profile], unresolved: [Untrusted] = [], trust: TrustList = TrustList(),
    views: [RowSelection] = RowSelection.screens, origin: Row.Origin = .service
  ) {
    self.origin = origin
    roster = profiles.map { .account($0.account) } + unresolved.map { .unresolved($0) }
    listings = views.map { Listing($0) }
    store.setTrust(trust)
    for profile in profiles { store.profiles[profile.account] = profile }
    for name in unresolved { self.unresolved[name] = UnresolvedProfile(name: name) }
  }
}

/// Counts changes. It says nothing about the content: two inboxes are alike whatever their revisions.
public struct Revision: Hashable, Sendable {
  private var count = 0

  public func isSame(as other: Revision) -> Bool { count == other.count }

  mutating func advance() { count &+= 1 }

  public static func == (_: Revision, _: Revision) -> Bool { true }
  public func hash(into _: inout Hasher) {}
}

// MARK: - Reading

extension Inbox {
  /// A view by its selection; an empty one if this inbox was made without it.
  public func listing(_ selection: RowSelection) -> Listing {
    listings.first { $0.selection == selection } ?? Listing(selection)
  }

  /// The row at a position of a view.
  public func row(_ position: Int, in selection: RowSelection) -> Row? {
    let listing = listing(selection)
    guard (0..<listing.count).contains(position) else { return nil }
    return store.rows[Int(listing.shown[position])]
  }

  public func row(_ key: RowKey) -> Row? { store.slots[key].map { store.rows[$0] } }

  public func row(_ id: HandshakeID) -> Row? { row(.handshake(id)) }

  /// Records that one id does not tell apart.
  public func rows(sharing id: HandshakeID) -> [Row] {
    store.rows.filter { $0.id == nil && $0.handshake.id == id }
  }

  /// Where a row is shown in a view; nil when a filter hides it or it does not belong there.
  public func position(of key: RowKey, in selection: RowSelection) -> Int? {
    guard let slot = store.slots[key] else { return nil }
    return listing(selection).position(of: slot, in: store)
  }

  public var trustList: TrustList { store.trust }

  /// Of an account that only a document names nothing is known, and nothing will be.
  public func identity(_ account: AccountID) -> Identity? {
    store.identities[account] ?? (origin == .document ? .untold(account) : nil)
  }

  public func profile(_ account: AccountID) -> Profile? { store.profiles[account] }

  public func trust(of row: Row) -> Trust { store.trust(of: row) }

  /// How many pending invitations ask this account to join something.
  public func openInvitations(for account: AccountID) -> Int { store.invitations[account] ?? 0 }

  /// The most invitations that asked one account at a time; it never shrinks.
  public var mostInvitations: Int { store.mostInvitations }

  /// How many open handshakes this account has received or can finalise, as far as it was read.
  public func openCount(for account: AccountID) -> Int { store.pending[account] ?? 0 }

  /// The service's time now.
  public func now(at uptime: Span) -> Timestamp? { clock?.now(at: uptime) }

  /// In the order they were added.
  public var sourcesInOrder: [Source] { sourceOrder.compactMap { sources[$0] } }
}

extension Inbox {
  /// To be told of a change in the identities, which lie with the rows.
  mutating func noteChange() { revision.advance() }
}

// MARK: - Who may

extension Inbox {
  /// Whether `answer` can be given to a row, by whom, or why not; as far as the handshake, the
  /// identities and the time tell.
  public func standing(_ answer: Answer, of row: Row, at now: Timestamp) -> Standing {
    if row.isGone { return .closed(.notListed) }
    let handshake = row.handshake
    if row.origin == .document { return standingInDocument(answer, of: row, at: now) }
    guard let actor = row.actor(for: answer), let profile = profile(actor) else {
      return standingOfOthers(answer, of: row, at: now)
    }
    guard let identity = identity(profile.account), identity.membership != .untold else {
      return standing(answer, of: handshake, ofUnidentified: actor, at: now)
    }
    let viewer = Viewpoint(identity, received: row.isSeen(by: SourceKey(actor, .received)))
    if let impediment = handshake.impediment(to: answer, for: viewer, at: now) {
      return .closed(impediment)
    }
    return .open(as: actor)
  }

  /// What no identity can change is said at once.
  private func standing(
    _ answer: Answer, of handshake: Handshake, ofUnidentified actor: AccountID, at now: Timestamp
  ) -> Standing {
    let viewer = Viewpoint(.untold(actor), received: true)
    return switch handshake.impediment(to: answer, for: viewer, at: now) {
    case .some(let impediment) where impediment.isAboutTheHandshake: .closed(impediment)
    case .some, .none: .unidentified(actor)
    }
  }

  /// Nothing is known of the accounts that a document names, nor whether one of them is the operator's.
  private func standingInDocument(_ answer: Answer, of row: Row, at now: Timestamp) -> Standing {
    let actor = row.actor(for: answer)
    // Any account will do for what holds for whoever looks.
    guard let anyone = actor ?? row.handshake.senderAccount else {
      return .closed(row.handshake.damage.isEmpty ? .unnamedRecipient : .damaged)
    }
    let standing = standing(answer, of: row.handshake, ofUnidentified: anyone, at: now)
    if case .unidentified = standing, actor == nil { return .closed(.unnamedRecipient) }
    return standing
  }

  /// The part is nobody's whose eyes are used here.
  private func standingOfOthers(_ answer: Answer, of row: Row, at now: Timestamp) -> Standing {
    let viewers = row.sources.compactMap { source in
      identity(source.account).map { Viewpoint($0, received: source.direction == .received) }
    }
    if let viewer = viewers.first,
      let impediment = row.handshake.impediment(to: answer, for: viewer, at: now)
    {
      return .closed(impediment)
    }
    if row.handshake.damage.isEmpty == false { return .closed(.damaged) }
    return .closed(
      answer == .cancel
        ? .onlySender(row.handshake.senderAccount) : .onlyRecipient(row.askedAccount))
  }
}

extension Impediment {
  /// Whether it holds for whoever looks.
  fileprivate var isAboutTheHandshake: Bool {
    switch self {
    case .damaged, .notListed, .unknownKind, .settled, .expired, .waitingForMembers,
      .nothingToDecline:
      true
    case .onlySender, .onlyRecipient, .unnamedRecipient, .onlyManagement,
      .managementAccountCannotJoin, .alreadyMember,
      .onlyManagementTransfers:
      false
    }
  }
}
