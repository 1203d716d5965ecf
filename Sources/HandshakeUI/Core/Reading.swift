import Model
import ReviewAnswering
import ReviewInbox
import ReviewJournal
import ReviewWording
import Text

// The reads that the loader asks for, as effects, and their replies. A reply whose token is no longer
// known is dropped.

extension State {
  mutating func start() -> [Effect] {
    if inbox.roster.isEmpty, let id = opening {
      notice = Notice("handshake \(id.text) not found: there is no account to read", .fault)
      opening = nil
    }
    return [readTrust(), .readJournal(requests.begin(.journal))] + effects(of: loader.begin())
      + reconcileWhenResolved()
  }

  /// Returns the effects that carry out reads.
  private mutating func effects(of reads: [ReadRequest]) -> [Effect] {
    reads.map { effect(of: $0, isTold: false) }
  }

  private mutating func effect(of read: ReadRequest, isTold: Bool) -> Effect {
    switch read {
    case .account(let name): .resolveProfile(requests.begin(.profile(name)), name)
    case .identity(let account):
      .readIdentity(requests.begin(.identity(account)), account)
    case .page(let pass, let page):
      .readPage(
        requests.begin(.page(pass)), pass.source.account, Query(pass.source.direction), page: page)
    case .handshake(let id, let account):
      .readHandshake(requests.begin(.handshake(id, account, isTold: isTold)), account, id)
    }
  }

  mutating func readTrust() -> Effect { .readTrust(requests.begin(.trust)) }

  /// Reports the result of reading everything again, once no such request is in progress.
  mutating func endRefresh() {
    let isUnderWay = requests.contains { request in
      switch request {
      case .identity, .profile, .page: true
      case .login, .handshake, .trust, .journal, .letters, .run, .reconciliation, .writing: false
      }
    }
    guard isRefreshing, !isUnderWay else { return }
    isRefreshing = false
    // A later message is kept.
    guard notice == nil || notice == .readingAgain else { return }
    let new = Tab.allCases.compactMap { tab -> String? in
      let count = tab.selection.map { inbox.waiting(in: $0) } ?? 0
      return count == 0 ? nil : "\(count) new in \(tab.title)"
    }
    let failed = sourceSummary.failed.count
    let found = new.isEmpty ? "nothing new" : new.joined(separator: ", ") + " (r shows them)"
    notice =
      failed == 0
      ? Notice("everything was read again: \(found)")
      : Notice("read again, but for \(failed) of the accounts: \(found)", .fault)
  }

  /// Reads everything again and cancels the reads in progress.
  mutating func refreshAll() -> [Effect] {
    let unwanted = requests.forget { request in
      switch request {
      case .identity, .profile, .page, .handshake, .trust, .journal: true
      case .login, .letters, .run, .reconciliation, .writing: false
      }
    }
    inbox.admit()
    return unwanted.map(Effect.abandon)
      + [readTrust(), .readJournal(requests.begin(.journal))] + effects(of: loader.begin())
  }

  mutating func identityRead(
    _ token: Token, _ reply: Result<Reply<Identity>, BackendError>
  ) -> [Effect] {
    guard case .identity(let account) = requests.end(token) else { return [] }
    return effects(of: loader.handle(.identity(account, reply), at: uptime))
  }

  mutating func pageRead(
    _ token: Token, _ reply: Result<Reply<Page>, BackendError>
  ) -> [Effect] {
    guard case .page(let pass) = requests.end(token) else { return [] }
    holdFocus()
    defer { settleFocus() }
    let next = loader.handle(.page(pass, reply), at: uptime)
    if case .success = reply, next.isEmpty, inbox.isSettled,
      inbox.sources.values.allSatisfy(\.status.hasEnded)
    {
      // Rows that changed in place may match the filter now.
      inbox.refilter(at: now, onlyTimed: false)
    }
    return effects(of: next)
  }

