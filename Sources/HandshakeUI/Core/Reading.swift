import Model
import ReviewAnswering
import ReviewInbox
import ReviewJournal
import ReviewWording
import Text

// The reads that the loader asks for, as effects, and their replies. A reply whose token is no longer
// known is dropped.

extension Session {
  /// Handles the reply to a request that is known; returns the next requests.
  mutating func read(_ message: Message) -> [Effect] {
    switch message {
    case .identityRead(let token, let reply, _): return identityRead(token, reply)
    case .pageRead(let token, let reply, _): return pageRead(token, reply)
    case .handshakeRead(let token, let reply, _): return handshakeRead(token, reply)
    case .profileResolved(let token, let reply, _): return profileResolved(token, reply)
    case .trustRead(let token, let reading): return trustRead(token, reading)
    case .journalRead(let token, let reading): return journalRead(token, reading)
    case .reconciled(let token, let findings): return reconciled(token, findings)
    case .written(let token, let result): return written(token, result)
    // What the reply says concerns the screen that asked.
    case .loginEnded(let token, _, _), .lettersDrawn(let token, _): _ = requests.end(token)
    default: break
    }
    return []
  }

  mutating func start() -> [Effect] {
    [readTrust(), .readJournal(requests.begin(.journal))] + effects(of: loader.begin())
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
    guard notices.isRefreshing, !isUnderWay else { return }
    notices.isRefreshing = false
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

  private mutating func identityRead(
    _ token: Token, _ reply: Result<Reply<Identity>, BackendError>
  ) -> [Effect] {
    guard case .identity(let account) = requests.end(token) else { return [] }
    return effects(of: loader.handle(.identity(account, reply), at: uptime))
  }

  private mutating func pageRead(
    _ token: Token, _ reply: Result<Reply<Page>, BackendError>
  ) -> [Effect] {
    guard case .page(let pass) = requests.end(token) else { return [] }
    let next = loader.handle(.page(pass, reply), at: uptime)
    if case .success = reply, next.isEmpty, inbox.isSettled,
      inbox.sources.values.allSatisfy(\.status.hasEnded)
    {
      // Rows that changed in place may match the filter now.
      inbox.refilter(at: now, onlyTimed: false)
    }
    return effects(of: next)
  }

  private mutating func handshakeRead(
    _ token: Token, _ reply: Result<Reply<Handshake>, BackendError>
  ) -> [Effect] {
    guard case .handshake(let id, let account, let isTold) = requests.end(token) else { return [] }
    let before = inbox.row(id)?.handshake
    let next = loader.handle(.handshake(id, as: account, reply), at: uptime)
    switch reply {
    case .success(let reply) where isTold:
      notice = Notice(
        before == reply.value ? "\(id.text) read again: unchanged" : "\(id.text) has changed",
        before == reply.value ? .news : .refusal)
    case .failure(let error) where isTold:
      notice = Notice("\(id.text): \(labels.words(for: error))", .fault)
    case .success, .failure: break
    }
    return effects(of: next)
  }

  private mutating func trustRead(_ token: Token, _ reading: TrustReading) -> [Effect] {
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
    return []
  }

  private mutating func journalRead(_ token: Token, _ reading: JournalReading) -> [Effect] {
    guard requests.end(token) == .journal else { return [] }
    journal.isRead = true
    switch reading {
    case .chain(let chain):
      journal.show(chain)
      inbox.join(JournalNotes(chain.records), at: launch.place)
    case .failed(let fault):
      journal.fault = fault
    }
    return []
  }

  /// Reads one handshake again, as an account that can see it.
  mutating func reread(_ row: Row, isTold: Bool = true) -> [Effect] {
    guard let id = row.id, let source = row.sources.first else { return [] }
    return [effect(of: .handshake(id, as: source.account), isTold: isTold)]
  }

  /// Plans an answer to a row as it is shown; returns why it cannot be planned.
  mutating func stage(_ answer: Answer, _ row: Row) -> Plan.Refusal? {
    let now = now
    switch plan.stage(answer, row, in: inbox, from: launch.place, at: now) {
    case .success: return nil
    case .failure(let refusal): return refusal
    }
  }

  /// Plans the answers kept from an earlier session again, unconfirmed.
  ///
  /// Those whose handshake is unknown wait while an account has not been read.
  mutating func restage() {
    let kept = answers.kept
    let isWhole = sourceSummary.failed.isEmpty
    var staged = 0
    answers.kept = []
    for answer in kept where launch.mode == .write {
      guard let row = inbox.row(answer.id) else {
        if !isWhole { answers.kept.append(answer) }
        continue
      }
      if stage(answer.answer, row) == nil { staged += 1 }
    }
    guard staged > 0 || answers.kept.isEmpty else { return }
    notice = Notice(
      "\(staged) of \(kept.count) answers planned in the last session restored; nothing is sent")
  }

  /// The planned answers, and those of an earlier session that could not be planned again yet.
  var answersToKeep: [StagedAnswer] {
    plan.items.map { StagedAnswer(id: $0.id, answer: $0.answer) }
      + answers.kept.filter { plan[$0.id] == nil }
  }
}

// Profiles whose account STS reports after the first frame. Until then their handshakes are
// unknown.

extension Session {
  private mutating func profileResolved(
    _ token: Token, _ reply: Result<AccountID, BackendError>
  ) -> [Effect] {
    guard case .profile(let name) = requests.end(token) else { return [] }
    let next = loader.handle(.account(name, reply), at: uptime)
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

extension Session {
  /// The first profile that failed for want of a login.
  var profileWithoutLogin: Untrusted? {
    sourceSummary.failed.first { failure(of: $0)?.wantsLogin ?? false }
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
  func profileName(of key: ProfileKey) -> Untrusted? {
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

// MARK: - Reconciliation and files

extension Session {
  private mutating func reconciled(_ token: Token, _ findings: [Reconciler.Finding]) -> [Effect] {
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

  /// The most bytes that are copied to a clipboard.
  static let clipboardLimit = 8_192

  /// Copies a text to the clipboard; one that is too long for it is refused.
  mutating func copy(_ text: String, as what: String) -> [Effect] {
    guard !text.isEmpty else { return [] }
    guard text.utf8.count <= Self.clipboardLimit else {
      notice = Notice("\(what): longer than 8 KiB, the clipboard's limit; e exports it", .refusal)
      return []
    }
    return [.copy(requests.begin(.writing("copied \(what)")), text)]
  }

  private mutating func written(_ token: Token, _ result: FileResult) -> [Effect] {
    guard case .writing(let what) = requests.end(token) else { return [] }
    switch result {
    case .done(let place): notice = Notice("\(what) \(format.typed(place))")
    case .failed(let fault):
      notice = Notice("not \(what.prefix { $0 != " " }): \(format.typed(fault))", .fault)
    }
    return []
  }
}
