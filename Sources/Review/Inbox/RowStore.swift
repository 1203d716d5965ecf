import Model
import ReviewJournal
import Text

/// All rows that were ever read, in order of arrival, and what is known of the accounts viewed.
///
/// A row keeps its slot, the index into `rows`.
struct RowStore: Hashable, Sendable {
  private(set) var rows: [Row] = []
  /// The slot of each key.
  private(set) var slots: [RowKey: Int] = [:]
  /// The number of pending invitations to each account.
  private(set) var invitations: [AccountID: Int] = [:]
  /// The largest number of invitations to one account that were pending at the same time.
  private(set) var mostInvitations = 0
  /// The number of inbox rows for each account that received them or can finalise them.
  private(set) var pending: [AccountID: Int] = [:]
  /// The texts in which filter words are searched.
  private(set) var search = SearchText()
  /// The accounts viewed, with their names.
  var profiles: [AccountID: Profile] = [:]
  /// The identities that were read, by account.
  var identities: [AccountID: Identity] = [:]
  /// The trust list, with the names under which its organizations were seen.
  private(set) var trust = TrustList()
  /// The names of organizations that the journal keeps.
  private var journalNames: [JournalName] = []

  /// Replaces the trust list and adds the names under which its organizations were seen in these
  /// rows and in the journal.
  mutating func setTrust(_ list: TrustList) {
    trust = list
    for row in rows { noteName(in: row) }
    for name in journalNames { trust.noteName(name) }
  }

  /// Replaces the names that come from the journal and adds them to the trust list's known names.
  mutating func noteNames(_ names: [JournalName]) {
    journalNames = names
    for name in names { trust.noteName(name) }
  }

  /// Adds the sender's name to the known names, if the sender is trusted, has been joined, or is
  /// the account's own organization.
  ///
  /// An account's own organization counts like one that it has joined.
  private mutating func noteName(in row: Row) {
    let isAccepted = row.handshake.state == .accepted && row.isReceived
    trust.noteName(in: row.handshake, isJoined: isAccepted || trust(of: row) == .own)
  }

  /// Appends a row whose key is new and returns its slot.
  mutating func append(_ row: Row) -> Int {
    rows.append(row)
    noteName(in: row)
    slots[row.key] = rows.count - 1
    if let account = row.invitedAccount { addInvitation(of: account) }
    countPending(row, by: 1)
    return rows.count - 1
  }

  /// Adds `step` to the count of each account that has the row in its inbox, once for each account.
  private mutating func countPending(_ row: Row, by step: Int) {
    guard RowSelection.inbox.contains(row) else { return }
    for (index, source) in row.sources.enumerated() where row.belongs(to: .received, by: source) {
      let isCounted = row.sources[..<index].contains {
        $0.account == source.account && row.belongs(to: .received, by: $0)
      }
      if !isCounted { pending[source.account, default: 0] += step }
    }
  }

  /// Changes a row in place and updates the counts, the known names and the search text.
  mutating func update(_ slot: Int, _ change: (inout Row) -> Void) {
    let before = rows[slot].invitedAccount
    countPending(rows[slot], by: -1)
    change(&rows[slot])
    countPending(rows[slot], by: 1)
    let after = rows[slot].invitedAccount
    if before != after {
      if let before { invitations[before, default: 1] -= 1 }
      if let after { addInvitation(of: after) }
    }
    noteName(in: rows[slot])
    search.forget(slot)
  }

  /// Adds one invitation of `account` to the counts.
  private mutating func addInvitation(of account: AccountID) {
    invitations[account, default: 0] += 1
    mostInvitations = max(mostInvitations, invitations[account] ?? 0)
  }

  /// Adds a name to the profile of an account, and to the search texts of the rows that ask it.
  mutating func nameProfile(_ account: AccountID, _ name: Untrusted) {
    if profiles[account]?.add(name) == nil {
      profiles[account] = Profile(account: account, name: name)
    }
    for slot in rows.indices where rows[slot].askedAccount == account { search.forget(slot) }
  }

  /// Records that a row was read again with unchanged content.
  mutating func touch(_ slot: Int, read: Timestamp, heard: Span) {
    rows[slot].touch(read: read, heard: heard)
  }

