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

extension Inbox {
  /// Sorts a view anew. Marks, plan and focus are keyed, so nothing else changes.
  public mutating func setOrder(_ order: RowOrder, in selection: RowSelection) {
    change(selection) { listing, store, now in listing.setOrder(order, in: store, now: now) }
  }

  public mutating func setFilter(
    _ filter: RowFilter, in selection: RowSelection, at now: Timestamp?
  ) {
    if filter.needsTexts { store.completeSearch() }
    change(selection, at: now) { listing, store, now in
      listing.setFilter(filter, scope: listing.scope, in: store, now: now)
    }
  }

  /// Shows only what one account sees, in every view; all accounts with nil.
  public mutating func setScope(_ scope: AccountID?, at now: Timestamp?) {
    for selection in listings.map(\.selection) {
      change(selection, at: now) { listing, store, now in
        listing.setFilter(listing.filter, scope: scope, in: store, now: now)
      }
    }
  }

  /// How many rows a view would show with another filter or scope. Looks through all of them.
  public func count(
    in selection: RowSelection, filter: RowFilter, scope: AccountID?, at now: Timestamp?
  ) -> Int {
    var listing = listing(selection)
    listing.setFilter(filter, scope: scope, in: store, now: now ?? clock?.time)
    return listing.count
  }

  /// Lets in the rows that wait behind the note, and lets those go that belong elsewhere by now.
  public mutating func admit() {
    for selection in listings.map(\.selection) {
      change(selection) { listing, store, now in listing.settle(in: store, now: now) }
    }
  }

  /// Whether what a view shows changes with the time.
  public var isTimed: Bool { listings.contains { $0.filter.isTimed } }

  /// Looks through the filtered views anew: time has passed, or rows have changed in place.
  public mutating func refilter(at now: Timestamp?, onlyTimed: Bool) {
    for index in listings.indices where listings[index].filter.isTimed || !onlyTimed {
      listings[index].refilter(in: store, now: now ?? clock?.time)
    }
  }

  /// Takes over a changed trust list. Rows stay where they are.
  public mutating func setTrust(_ list: TrustList) { store.setTrust(list) }

  /// How many rows of a view wait behind the note.
  public func waiting(in selection: RowSelection) -> Int { listing(selection).waiting }

  private mutating func change(
    _ selection: RowSelection, at now: Timestamp? = nil,
    _ body: (inout Listing, RowStore, Timestamp?) -> Void
  ) {
    guard let index = listings.firstIndex(where: { $0.selection == selection }) else { return }
    body(&listings[index], store, now ?? clock?.time)
  }
}

extension Inbox {
  /// The rows that an act of staging is meant for, in the order shown: the marked ones that this view
  /// shows, else the focused one. What a filter hides is never among them.
  public func targets(
    marked: Set<RowKey>, focus: RowKey?, in selection: RowSelection
  ) -> [RowKey] {
    let shown = positions(of: marked, in: selection)
    if !shown.isEmpty { return shown.map(\.key) }
    guard let focus, position(of: focus, in: selection) != nil else { return [] }
    return [focus]
  }

  /// How many of the marked rows this view does not show.
  public func hidden(of marked: Set<RowKey>, in selection: RowSelection) -> Int {
    marked.count - positions(of: marked, in: selection).count
  }

  /// The keys at these positions, as far as there are such.
  public func keys(_ positions: Range<Int>, in selection: RowSelection) -> [RowKey] {
    let shown = listing(selection).shown
    return positions.clamped(to: shown.indices).map { store.rows[Int(shown[$0])].key }
  }

  private func positions(
    of keys: Set<RowKey>, in selection: RowSelection
  ) -> [(key: RowKey, position: Int)] {
    let listing = listing(selection)
    let found = keys.compactMap { key -> (key: RowKey, position: Int)? in
      guard let slot = store.slots[key], let position = listing.position(of: slot, in: store)
      else { return nil }
      return (key, position)
    }
    return found.sorted { $0.position < $1.position }
  }
}

extension Inbox {
  /// Members that the service does not show what their organization sent, and through no other account
  /// was it read: there it is unknown, not none.
  ///
  /// - Parameter scope: Looks through this account alone; all of them with nil.
  public func withheld(in scope: AccountID? = nil) -> [AccountID] {
    let sent = sourcesInOrder.filter { source in
      source.key.direction == .sent && (scope == nil || source.key.account == scope)
    }
    let read = Set(
      sent.filter(\.status.isComplete).compactMap { organization(of: $0.key.account) })
    return sent.filter { $0.status == .notOffered }.map(\.key.account).filter { account in
      organization(of: account).map { !read.contains($0) } ?? true
    }
  }

  /// Whether every page of a listing was read.
  public func hasRead(_ key: SourceKey) -> Bool { sources[key]?.status.isComplete ?? false }

  private func organization(of account: AccountID) -> OrganizationID? {
    identity(account)?.organization?.id
  }
}

extension SourceStatus {
  fileprivate var isComplete: Bool {
    if case .complete = self { true } else { false }
  }
}

/// Whether an answer can be given to a row, and as whom.
public enum Standing: Hashable, Sendable {
  case open(as: AccountID)
  case closed(Impediment)
  /// The account whose part it is has not been identified (yet): what it is in is unknown.
  case unidentified(AccountID)
}
