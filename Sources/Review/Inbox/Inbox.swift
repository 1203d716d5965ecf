import Model
import ReviewJournal
import Text

/// The handshakes of many accounts in one place: rows by key, sources by account and direction, and
/// ordered views of the rows.
///
/// It is a value that does no input or output. For each source: call `begin`, request the page that
/// is named, `apply` its reply, and request the next page until there is none; or call `fail`.
public struct Inbox: Hashable, Sendable {
  /// The lines of the list of profiles, in the order in which they were given.
  public internal(set) var roster: [ProfileKey] { didSet { revision.advance() } }
  /// The profiles whose account is unknown, by name.
  var unresolved: [Untrusted: UnresolvedProfile] = [:] { didSet { revision.advance() } }
  /// The sources that were added, with the state of their reading.
  public internal(set) var sources: [SourceKey: Source] = [:] { didSet { revision.advance() } }
  /// A counter that advances when roster, sources or identities change.
  ///
  /// Values computed from them stay valid while the revision is the same.
  public private(set) var revision = Revision()
  /// The errors with which accounts could not be identified.
  public internal(set) var unidentified: [AccountID: BackendError] = [:]
  /// The service's time in the last reply or error that had one.
  public internal(set) var clock: ServiceTime?
  /// The journal's notes, of all services.
  public internal(set) var journal = JournalNotes()
  /// The service that the journal was joined for; nil before that.
  public internal(set) var place: ServicePlace?
  /// Whether every source has ended once.
  ///
  /// From then on, rows that a refresh finds wait behind a note.
  public internal(set) var isSettled = false

  /// The origin of the rows that are read.
  public let origin: Row.Origin

  /// Whether the search texts are built as rows arrive, instead of when the first word is typed.
  ///
  /// With many rows the key that types the first word would have to wait for them.
  public var preparesTexts = false

  /// All rows, and what is known of the accounts.
  var store = RowStore()
  /// The views, one for each selection.
  var listings: [Listing]
  /// The keys of the sources, in the order in which they were added.
  var sourceOrder: [SourceKey] = []

  /// Creates an inbox without rows.
  ///
  /// `unresolved` holds the names of profiles whose account STS has not returned yet, each once.
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

/// A counter of changes.
///
/// It says nothing about the content, so all revisions are equal for `==` and two inboxes with the
/// same content are equal. Use `isSame(as:)` to compare the counters.
public struct Revision: Hashable, Sendable {
  private var count = 0

  /// Returns whether nothing changed between two revisions of one inbox.
  public func isSame(as other: Revision) -> Bool { count == other.count }

  /// Counts one change.
  mutating func advance() { count &+= 1 }

  /// Returns true, whatever the counters.
  public static func == (_: Revision, _: Revision) -> Bool { true }
  /// Hashes nothing, because all revisions are equal.
  public func hash(into _: inout Hasher) {}
}

// MARK: - Reading

extension Inbox {
  /// Returns the view of a selection, or an empty one if this inbox was made without it.
  public func listing(_ selection: RowSelection) -> Listing {
    listings.first { $0.selection == selection } ?? Listing(selection)
  }

  /// Returns the row at a position of a view; nil outside of it.
  public func row(_ position: Int, in selection: RowSelection) -> Row? {
    let listing = listing(selection)
    guard (0..<listing.count).contains(position) else { return nil }
    return store.rows[Int(listing.shown[position])]
  }

  /// Returns the row with this key.
  public func row(_ key: RowKey) -> Row? { store.slots[key].map { store.rows[$0] } }

  /// Returns the row with this id; nil for an id that several records share.
  public func row(_ id: HandshakeID) -> Row? { row(.handshake(id)) }

  /// Returns the rows of damaged records that share this id.
  public func rows(sharing id: HandshakeID) -> [Row] {
    store.rows.filter { $0.id == nil && $0.handshake.id == id }
  }

  /// Returns the position of a row in a view; nil when a filter hides it or it does not belong
  /// there.
  public func position(of key: RowKey, in selection: RowSelection) -> Int? {
    guard let slot = store.slots[key] else { return nil }
    return listing(selection).position(of: slot, in: store)
  }

