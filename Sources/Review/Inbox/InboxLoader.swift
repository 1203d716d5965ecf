import Model
import ReviewJournal
import Text

/// The reading of an inbox: the accounts of profiles, then their identities, then every page of
/// their listings.
///
/// A state machine without input or output, which the screens and the commands use: `begin` and
/// `handle` return the reads that are needed next, and each reply is passed to `handle`. An account
/// that cannot be read whole has a failed source, never a complete one (UX-10.1).
public struct InboxLoader: Equatable, Sendable {
  /// The rows and sources read so far.
  public var inbox: Inbox
  /// The side of the handshakes that are wanted; listings that cannot contain them are not read.
  public let side: RowSelection.Side
  /// The only account that is viewed; nil for all.
  ///
  /// A profile of another account is dismissed.
  public let account: AccountID?
  /// The order in which replies are applied.
  public let order: Order

  /// The order in which replies are applied.
  public enum Order: Hashable, Sendable {
    /// As they arrive, so that rows are shown early.
    case arrival
    /// As their reads are ordered, so that the same replies make the same inbox.
    case request
  }

  /// The most profiles that are resolved at the same time.
  public static let profilesAtOnce = 16

  /// The identities that wait until all of them are read.
  private var identities: [AccountID: Arrived<Reply<Identity>>] = [:]
  /// The listings whose pages are applied one listing after the other.
  private var listings: [Listing] = []

  /// A reply that waits for its turn, with the uptime at which it arrived.
  private struct Arrived<Value: Equatable & Sendable>: Equatable, Sendable {
    var result: Result<Value, BackendError>
    var uptime: Span
  }

  /// A listing whose pages wait for their turn.
  private struct Listing: Equatable, Sendable {
    let pass: Pass
    var trail = PageTrail()
    var pages: [Arrived<Reply<Page>>] = []
    var hasEnded = false
  }

  /// Creates a loader that has read nothing.
  public init(
    _ inbox: Inbox, side: RowSelection.Side = .either, account: AccountID? = nil,
    order: Order = .arrival
  ) {
    self.inbox = inbox
    self.side = side
    self.account = account
    self.order = order
  }
}

// MARK: - Requests

extension InboxLoader {
  /// Starts to read everything from the beginning.
  ///
  /// The caller drops the replies to reads that are still in progress.
  public mutating func begin() -> [ReadRequest] {
    for profile in inbox.unresolvedProfiles { inbox.awaiting(profile.name) }
    identities = [:]
    listings = []
    return inbox.profiles.map { identify($0.account) } + resolveProfiles()
  }

  /// Starts to read one account again, from its identity on.
  public mutating func identify(_ account: AccountID) -> ReadRequest {
    // Listed as waiting from now on, unless the inbox waits for all identities first.
    if order == .arrival { inbox.addSource(SourceKey(account, .received)) }
    return .identity(account)
  }

  /// Starts to read again what failed, since one login may serve several profiles.
  ///
  /// `accounts` are those of which a source failed.
  public mutating func retry(_ accounts: [AccountID]) -> [ReadRequest] {
    for profile in inbox.unresolvedProfiles where profile.error != nil {
      inbox.awaiting(profile.name)
    }
    return accounts.map { identify($0) } + resolveProfiles()
  }

  /// Applies a reply, now or in its turn, and returns the reads that follow from it.
  public mutating func handle(_ reply: ReadReply, at uptime: Span) -> [ReadRequest] {
    switch reply {
    case .account(let name, let result): return resolved(name, result, at: uptime)
    case .identity(let account, let result):
      guard order == .request else { return identified(account, result, at: uptime) }
      identities[account] = Arrived(result: result, uptime: uptime)
      return identifiedAll()
    case .page(let pass, let result):
      guard order == .request else { return listed(pass, result, at: uptime) }
      return arrived(pass, Arrived(result: result, uptime: uptime))
    case .handshake(let id, let account, let result):
      if case .success(let reply) = result {
        inbox.apply(reply, seenBy: inbox.source(of: id, reply.value, for: account), uptime: uptime)
      }
      return []
    }
  }
}

// MARK: - Accounts

extension InboxLoader {
  /// Asks for the accounts of the next profiles, up to `profilesAtOnce`.
  private mutating func resolveProfiles() -> [ReadRequest] {
    let profiles = inbox.unresolvedProfiles
    let underWay = profiles.count { $0.status == .asking }
    let waiting = profiles.filter { $0.status == .waiting }
    return waiting.prefix(max(0, Self.profilesAtOnce - underWay)).map { profile in
      inbox.asking(profile.name)
      return .account(profile.name)
    }
  }

