import Model
import Text

extension RowStore {
  /// Whether every term of `filter` holds; texts must have been completed if it has words.
  func matches(_ slot: Int, _ filter: RowFilter, now: Timestamp?) -> Bool {
    filter.terms.allSatisfy { matches(slot, $0, now: now) }
  }

  private func matches(_ slot: Int, _ term: RowFilter.Term, now: Timestamp?) -> Bool {
    if case .word(let word) = term { return search.contains(word, in: slot) }
    let row = rows[slot]
    switch term {
    case .word: return true
    case .organization(let text): return organizationTexts(row).contains { $0.holds(lowered: text) }
    case .account(let text): return accountTexts(row).contains { $0.holds(lowered: text) }
    case .profile(let text):
      return row.sources.contains { source in
        Array(source.account.text.utf8).holds(lowered: text)
          || profiles[source.account]?.name.bytes.holds(lowered: text) ?? false
      }
    case .state(let text):
      return row.handshake.state?.wireName.bytes.map(\.asciiLowercased).starts(with: text) ?? false
    case .pending: return row.handshake.isPending
    case .action(let text):
      return row.handshake.action?.wireName.bytes.holds(lowered: text) ?? false
    case .expires(let comparison, let span):
      guard let expires = row.handshake.expires, let now else { return true }
      return comparison == .within ? expires - now <= span : expires - now > span
    case .trust(let trust): return self.trust(of: row) == trust
    }
  }

  private func organizationTexts(_ row: Row) -> [[UInt8]] {
    let handshake = row.handshake
    var texts = [handshake.senderOrganization?.text, handshake.senderAccount?.text]
      .compactMap { $0.map { Array($0.utf8) } }
    if let name = handshake.senderName { texts.append(name.bytes) }
    if let arn = handshake.arn, let name = trust.name(of: arn.organization, managedBy: arn.account)
    {
      texts.append(name.bytes)
    }
    return texts
  }

  private func accountTexts(_ row: Row) -> [[UInt8]] {
    var texts: [[UInt8]] = []
    if let account = row.askedAccount {
      texts.append(Array(account.text.utf8))
      if let name = profiles[account]?.name { texts.append(name.bytes) }
    }
    if let email = row.handshake.recipientEmail { texts.append(email.bytes) }
    return texts
  }
}

extension RowFilter {
  /// Whether words are looked for.
  var needsTexts: Bool {
    terms.contains { term in if case .word = term { true } else { false } }
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
    case (.trust(let new), .trust(let old)): new == old
    default: false
    }
  }
}