  /// The trust list, with the names under which its organizations were seen.
  public var trustList: TrustList { store.trust }

  /// Returns the identity of an account; nil when it has not been read.
  ///
  /// For a document, an account without an identity is `untold`: nothing more will be read about
  /// it.
  public func identity(_ account: AccountID) -> Identity? {
    store.identities[account] ?? (origin == .document ? .untold(account) : nil)
  }

  /// Returns the profile of an account; nil unless the account is viewed.
  public func profile(_ account: AccountID) -> Profile? { store.profiles[account] }

  /// Returns the trust of a row's sender for the account that is asked.
  public func trust(of row: Row) -> Trust { store.trust(of: row) }

  /// Returns the number of pending invitations that ask this account to join an organization.
  public func openInvitations(for account: AccountID) -> Int { store.invitations[account] ?? 0 }

  /// The largest number of invitations to one account that were pending at the same time; it never
  /// shrinks.
  public var mostInvitations: Int { store.mostInvitations }

  /// Returns the number of pending handshakes that this account received or can finalise, of those
  /// read so far.
  public func openCount(for account: AccountID) -> Int { store.pending[account] ?? 0 }

  /// Returns the service's time at `uptime`; nil before the first reply.
  public func now(at uptime: Span) -> Timestamp? { clock?.now(at: uptime) }

  /// The sources in the order in which they were added.
  public var sourcesInOrder: [Source] { sourceOrder.compactMap { sources[$0] } }
}

extension Inbox {
  /// Advances the revision; call it after a change in the identities, which are kept with the rows.
  mutating func noteChange() { revision.advance() }
}

// MARK: - Who may

extension Inbox {
  /// Returns whether `answer` can be given to a row and by which account, or why not.
  ///
  /// It uses the handshake, the identities read so far, and the service's time `now`. It does not
  /// know permissions or policies.
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

  /// Returns the result for an account whose identity is unknown.
  ///
  /// Reasons that hold for every account are returned at once.
  private func standing(
    _ answer: Answer, of handshake: Handshake, ofUnidentified actor: AccountID, at now: Timestamp
  ) -> Standing {
    let viewer = Viewpoint(.untold(actor), received: true)
    return switch handshake.impediment(to: answer, for: viewer, at: now) {
    case .some(let impediment) where impediment.isAboutTheHandshake: .closed(impediment)
    case .some, .none: .unidentified(actor)
    }
  }

  /// Returns the result for a row of a document, which does not say which accounts are the
  /// operator's and what they are in.
  private func standingInDocument(_ answer: Answer, of row: Row, at now: Timestamp) -> Standing {
    let actor = row.actor(for: answer)
    // Any account serves for reasons that hold for every account.
    guard let anyone = actor ?? row.handshake.senderAccount else {
      return .closed(row.handshake.damage.isEmpty ? .unnamedRecipient : .damaged)
    }
    let standing = standing(answer, of: row.handshake, ofUnidentified: anyone, at: now)
    if case .unidentified = standing, actor == nil { return .closed(.unnamedRecipient) }
    return standing
  }

  /// Returns why the answer is unavailable when the account that would give it is not viewed.
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

extension Ineligibility {
  /// Whether the reason holds for every account.
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
  /// Sorts a view by a new order.
  ///
  /// Marks, plan and focus hold keys, so they do not change.
  public mutating func setOrder(_ order: RowOrder, in selection: RowSelection) {
    change(selection) { listing, store, now in listing.setOrder(order, in: store, now: now) }
  }

  /// Filters a view; without `now`, expiry terms use the service's time of the last reply.
  ///
  /// It is never inlined: `Tests/system/bench/budgets` counts between its calls and their returns.
  @inline(never)
  public mutating func setFilter(
    _ filter: RowFilter, in selection: RowSelection, at now: Timestamp?
  ) {
    if filter.needsTexts { store.completeSearch() }
    change(selection, at: now) { listing, store, now in
      listing.setFilter(filter, scope: listing.scope, in: store, now: now)
    }
  }

  /// Shows in every view only the rows that one account sees; nil shows all accounts.
  public mutating func setScope(_ scope: AccountID?, at now: Timestamp?) {
    for selection in listings.map(\.selection) {
      change(selection, at: now) { listing, store, now in
        listing.setFilter(listing.filter, scope: scope, in: store, now: now)
      }
    }
  }

