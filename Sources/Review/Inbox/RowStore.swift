import Model
import Text

/// Every row that was ever read, in the order of arrival: a row keeps its slot. Also what is known
/// about the accounts that look.
struct RowStore: Hashable, Sendable {
  private(set) var rows: [Row] = []
  private(set) var slots: [RowKey: Int] = [:]
  /// Pending invitations by the account they ask.
  private(set) var invitations: [AccountID: Int] = [:]
  /// The most that ever asked one account at a time.
  private(set) var mostInvitations = 0
  /// Rows of the inbox by the account that sees them.
  private(set) var pending: [AccountID: Int] = [:]
  private(set) var search = SearchText()
  var profiles: [AccountID: Profile] = [:]
  var identities: [AccountID: Identity] = [:]
  private(set) var trust = TrustList()
  /// Names of organizations that the journal keeps.
  private var journalNames: [JournalName] = []

  /// Takes over a list, with the names under which its organizations were seen in these rows and in the
  /// journal.
  mutating func setTrust(_ list: TrustList) {
    trust = list
    for row in rows { noteName(in: row) }
    for name in journalNames { trust.noteName(name) }
  }

  mutating func noteNames(_ names: [JournalName]) {
    journalNames = names
    for name in names { trust.noteName(name) }
  }

  /// An account's own organization counts like one that it has joined.
  private mutating func noteName(in row: Row) {
    let isAccepted = row.handshake.state == .accepted && row.isReceived
    trust.noteName(in: row.handshake, isJoined: isAccepted || trust(of: row) == .own)
  }

  /// Adds a row of a new key and returns its slot.
  mutating func append(_ row: Row) -> Int {
    rows.append(row)
    noteName(in: row)
    slots[row.key] = rows.count - 1
    if let account = row.invitedAccount { addInvitation(of: account) }
    countPending(row, by: 1)
    return rows.count - 1
  }

  /// Once for each account that sees it in its inbox.
  private mutating func countPending(_ row: Row, by step: Int) {
    guard RowSelection.inbox.contains(row) else { return }
    for (index, source) in row.sources.enumerated() where row.belongs(to: .received, by: source) {
      let isCounted = row.sources[..<index].contains {
        $0.account == source.account && row.belongs(to: .received, by: $0)
      }
      if !isCounted { pending[source.account, default: 0] += step }
    }
  }

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

  private mutating func addInvitation(of account: AccountID) {
    invitations[account, default: 0] += 1
    mostInvitations = max(mostInvitations, invitations[account] ?? 0)
  }

  /// A row was read again and says what it said.
  mutating func touch(_ slot: Int, read: Timestamp, heard: Span) {
    rows[slot].touch(read: read, heard: heard)
  }

  /// Makes the texts that words are looked for in.
  mutating func completeSearch() {
    let (rows, profiles) = (rows, profiles)
    search.complete(rows.count) { slot, bytes in
      Self.write(rows[slot], profiles, to: &bytes)
    }
  }

  private static let stateNames = names(State.self)
  private static let actionNames = names(Action.self)

  private static func names<Value: WireName>(_: Value.Type) -> [Value: [UInt8]] {
    Dictionary(uniqueKeysWithValues: Value.allKnown.map { ($0, $0.wireName.bytes) })
  }

  /// Ids, parties, the sender's texts, names of state, action and profiles; a line feed between them,
  /// which no word contains.
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
  /// How the sender stands to the account that is asked. Where that is none of the operator's, the
  /// row is one that the operator's own organization sent.
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
  /// What has to hold for a slot to pass `filter`. Made once for a look through `candidates` rows, so
  /// that whatever does not depend on the row is worked out once. Texts must have been completed if
  /// the filter has words.
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

  /// Many rows are looked through in one pass over all texts, few one by one.
  private func test(ofWord word: [UInt8], candidates: Int) -> (Int) -> Bool {
    guard candidates * 8 > rows.count else { return { self.search.contains(word, in: $0) } }
    let found = search.slots(holding: word)
    return { found[$0] }
  }

  private func test(ofState text: [UInt8]) -> (Int) -> Bool {
    let states = State.allKnown.filter { state in
      state.wireName.bytes.map(\.asciiLowercased).starts(with: text)
    }
    return { slot in self.rows[slot].handshake.state.map(states.contains) ?? false }
  }

  private func test(ofAction text: [UInt8]) -> (Int) -> Bool {
    let actions = Action.allKnown.filter { $0.wireName.bytes.holds(lowered: text) }
    return { slot in
      guard let action = self.rows[slot].handshake.action else { return false }
      return action.unknownText?.bytes.holds(lowered: text) ?? actions.contains(action)
    }
  }

  private func test(
    ofExpiry comparison: RowFilter.Comparison, _ span: Span, now: Timestamp?
  ) -> (Int) -> Bool {
    { slot in
      guard let expires = self.rows[slot].handshake.expires, let now else { return true }
      return comparison == .within ? expires - now <= span : expires - now > span
    }
  }

  /// The cheapest looks come first.
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

  private func isAccount(_ row: Row, _ text: [UInt8]) -> Bool {
    if let account = row.askedAccount {
      if account.text.utf8.holds(lowered: text) { return true }
      if profiles[account]?.name.bytes.holds(lowered: text) ?? false { return true }
    }
    return row.handshake.recipientEmail?.bytes.holds(lowered: text) ?? false
  }

  private func isSeen(_ row: Row, byProfile text: [UInt8]) -> Bool {
    row.sources.contains { source in
      source.account.text.utf8.holds(lowered: text)
        || profiles[source.account]?.name.bytes.holds(lowered: text) ?? false
    }
  }
}

extension RowFilter {
  /// Whether words are looked for.
  var needsTexts: Bool {
    terms.contains { term in if case .word = term { true } else { false } }
  }

  /// Whether what passes changes with the names that are read.
  var needsNames: Bool {
    terms.contains { term in if case .trust = term { true } else { false } }
  }

  /// Whether what passes changes with the time.
  var isTimed: Bool {
    terms.contains { term in if case .expires = term { true } else { false } }
  }

  /// Whether whatever passes this filter has also passed `earlier`, so that only that has to be
  /// looked through. What depends on the time never does.
  func narrows(_ earlier: RowFilter) -> Bool {
    earlier.terms.allSatisfy { old in terms.contains { new in new.implies(old) } }
  }
}

extension RowFilter.Term {
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
