import Model
import ReviewAnswering
import ReviewInbox
import ReviewJournal
import ReviewWording
import Text

/// The state of the listings of the accounts viewed.
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
  /// The caller as STS reports it, or the number of callers.
  var callers = ""
  /// Whether every listing of all accounts was read, whatever account is viewed.
  private(set) var isAllRead = false
  /// The columns of the longest organization id of all accounts.
  private(set) var organizationWidth = 0
  /// The time at which the credentials of each account end, where it is known.
  private var credentialsEnd: [(account: AccountID, end: Timestamp)] = []
  private var revision: Revision?
  private var scope: AccountID?

  init() {}

  /// Derives the values of the accounts as they are now.
  init(of inbox: Inbox, in scope: AccountID?, _ format: Formatter) {
    revision = inbox.revision
    self.scope = scope
    credentialsEnd = inbox.profiles.compactMap { profile in
      guard scope == nil || scope == profile.account,
        let end = inbox.identity(profile.account)?.credentialsEnd
      else { return nil }
      return (profile.account, end)
    }
    let statuses = inbox.sources.values.map(\.status)
    let isAnyRead = statuses.contains { if case .complete = $0 { true } else { false } }
    isAllRead =
      isAnyRead && inbox.unresolvedProfiles.isEmpty
      && statuses.allSatisfy { $0.hasEnded && !$0.isFailure }
    let organizations = inbox.profiles.compactMap { inbox.identity($0.account)?.organization?.id }
    organizationWidth = organizations.map(\.text.utf8.count).max() ?? 0
    callers = Self.callers(of: inbox, in: scope, format)
    sources = Self.sources(of: inbox, in: scope)
  }

  static func == (_: Overview, _: Overview) -> Bool { true }

  /// Returns whether no account has changed since the values were derived.
  func isCurrent(for inbox: Inbox, in scope: AccountID?) -> Bool {
    self.scope == scope && revision?.isSame(as: inbox.revision) ?? false
  }

  /// Returns the credentials that end within 15 minutes, the first to end first.
  func endingSoon(at now: Timestamp) -> [(account: AccountID, left: Span)] {
    credentialsEnd.compactMap { one -> (account: AccountID, left: Span)? in
      let left = one.end - now
      return left > .zero && left < .minutes(15) ? (one.account, left) : nil
    }.sorted { $0.left < $1.left }
  }

  private static func callers(of inbox: Inbox, in scope: AccountID?, _ format: Formatter) -> String
  {
    let accounts = scope.map { [$0] } ?? inbox.profiles.map(\.account)
    let identities = accounts.compactMap { inbox.identity($0) }
    // A document does not say who read it.
    let callers = identities.filter { $0.membership != .untold }.map(\.caller)
    guard let first = callers.first else { return "" }
    if callers.count == 1 { return "as \(format.exact(first))" }
    let user = first.bytes.split(separator: UInt8(ascii: "/")).last ?? []
    let same = callers.allSatisfy { $0.bytes.split(separator: UInt8(ascii: "/")).last == user }
    return same
      ? "as \(format.exact(Untrusted(bytes: user))) in \(callers.count) accounts"
      : "as \(callers.count) callers"
  }

  private static func sources(of inbox: Inbox, in scope: AccountID?) -> SourceSummary {
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

/// The numbers of open handshakes, never zero for what was not read.
struct OpenCounts {
  let inbox: Inbox

  /// Returns a count of rows: `3`, `3+` if not everything was read, and then `?` instead of zero.
  static func known(_ count: Int, isWhole: Bool) -> String {
    isWhole ? "\(count)" : count == 0 ? "?" : "\(count)+"
  }

  /// Returns the number of open handshakes received by all accounts together.
  func ofAll(_ overview: Overview) -> String {
    Self.known(inbox.listing(.inbox).all, isWhole: overview.isAllRead)
  }

  /// Returns the number of open handshakes received by one account; `!` if it could not be read.
  func of(_ account: AccountID) -> String {
    switch inbox.sources[SourceKey(account, .received)]?.status {
    case .complete:
      let sent = inbox.sources[SourceKey(account, .sent)]?.status
      let isWhole = sent.map { $0.hasEnded && !$0.isFailure } ?? true
      return Self.known(inbox.openCount(for: account), isWhole: isWhole)
    case .failed: return "!"
    default: return "?"
    }
  }
}

extension SourceStatus {
  var isFailure: Bool {
    if case .failed = self { true } else { false }
  }
}