  /// Returns the number of rows that a view would show with another filter or scope.
  ///
  /// Unless the filter narrows the current one, all rows of the view are tested. If the filter has
  /// words, the search texts have to be complete.
  public func count(
    in selection: RowSelection, filter: RowFilter, scope: AccountID?, at now: Timestamp?
  ) -> Int {
    var listing = listing(selection)
    listing.setFilter(filter, scope: scope, in: store, now: now ?? clock?.time)
    return listing.count
  }

  /// Places the rows that wait behind the note in all views, and removes those that no longer
  /// belong there.
  public mutating func admit() {
    for selection in listings.map(\.selection) {
      change(selection) { listing, store, now in listing.settle(in: store, now: now) }
    }
  }

  /// Whether what any view shows changes as time passes.
  public var isTimed: Bool { listings.contains { $0.filter.isTimed } }

  /// Filters views again, because time has passed or rows have changed in place.
  ///
  /// With `onlyTimed`, only the views whose filter has an expiry term.
  public mutating func refilter(at now: Timestamp?, onlyTimed: Bool) {
    for index in listings.indices where listings[index].filter.isTimed || !onlyTimed {
      listings[index].refilter(in: store, now: now ?? clock?.time)
    }
  }

  /// Replaces the trust list.
  ///
  /// Rows keep their positions.
  public mutating func setTrust(_ list: TrustList) { store.setTrust(list) }

  /// Returns the number of rows of a view that wait behind the note.
  public func waiting(in selection: RowSelection) -> Int { listing(selection).waiting }

  /// Changes a view in place; does nothing for a selection that this inbox was made without.
  private mutating func change(
    _ selection: RowSelection, at now: Timestamp? = nil,
    _ body: (inout Listing, RowStore, Timestamp?) -> Void
  ) {
    guard let index = listings.firstIndex(where: { $0.selection == selection }) else { return }
    body(&listings[index], store, now ?? clock?.time)
  }
}

extension Inbox {
  /// Returns the number of marked rows that a view does not show.
  public func hidden(of marked: Set<RowKey>, in selection: RowSelection) -> Int {
    marked.count - positions(of: marked, in: selection).count
  }

  /// Returns the keys at these positions, without those outside the view.
  public func keys(_ positions: Range<Int>, in selection: RowSelection) -> [RowKey] {
    let shown = listing(selection).shown
    return positions.clamped(to: shown.indices).map { store.rows[Int(shown[$0])].key }
  }

  /// Returns those of `keys` that a view shows, with their positions in ascending order.
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
  /// Returns the accounts that are not allowed to list what their organization sent, where no other
  /// account has read it.
  ///
  /// What such an organization sent is unknown, not empty. With `scope`, only this account and its
  /// own listing are considered; nil considers all accounts.
  public func unlistable(in scope: AccountID? = nil) -> [AccountID] {
    let sent = sourcesInOrder.filter { source in
      source.key.direction == .sent && (scope == nil || source.key.account == scope)
    }
    let read = Set(
      sent.filter(\.status.isComplete).compactMap { organization(of: $0.key.account) })
    return sent.filter { $0.status == .notOffered }.map(\.key.account).filter { account in
      organization(of: account).map { !read.contains($0) } ?? true
    }
  }

  /// Returns whether every page of a listing was read in its current pass.
  public func hasRead(_ key: SourceKey) -> Bool { sources[key]?.status.isComplete ?? false }

  /// Returns the organization that an account is in; nil when it is in none or unknown.
  private func organization(of account: AccountID) -> OrganizationID? {
    identity(account)?.organization?.id
  }
}

extension SourceStatus {
  /// Whether every page was read.
  fileprivate var isComplete: Bool {
    if case .complete = self { true } else { false }
  }
}

/// Whether an answer can be given to a row, and as which account.
public enum Standing: Hashable, Sendable {
  /// It can be given as this account.
  case open(as: AccountID)
  /// It cannot be given, for this reason.
  case closed(Ineligibility)
  /// The account that would give it has not been identified, so its organization is unknown.
  case unidentified(AccountID)
}
