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