  private mutating func resolved(
    _ name: Untrusted, _ result: Result<AccountID, BackendError>, at uptime: Span
  ) -> [ReadRequest] {
    var requests: [ReadRequest] = []
    switch result {
    case .success(let found) where account.map { $0 != found } ?? false: inbox.dismiss(name)
    case .success(let found):
      if inbox.resolved(name, as: found) { requests.append(identify(found)) }
    case .failure(let error): inbox.failedToResolve(name, error, uptime: uptime)
    }
    requests += resolveProfiles()
    return order == .request && requests.isEmpty ? identifiedAll() : requests
  }

  /// Applies an identity and requests the first pages of the account's listings.
  private mutating func identified(
    _ account: AccountID, _ result: Result<Reply<Identity>, BackendError>, at uptime: Span
  ) -> [ReadRequest] {
    guard let identity = inbox.identified(result, as: account, uptime: uptime) else { return [] }
    return sources(for: identity).map { .page(inbox.begin($0), nil) }
  }

  /// Applies all identities once they have been read, and requests the first pages of all listings.
  private mutating func identifiedAll() -> [ReadRequest] {
    let profiles = inbox.profiles
    guard profiles.allSatisfy({ identities[$0.account] != nil }),
      inbox.unresolvedProfiles.allSatisfy({ $0.error != nil })
    else { return [] }
    let known = profiles.compactMap { profile in
      identities.removeValue(forKey: profile.account).flatMap { arrived in
        inbox.identified(arrived.result, as: profile.account, uptime: arrived.uptime)
      }
    }
    let keys = known.flatMap { sources(for: $0) }
    for key in keys { inbox.addSource(key) }
    listings = keys.map { Listing(pass: inbox.begin($0)) }
    return listings.map { .page($0.pass, nil) }
  }

  /// Returns the listings that can contain rows of the side that is wanted.
  private func sources(for identity: Identity) -> [SourceKey] {
    SourceKey.all(for: identity).filter { key in
      switch (side, key.direction) {
      case (.either, _), (.sent, .sent), (.received, .received): true
      // An account's own parents are in the inbox of the management account, which can finalise
      // them.
      case (.received, .sent): identity.role == .management
      case (.sent, .received): false
      }
    }
  }
}

// MARK: - Pages

extension InboxLoader {
  /// Applies a page at once, and requests the next one.
  private mutating func listed(
    _ pass: Pass, _ result: Result<Reply<Page>, BackendError>, at uptime: Span
  ) -> [ReadRequest] {
    switch result {
    case .success(let reply):
      return inbox.apply(reply, of: pass, uptime: uptime).map { [.page(pass, $0)] } ?? []
    case .failure(let error):
      inbox.fail(pass, error, uptime: uptime)
      return []
    }
  }

  /// Keeps a page until its turn, and requests the next one.
  private mutating func arrived(_ pass: Pass, _ page: Arrived<Reply<Page>>) -> [ReadRequest] {
    guard let index = listings.firstIndex(where: { $0.pass == pass }), !listings[index].hasEnded
    else { return [] }
    var next: PageToken?
    if case .success(let reply) = page.result {
      // The same rule as in the inbox, which records the error when the page has its turn.
      next = try? listings[index].trail.next(after: reply, of: pass.source.direction.operation)
    }
    listings[index].pages.append(page)
    listings[index].hasEnded = next == nil
    applyPages()
    return next.map { [.page(pass, $0)] } ?? []
  }

  /// Applies the pages whose turn it is: those of the first listing, and of the next ones once the
  /// listings before them have ended.
  private mutating func applyPages() {
    while let first = listings.first {
      listings[0].pages = []
      for page in first.pages { _ = listed(first.pass, page.result, at: page.uptime) }
      guard first.hasEnded else { return }
      listings.removeFirst()
    }
  }
}

// MARK: - Identities

extension Inbox {
  /// Returns the reply about an account's identity, as an error if it is about another account.
  ///
  /// The credentials of a profile may belong to another account than expected.
  func checked(
    _ result: Result<Reply<Identity>, BackendError>, as account: AccountID
  ) -> Result<Reply<Identity>, BackendError> {
    guard case .success(let reply) = result, reply.value.account != account else { return result }
    let other = Untrusted("these credentials belong to account \(reply.value.account.text)")
    return .failure(
      BackendError(.unreadable(other), in: .getCallerIdentity, applied: .refused, time: reply.time))
  }

  /// Records the identity of an account, or why it is unknown, and returns it.
  mutating func identified(
    _ result: Result<Reply<Identity>, BackendError>, as account: AccountID, uptime: Span
  ) -> Identity? {
    switch checked(result, as: account) {
    case .success(let reply):
      identified(reply, uptime: uptime)
      return reply.value
    case .failure(let error):
      failedToIdentify(account, error, uptime: uptime)
      return nil
    }
  }
}
