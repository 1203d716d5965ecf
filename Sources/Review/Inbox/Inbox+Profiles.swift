import Model
import Text

// Profiles whose account is told by STS while the inbox is in use.

extension Inbox {
  /// The accounts whose eyes can be used, in the order they were named.
  public var profiles: [Profile] {
    roster.compactMap { key in
      if case .account(let account) = key { store.profiles[account] } else { nil }
    }
  }

  /// In the order they were named.
  public var unresolvedProfiles: [UnresolvedProfile] {
    roster.compactMap { key in
      if case .unresolved(let name) = key { unresolved[name] } else { nil }
    }
  }

  public func unresolvedProfile(_ name: Untrusted) -> UnresolvedProfile? { unresolved[name] }

  /// STS is being asked whose it is.
  public mutating func asking(_ name: Untrusted) { unresolved[name]?.status = .asking }

  /// To be asked again.
  public mutating func awaiting(_ name: Untrusted) { unresolved[name]?.status = .waiting }

  /// STS said whose it is. Two profiles of one account become one line with two names.
  ///
  /// Returns whether the account is a new one, to be identified and read.
  public mutating func resolved(_ name: Untrusted, as account: AccountID) -> Bool {
    guard unresolved.removeValue(forKey: name) != nil,
      let index = roster.firstIndex(of: .unresolved(name))
    else { return false }
    guard store.profiles[account] == nil else {
      roster.remove(at: index)
      store.profiles[account]?.add(name)
      settleIfEnded()
      return false
    }
    roster[index] = .account(account)
    store.profiles[account] = Profile(account: account, name: name)
    return true
  }

  /// It belongs to an account that is not looked through.
  public mutating func dismiss(_ name: Untrusted) {
    guard unresolved.removeValue(forKey: name) != nil else { return }
    roster.removeAll { $0 == .unresolved(name) }
    settleIfEnded()
  }

  public mutating func failedToResolve(_ name: Untrusted, _ error: BackendError, uptime: Span) {
    guard unresolved[name] != nil else { return }
    unresolved[name]?.status = .failed(error)
    if let time = error.time { hear(time, uptime) }
    settleIfEnded()
  }
}