  /// Builds the search texts of new and changed rows.
  mutating func completeSearch() {
    let (rows, profiles) = (rows, profiles)
    search.complete(rows.count) { slot, bytes in
      Self.write(rows[slot], profiles, to: &bytes)
    }
  }

  private static let stateNames = names(HandshakeState.self)
  private static let actionNames = names(Action.self)

  /// Returns the wire name of each known value.
  private static func names<Value: WireName>(_: Value.Type) -> [Value: [UInt8]] {
    Dictionary(uniqueKeysWithValues: Value.allKnown.map { ($0, $0.wireName.bytes) })
  }

  /// Appends the searchable text of a row: ids, parties, the sender's texts, and the names of
  /// state, action and profile.
  ///
  /// The parts are separated by line feeds, which no filter word contains.
  private static func write(
    _ row: Row, _ profiles: [AccountID: Profile], to bytes: inout [UInt8]
  ) {
    func add(_ text: some Sequence<UInt8>) {
      bytes.append(contentsOf: text)
      bytes.append(0x0A)
    }
    let handshake = row.handshake
    if let id = handshake.id { add(id.text.utf8) }
    if let arn = handshake.arn {
      add(arn.organization.text.utf8)
      add(arn.account.text.utf8)
    }
    for party in handshake.parties { add(party.id.bytes) }
    var level = handshake.resources
    while !level.isEmpty {
      var below: [Resource] = []
      for index in level.indices {
        if let value = level[index].value { add(value.bytes) }
        if !level[index].resources.isEmpty { below += level[index].resources }
      }
      level = below
    }
    if let state = handshake.state { add(stateNames[state] ?? state.wireName.bytes) }
    if let action = handshake.action { add(actionNames[action] ?? action.wireName.bytes) }
    if let asked = row.askedAccount, let profile = profiles[asked] { add(profile.name.bytes) }
  }
}

extension RowStore {
  /// Returns the trust of the row's sender for the account that is asked.
  ///
  /// When that account is not one of the operator's, the row is `own` if the operator's own
  /// organization sent it. A record without a valid ARN, or one that contradicts itself, is `new`
  /// (DOM-13.3).
  func trust(of row: Row) -> Trust {
    guard let arn = row.handshake.arn, !row.handshake.isAmbiguous else { return .new }
    if trust.contains(arn.organization, managedBy: arn.account) { return .ok }
    if let asked = row.askedAccount, profiles[asked] != nil {
      return identities[asked]?.isIn(organizationOf: arn) ?? false ? .own : .new
    }
    let isOwn = row.sources.contains { source in
      source.direction == .sent
        && identities[source.account]?.isIn(organizationOf: arn) ?? false
    }
    return isOwn ? .own : .new
  }
}

extension RowStore {
  /// Returns one predicate over slots for each term of `filter`; a row passes if all of them hold.
  ///
  /// Work that does not depend on the row is done once, so make the predicates once for each pass
  /// over `candidates` rows. If the filter has words, call `completeSearch` first.
  func tests(of filter: RowFilter, now: Timestamp?, candidates: Int) -> [(Int) -> Bool] {
    filter.terms.map { term in
      switch term {
      case .word(let word): self.test(ofWord: word, candidates: candidates)
      case .organization(let text): { self.isOrganization(self.rows[$0], text) }
      case .account(let text): { self.isAccount(self.rows[$0], text) }
      case .profile(let text): { self.isSeen(self.rows[$0], byProfile: text) }
      case .state(let text): self.test(ofState: text)
      case .pending: { self.rows[$0].handshake.isPending }
      case .action(let text): self.test(ofAction: text)
      case .expires(let comparison, let span):
        self.test(ofExpiry: comparison, span, now: now)
      case .trust(let wanted): { self.trustMark(of: self.rows[$0]).passes(wanted) }
      }
    }
  }

  /// Returns the predicate of a word.
  ///
  /// With many candidates all texts are searched in one pass; with few, each text is searched
  /// alone.
  private func test(ofWord word: [UInt8], candidates: Int) -> (Int) -> Bool {
    guard candidates * 8 > rows.count else { return { self.search.contains(word, in: $0) } }
    let found = search.slots(holding: word)
    return { found[$0] }
  }

  /// Returns the predicate of a prefix of a state's name.
  private func test(ofState text: [UInt8]) -> (Int) -> Bool {
    let states = HandshakeState.allKnown.filter { state in
      state.wireName.bytes.asciiLowercased.starts(with: text)
    }
    return { slot in self.rows[slot].handshake.state.map(states.contains) ?? false }
  }

