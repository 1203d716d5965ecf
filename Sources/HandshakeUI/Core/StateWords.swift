import Drawing
import Model
import ReviewAnswering
import ReviewInbox
import ReviewJournal
import ReviewWording
import Text

// The interface's own sentences; errors are put into words by `Explanation`.

extension State {
  func words(for refusal: Plan.Refusal, to answer: Answer) -> String {
    Explanation(refusal, to: answer, in: launch.charset).why
  }

  func words(for error: BackendError) -> String {
    Explanation(error, in: launch.charset).brief
  }

  /// Returns the operator's name of an account, or its number.
  func name(of account: AccountID) -> String {
    if isUnnamed(account) { return "the document" }
    guard let profile = inbox.profile(account), !profile.name.isEmpty else { return account.text }
    return pen.cell(profile.name)
  }

  func name(of key: ProfileKey) -> String {
    switch key {
    case .account(let account): name(of: account)
    case .unresolved(let name): pen.cell(name)
    }
  }

  /// The account viewed, or `all accounts`; the file's name for a document, which names no account.
  var whose: String {
    guard let scope else {
      guard launch.backend == .document else { return "all accounts" }
      let path = launch.place.address
      let name = path.bytes.split(separator: UInt8(ascii: "/")).last.map { Array($0) } ?? []
      return path == Untrusted("-") ? "standard input" : pen.cell(Untrusted(bytes: name))
    }
    let name = name(of: scope)
    return name == scope.text ? name : "\(scope.text) \(name)"
  }

  /// The offset of the embedded organization's clock, `+16d`; nil if it was not advanced.
  var offset: String? {
    let offset = launch.storeOffset
    guard offset != .zero else { return nil }
    let sign = offset < .zero ? "-" : "+"
    return sign + offset.magnitude.shortWords
  }
}

extension ProfileKey {
  var account: AccountID? {
    if case .account(let account) = self { account } else { nil }
  }
}

extension SourceStatus {
  var isFailure: Bool {
    if case .failed = self { true } else { false }
  }
}

extension JournalState {
  /// Returns the handshake that a journal line is about, if it is about one.
  func handshake(of record: JournalRecord) -> HandshakeID? {
    switch record.event {
    case .intent(let intent): intent.handshake
    case .outcome(let id, _): intent(id)?.handshake
    case .mismatch(let id, _, _): id
    case .stopped(_, let notTried): notTried.first
    case .genesis, .torn, .segment, .trustAdded, .trustRemoved, .other: nil
    }
  }

  /// Returns the INTENT of an attempt.
  func intent(_ id: IntentID) -> JournalIntent? {
    for record in records.reversed() {
      if case .intent(let intent) = record.event, intent.id == id { return intent }
    }
    return nil
  }
}

extension AccountID {
  /// The placeholder for the account of a document whose rows name none.
  ///
  /// No AWS account has this number, 000000000000.
  public static let unnamed = AccountID("000000000000")
}

/// The state of the listings of the accounts shown.
struct SourceSummary: Hashable {
  var total = 0
  var complete = 0
  var waiting = 0
  var failed: [ProfileKey] = []
  /// Members that cannot list what their organization sent, where no other account viewed can
  /// either.
  var unlistable: [AccountID] = []
  /// The time of the oldest complete listing.
  var oldest: Timestamp?
}

extension SourceSummary {
  /// A sentence about sent handshakes that no account can list; nil if there are none.
  var unlistableWords: String? {
    switch unlistable.count {
    case 0: nil
    case 1: "\(unlistable[0].text) is a member: it cannot see what its organization sent"
    default:
      "\(unlistable.count) accounts are members: they cannot see what their organizations sent"
    }
  }
}

/// Derived values over all accounts, cached so that a frame does not read a thousand accounts.
///
/// The cache is ignored by `==`, since the rest of the state determines it.
struct Overview: Equatable, Sendable {
  var sources = SourceSummary()
  var callers = ""
  /// Whether every listing of all accounts was read, whatever account is viewed; `isAnyRead`:
  /// whether any.
  var isAllRead = false
  var isAnyRead = false
  /// The time at which the credentials of each account end, where it is known.
  var credentialsEnd: [(account: AccountID, end: Timestamp)] = []
  /// The columns of the longest organization id of all accounts.
  var organizationWidth = 0
  fileprivate var revision: Revision?
  fileprivate var scope: AccountID?

  static func == (_: Overview, _: Overview) -> Bool { true }
}

extension State {
  var sourceSummary: SourceSummary { currentOverview.sources }

  /// The caller as STS reports it, or the number of callers.
  var callers: String { currentOverview.callers }

  /// The columns of the longest organization id of all accounts.
  var membershipWidth: Int { currentOverview.organizationWidth }