  mutating func handshakeRead(
    _ token: Token, _ reply: Result<Reply<Handshake>, BackendError>
  ) -> [Effect] {
    guard case .handshake(let id, let account, let isTold) = requests.end(token) else { return [] }
    holdFocus()
    let before = inbox.row(id)?.handshake
    let next = loader.handle(.handshake(id, as: account, reply), at: uptime)
    switch reply {
    case .success(let reply) where isTold:
      notice = Notice(
        before == reply.value ? "\(id.text) read again: unchanged" : "\(id.text) has changed",
        before == reply.value ? .news : .refusal)
    case .failure(let error) where isTold:
      notice = Notice("\(id.text): \(words(for: error))", .fault)
    case .success, .failure: break
    }
    settleFocus()
    return effects(of: next)
  }

  mutating func trustRead(_ token: Token, _ reading: TrustReading) -> [Effect] {
    guard requests.end(token) == .trust else { return [] }
    switch reading {
    case .list(let list):
      inbox.setTrust(list)
      trustFault = nil
    case .failed(let fault):
      inbox.setTrust(TrustList())
      trustFault = fault
      notice = Notice(fault, .fault)
    }
    return checkReview()
  }

  mutating func journalRead(_ token: Token, _ reading: JournalReading) -> [Effect] {
    guard requests.end(token) == .journal else { return [] }
    holdFocus()
    journal.isRead = true
    switch reading {
    case .chain(let chain):
      journal.show(chain)
      inbox.join(JournalNotes(chain.records), at: launch.place)
    case .failed(let fault):
      journal.fault = fault
    }
    settleFocus()
    return []
  }

  /// Reads one handshake again, as an account that can see it.
  mutating func reread(_ row: Row, isTold: Bool = true) -> [Effect] {
    guard let id = row.id, let source = row.sources.first else { return [] }
    return [effect(of: .handshake(id, as: source.account), isTold: isTold)]
  }

  /// Plans the answers kept from an earlier session again, unconfirmed.
  private mutating func restage() {
    var staged = 0
    for answer in kept where launch.mode == .write {
      guard let row = inbox.row(answer.id) else { continue }
      let result = plan.stage(answer.answer, row, in: inbox, from: launch.place, at: now)
      if case .success = result { staged += 1 }
    }
    notice = Notice(
      "\(staged) of \(kept.count) answers planned in the last session restored; nothing is sent")
    kept = []
  }

  /// Sets the focus after rows were added or changed.
  ///
  /// The first row gets the focus, and the handshake to open at the start is opened.
  mutating func settleFocus() {
    // Which row arrived first is chance and nobody's choice, and the rows above it would be out of
    // sight.
    if inbox.isSettled, !isTouched { lists = ListStates() }
    if lists[tab].focus == nil { holdFocus() }
    if inbox.isSettled, !kept.isEmpty { restage() }
    guard let id = opening, let row = inbox.row(id) else {
      if opening != nil, inbox.isSettled {
        notice = Notice("handshake \(opening?.text ?? "") not found in these accounts", .fault)
        opening = nil
      }
      return
    }
    opening = nil
    detail = DetailState(key: row.key)
  }
}

// Profiles whose account STS reports after the first frame. Until then their handshakes are
// unknown.

extension State {
  mutating func profileResolved(
    _ token: Token, _ reply: Result<AccountID, BackendError>
  ) -> [Effect] {
    guard case .profile(let name) = requests.end(token) else { return [] }
    holdFocus()
    let next = loader.handle(.account(name, reply), at: uptime)
    if case .success(let account) = reply, launch.account.map({ $0 == account }) ?? true {
      for line in [\ListState.focus, \.standIn]
      where lists[.profiles][keyPath: line] == .profile(.unresolved(name)) {
        lists[.profiles][keyPath: line] = .profile(.account(account))
      }
    }
    settleFocus()
    return effects(of: next) + reconcileWhenResolved()
  }