  /// Returns the predicate of a text that occurs in an action's name.
  private func test(ofAction text: [UInt8]) -> (Int) -> Bool {
    let actions = Action.allKnown.filter { $0.wireName.bytes.holds(lowered: text) }
    return { slot in
      guard let action = self.rows[slot].handshake.action else { return false }
      return action.unknownText?.bytes.holds(lowered: text) ?? actions.contains(action)
    }
  }

  /// Returns the predicate of an expiry term.
  ///
  /// A row without an expiry passes, and every row passes while the service's time is unknown.
  private func test(
    ofExpiry comparison: RowFilter.Comparison, _ span: Span, now: Timestamp?
  ) -> (Int) -> Bool {
    { slot in
      guard let expires = self.rows[slot].handshake.expires, let now else { return true }
      return comparison == .within ? expires - now <= span : expires - now > span
    }
  }

  /// Returns whether the sender's ids or names contain `text`; the cheapest comparisons come first.
  private func isOrganization(_ row: Row, _ text: [UInt8]) -> Bool {
    let handshake = row.handshake
    if let arn = handshake.arn {
      if arn.organization.text.utf8.holds(lowered: text) { return true }
      if arn.account.text.utf8.holds(lowered: text) { return true }
      let name = trust.name(of: arn.organization, managedBy: arn.account)
      if name?.bytes.holds(lowered: text) ?? false { return true }
    } else if handshake.senderOrganization?.text.utf8.holds(lowered: text) ?? false {
      return true
    }
    return handshake.senderName?.bytes.holds(lowered: text) ?? false
  }

  /// Returns whether the id, the profile's name or the address of the account that is asked
  /// contains `text`.
  private func isAccount(_ row: Row, _ text: [UInt8]) -> Bool {
    if let account = row.askedAccount {
      if account.text.utf8.holds(lowered: text) { return true }
      if profiles[account]?.name.bytes.holds(lowered: text) ?? false { return true }
    }
    return row.handshake.recipientEmail?.bytes.holds(lowered: text) ?? false
  }

  /// Returns whether an account with `text` in its id or names sees the row.
  private func isSeen(_ row: Row, byProfile text: [UInt8]) -> Bool {
    row.sources.contains { source in
      source.account.text.utf8.holds(lowered: text)
        || profiles[source.account]?.name.bytes.holds(lowered: text) ?? false
    }
  }
}

extension RowFilter {
  /// Whether a term is a word, which is searched in the texts of rows.
  var needsTexts: Bool {
    terms.contains { term in if case .word = term { true } else { false } }
  }

  /// Whether the result changes when an account gets a name: with a word, account or profile term.
  var needsProfiles: Bool {
    terms.contains { term in
      switch term {
      case .word, .account, .profile: true
      case .organization, .state, .pending, .action, .expires, .trust: false
      }
    }
  }

  /// Whether the result changes when more names become known: true with a trust term.
  var needsNames: Bool {
    terms.contains { term in if case .trust = term { true } else { false } }
  }

  /// Whether the result changes as time passes: true with an expiry term.
  var isTimed: Bool {
    terms.contains { term in if case .expires = term { true } else { false } }
  }

  /// Returns whether every row that passes this filter also passes `earlier`, so that only the rows
  /// of `earlier` have to be tested.
  ///
  /// An `earlier` filter with an expiry term is never narrowed, because its result depends on the
  /// time.
  func narrows(_ earlier: RowFilter) -> Bool {
    earlier.terms.allSatisfy { old in terms.contains { new in new.implies(old) } }
  }
}

extension RowFilter.Term {
  /// Returns whether a row that passes this term always passes `old`.
  fileprivate func implies(_ old: RowFilter.Term) -> Bool {
    switch (self, old) {
    case (.word(let new), .word(let old)), (.organization(let new), .organization(let old)),
      (.account(let new), .account(let old)), (.profile(let new), .profile(let old)),
      (.action(let new), .action(let old)):
      new.withUnsafeBufferPointer { occurs(old, in: $0) }
    case (.state(let new), .state(let old)): new.starts(with: old)
    case (.pending, .pending): true
    case (.trust(let new), .trust(let old)): new.passes(old)
    default: false
    }
  }
}
