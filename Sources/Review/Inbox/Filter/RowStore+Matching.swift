import Model
import Text

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
