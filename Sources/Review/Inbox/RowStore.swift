import Model
import Text

/// Every row that was ever read, in the order of arrival: a row keeps its slot. Also what is known
/// about the accounts that look.
struct RowStore: Hashable, Sendable {
  private(set) var rows: [Row] = []
  private(set) var slots: [RowKey: Int] = [:]
  /// Pending invitations by the account they ask.
  private(set) var invitations: [AccountID: Int] = [:]
  private(set) var search = SearchText()
  var profiles: [AccountID: Profile] = [:]
  var identities: [AccountID: Identity] = [:]
  var trust = TrustList()

  /// Adds a row of a new key and returns its slot.
  mutating func append(_ row: Row) -> Int {
    rows.append(row)
    slots[row.key] = rows.count - 1
    if let account = row.invitedAccount { invitations[account, default: 0] += 1 }
    return rows.count - 1
  }

  mutating func update(_ slot: Int, _ change: (inout Row) -> Void) {
    let before = rows[slot].invitedAccount
    change(&rows[slot])
    let after = rows[slot].invitedAccount
    if before != after {
      if let before { invitations[before, default: 1] -= 1 }
      if let after { invitations[after, default: 0] += 1 }
    }
    search.forget(slot)
  }

  /// A row was read again and says what it said.
  mutating func touch(_ slot: Int, read: Timestamp) { rows[slot].touch(read: read) }

  /// Makes the texts that words are looked for in.
  mutating func completeSearch() {
    let (rows, profiles) = (rows, profiles)
    search.complete(rows.count) { slot, bytes in
      Self.write(rows[slot], profiles, to: &bytes)
    }
  }

  /// Ids, parties, the sender's texts, names of state, action and profiles; a line feed between them,
  /// which no word contains.
  private static func write(
    _ row: Row, _ profiles: [AccountID: Profile], to bytes: inout [UInt8]
  ) {
    func add(_ text: some Sequence<UInt8>) {
      for byte in text { bytes.append(byte.asciiLowercased) }
      bytes.append(0x0A)
    }
    let handshake = row.handshake
    if let id = handshake.id { add(id.text.utf8) }
    if let arn = handshake.arn {
      add(arn.organization.text.utf8)
      add(arn.account.text.utf8)
    }
    for party in handshake.parties { add(party.id.bytes) }
    var pending = handshake.resources
    while let resource = pending.popLast() {
      if let value = resource.value { add(value.bytes) }
      pending.append(contentsOf: resource.resources)
    }
    if let state = handshake.state { add(state.wireName.bytes) }
    if let action = handshake.action { add(action.wireName.bytes) }
    if let asked = row.askedAccount, let profile = profiles[asked] { add(profile.name.bytes) }
  }
}

extension RowStore {
  /// How the sender stands to the account that is asked. Where that is none of the operator's, the
  /// row is one that the operator's own organization sent.
  func trust(of row: Row) -> Trust { trust.trust(in: row.handshake, for: viewers(of: row)) }

  private func viewers(of row: Row) -> [Identity] {
    if let asked = row.askedAccount, profiles[asked] != nil {
      return [identities[asked]].compactMap(\.self)
    }
    return row.sources.compactMap { $0.direction == .sent ? identities[$0.account] : nil }
  }
}
