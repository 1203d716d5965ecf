import Model
import Review
import Text

// Profiles whose account STS tells after the first frame. Until then what they would show is unknown.

extension State {
  /// So many are asked about at a time.
  static let profilesAtOnce = 16

  /// Asks about the next ones, as long as there is room.
  mutating func askProfiles() -> [Effect] {
    let underWay = requests.count { request in
      if case .profile = request { true } else { false }
    }
    let waiting = inbox.unresolvedProfiles.filter { $0.status == .waiting }
    return waiting.prefix(max(0, Self.profilesAtOnce - underWay)).map { profile in
      inbox.asking(profile.name)
      return .resolveProfile(requests.begin(.profile(profile.name)), profile.name)
    }
  }

  mutating func profileResolved(
    _ token: Token, _ reply: Result<AccountID, BackendError>
  ) -> [Effect] {
    guard case .profile(let name) = requests.end(token) else { return [] }
    holdFocus()
    var effects: [Effect] = []
    switch reply {
    case .success(let account) where launch.account.map { $0 != account } ?? false:
      inbox.dismiss(name)
    case .success(let account):
      if inbox.resolved(name, as: account) { effects.append(readIdentity(account)) }
      for line in [\ListState.focus, \.standIn]
      where lists[.profiles][keyPath: line] == .profile(.unresolved(name)) {
        lists[.profiles][keyPath: line] = .profile(.account(account))
      }
    case .failure(let error):
      inbox.failedToResolve(name, error, uptime: uptime)
    }
    settleFocus()
    return effects + askProfiles() + reconcileWhenResolved()
  }

  /// What earlier sessions left open is looked into when it is known who can read it: before, nobody
  /// could.
  mutating func reconcileWhenResolved() -> [Effect] {
    let isKnown = inbox.unresolvedProfiles.allSatisfy { $0.error != nil }
    guard launch.mode == .write, isKnown else { return [] }
    return [.reconcile(requests.begin(.reconciliation))]
  }

  /// Asks again whatever is unknown: a login may serve several profiles.
  mutating func retryFailed() -> [Effect] {
    for profile in inbox.unresolvedProfiles where profile.error != nil {
      inbox.awaiting(profile.name)
    }
    let identities = sourceSummary.failed.compactMap { key -> Effect? in
      if case .account(let account) = key { readIdentity(account) } else { nil }
    }
    return identities + askProfiles()
  }
}

// MARK: - Whose login

extension State {
  /// The profile that `L` logs in as: the focused one in Profiles, else the first whose login is what
  /// is missing.
  var loginProfile: Untrusted? {
    if tab == .profiles, detail == nil,
      case .profile(let key?) = cursor.flatMap({ lineKey(at: $0) })
    {
      return profileName(of: key)
    }
    return sourceSummary.failed.first { failure(of: $0)?.wantsLogin ?? false }
      .flatMap { profileName(of: $0) }
  }

  /// Why nothing is known of a profile.
  func failure(of key: ProfileKey) -> BackendError? {
    switch key {
    case .unresolved(let name): return inbox.unresolvedProfile(name)?.error
    case .account(let account):
      if let error = inbox.unidentified[account] { return error }
      for direction in [Query.Direction.received, .sent] {
        let status = inbox.sources[SourceKey(account, direction)]?.status
        if case .failed(let error) = status { return error }
      }
      return nil
    }
  }

  /// The one that the failure names, else the first of the account's.
  private func profileName(of key: ProfileKey) -> Untrusted? {
    switch key {
    case .unresolved(let name): return name
    case .account(let account):
      if case .credentials(let fault) = failure(of: key)?.failure, let name = fault.profile {
        return name
      }
      return inbox.profile(account)?.names.first
    }
  }
}

extension BackendError {
  /// Whether a login is what mends it.
  var wantsLogin: Bool {
    switch failure {
    case .credentials(let fault):
      ![.misconfigured, .throttled, .certificates].contains(fault.problem)
    case .service(let exception, _, _):
      exception == .expiredToken || exception == .unrecognizedClient
    case .unreadable, .transport, .certificates, .store, .settings, .cancelled: false
    }
  }
}