  /// Starts to reconcile attempts of earlier sessions once all profiles have been resolved or
  /// failed.
  ///
  /// Before that it is not known which accounts can read their handshakes.
  mutating func reconcileWhenResolved() -> [Effect] {
    let isKnown = inbox.unresolvedProfiles.allSatisfy { $0.error != nil }
    guard launch.mode == .write, isKnown else { return [] }
    return [.reconcile(requests.begin(.reconciliation))]
  }

  /// Retries everything that failed, since one login may serve several profiles.
  mutating func retryFailed() -> [Effect] {
    let accounts = sourceSummary.failed.compactMap(\.account)
    return effects(of: loader.retry(accounts))
  }
}

extension ReadService {
  /// Carries out an effect that reads the service; returns nil for any other effect.
  public func perform(_ effect: Effect, at uptime: () -> Span) async -> Message? {
    switch effect {
    case .resolveProfile(let token, let name):
      let reply = await account(of: name)
      return .profileResolved(token, reply, at: uptime())
    case .readIdentity(let token, let account):
      let reply = await identity(account)
      return .identityRead(token, reply, at: uptime())
    case .readPage(let token, let account, let query, let next):
      let reply = await page(query, next, as: account)
      return .pageRead(token, reply, at: uptime())
    case .readHandshake(let token, let account, let id):
      let reply = await handshake(id, as: account)
      return .handshakeRead(token, reply, at: uptime())
    default: return nil
    }
  }
}

// MARK: - Logins

extension State {
  /// The profile that `L` logs in as.
  ///
  /// It is the focused one in Profiles, otherwise the first that failed for want of a login.
  var loginProfile: Untrusted? {
    if tab == .profiles, detail == nil,
      case .profile(let key?) = cursor.flatMap({ lineKey(at: $0) })
    {
      return profileName(of: key)
    }
    return sourceSummary.failed.first { failure(of: $0)?.wantsLogin ?? false }
      .flatMap { profileName(of: $0) }
  }

  /// Returns the error because of which a profile could not be read.
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

  /// Returns the profile that the error names, else the first profile of the account.
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
  /// Whether a login can resolve the error.
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

extension State {
  /// Handles the passing of time, for example the end of a grace period.
  mutating func tick(isSeen: Bool) -> [Effect] {
    if inbox.isTimed {
      holdFocus()
      inbox.refilter(at: now, onlyTimed: true)
      settleFocus()
    }
    // An operator who cannot see the countdown cannot stop it.
    return isSeen ? confirmOpenReview(.tick) : stopGrace()
  }

  /// Stops a confirmed send that the operator can no longer see.
  mutating func stopGrace() -> [Effect] {
    guard case .review(let review) = dialog, review.isInGrace else { return [] }
    return confirm(review, .other)
  }

  /// Passes an event that is not a key to the review, if one is open.
  mutating func confirmOpenReview(_ event: Challenge.Event) -> [Effect] {
    guard case .review(let review) = dialog else { return [] }
    return confirm(review, event)
  }

  /// Closes an open review for an external reason; the plan is kept.
  mutating func closeReview(_ reason: String) -> [Effect] {
    guard case .review(let review) = dialog else { return [] }
    return endConfirmation(review, Notice("\(reason); the plan is kept", .refusal))
  }

  mutating func reconciled(_ token: Token, _ findings: [Reconciler.Finding]) -> [Effect] {
    guard requests.end(token) == .reconciliation, !findings.isEmpty else { return [] }
    let known = findings.filter(\.outcome.isEnd)
    let open = findings.count - known.count
    var parts: [String] = []
    if known.count == 1 {
      parts += known.map { "Resolved from an earlier session: \($0.words(in: launch.charset))" }
    } else if !known.isEmpty {
      parts.append("Resolved from an earlier session: \(known.count) attempts (5: audit)")
    }
    if open > 0 { parts.append("\(open) unresolved from an earlier session: do not send again") }
    let text = parts.joined(separator: "; ")
    notice = Notice(text, open > 0 ? .fault : .news)
    return [.readJournal(requests.begin(.journal))]
  }
}