  /// The credentials that end within 15 minutes, the first to end first.
  var endingSoon: [(account: AccountID, left: Span)] {
    currentOverview.credentialsEnd.compactMap { one -> (account: AccountID, left: Span)? in
      let left = one.end - now
      return left > .zero && left < .minutes(15) ? (one.account, left) : nil
    }.sorted { $0.left < $1.left }
  }

  /// Updates the cached overview if accounts have changed; called before a frame is drawn.
  public mutating func prepareToDraw() { overview = currentOverview }

  private var currentOverview: Overview {
    if overview.scope == scope, overview.revision?.isSame(as: inbox.revision) ?? false {
      return overview
    }
    let ends = inbox.profiles.compactMap { profile -> (account: AccountID, end: Timestamp)? in
      guard scope == nil || scope == profile.account,
        let end = inbox.identity(profile.account)?.credentialsEnd
      else { return nil }
      return (profile.account, end)
    }
    let statuses = inbox.sources.values.map(\.status)
    let isAnyRead = statuses.contains { if case .complete = $0 { true } else { false } }
    let isAllRead =
      isAnyRead && inbox.unresolvedProfiles.isEmpty
      && statuses.allSatisfy { $0.hasEnded && !$0.isFailure }
    return Overview(
      sources: summariseSources(), callers: summariseCallers(), isAllRead: isAllRead,
      isAnyRead: isAnyRead, credentialsEnd: ends, organizationWidth: summariseOrganizations(),
      revision: inbox.revision, scope: scope)
  }

  private func summariseOrganizations() -> Int {
    let ids = inbox.profiles.compactMap { inbox.identity($0.account)?.organization?.id }
    return ids.map(\.text.utf8.count).max() ?? 0
  }

  /// Returns a count of rows: `3`, `3+` if not everything was read, and then `?` instead of zero.
  static func known(_ count: Int, isWhole: Bool) -> String {
    isWhole ? "\(count)" : count == 0 ? "?" : "\(count)+"
  }

  /// The number of open handshakes received by all accounts together.
  var openCountOfAll: String {
    Self.known(inbox.listing(.inbox).all, isWhole: currentOverview.isAllRead)
  }

  /// Returns the number of open handshakes received by one account; `!` if it could not be read.
  func openCount(of account: AccountID) -> String {
    switch inbox.sources[SourceKey(account, .received)]?.status {
    case .complete:
      let sent = inbox.sources[SourceKey(account, .sent)]?.status
      let isWhole = sent.map { $0.hasEnded && !$0.isFailure } ?? true
      return Self.known(inbox.openCount(for: account), isWhole: isWhole)
    case .failed: return "!"
    default: return "?"
    }
  }

  private func summariseCallers() -> String {
    let accounts = scope.map { [$0] } ?? inbox.profiles.map(\.account)
    let identities = accounts.compactMap { inbox.identity($0) }
    // A document does not say who read it.
    let callers = identities.filter { $0.membership != .untold }.map(\.caller)
    guard let first = callers.first else { return "" }
    if callers.count == 1 { return "as \(pen.exact(first))" }
    let user = first.bytes.split(separator: UInt8(ascii: "/")).last ?? []
    let same = callers.allSatisfy { $0.bytes.split(separator: UInt8(ascii: "/")).last == user }
    return same
      ? "as \(pen.exact(Untrusted(bytes: user))) in \(callers.count) accounts"
      : "as \(callers.count) callers"
  }

  private func summariseSources() -> SourceSummary {
    var summary = SourceSummary()
    summary.unlistable = inbox.unlistable(in: scope)
    for profile in inbox.profiles where scope == nil || scope == profile.account {
      summary.total += 1
      let keys = [
        SourceKey(profile.account, .received), SourceKey(profile.account, .sent),
      ]
      let statuses = keys.compactMap { inbox.sources[$0]?.status }
      if statuses.contains(where: \.isFailure) {
        summary.failed.append(.account(profile.account))
      } else if statuses.isEmpty || statuses.contains(where: { !$0.hasEnded }) {
        summary.waiting += 1
      } else {
        summary.complete += 1
      }
      for case .complete(let time) in statuses {
        summary.oldest = min(summary.oldest ?? time, time)
      }
    }
    // One of the unresolved profiles may turn out to be the account viewed.
    if scope.map({ inbox.profile($0) == nil }) ?? true {
      for profile in inbox.unresolvedProfiles {
        summary.total += 1
        if profile.error == nil {
          summary.waiting += 1
        } else {
          summary.failed.append(.unresolved(profile.name))
        }
      }
    }
    return summary
  }
}

extension State {
  /// Returns whether the account stands for a document whose rows name none.
  func isUnnamed(_ account: AccountID) -> Bool {
    launch.backend == .document && account == .unnamed
  }
}
