import Model
import Review
import Text

// What is asked of the backends, and what is done with the answers. A reply whose token is not known
// any more is dropped.

extension State {
  mutating func start() -> [Effect] {
    if inbox.roster.isEmpty, let id = opening {
      notice = Notice("handshake \(id.text) not found: there is no account to read", .fault)
      opening = nil
    }
    return [readTrust(), .readJournal(requests.begin(.journal))]
      + inbox.profiles.map { readIdentity($0.account) } + askProfiles() + reconcileWhenResolved()
  }

  mutating func readTrust() -> Effect { .readTrust(requests.begin(.trust)) }

  mutating func readIdentity(_ account: AccountID) -> Effect {
    inbox.addSource(SourceKey(account, .received))
    return .readIdentity(requests.begin(.identity(account)), account)
  }

  /// Says how reading everything again ended, once nothing of it is under way.
  mutating func endRefresh() {
    let isUnderWay = requests.contains { request in
      switch request {
      case .identity, .profile, .page: true
      case .login, .handshake, .trust, .journal, .letters, .run, .reconciliation, .writing: false
      }
    }
    guard isRefreshing, !isUnderWay else { return }
    isRefreshing = false
    // A later message is not covered.
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

  /// Reads everything again. What is under way is given up.
  mutating func refreshAll() -> [Effect] {
    let unwanted = requests.forget { request in
      switch request {
      case .identity, .profile, .page, .handshake, .trust, .journal: true
      case .login, .letters, .run, .reconciliation, .writing: false
      }
    }
    inbox.admit()
    for profile in inbox.unresolvedProfiles { inbox.awaiting(profile.name) }
    return unwanted.map(Effect.abandon)
      + [readTrust(), .readJournal(requests.begin(.journal))]
      + inbox.profiles.map { readIdentity($0.account) } + askProfiles()
  }

  mutating func identityRead(
    _ token: Token, _ reply: Result<Reply<Identity>, BackendError>
  ) -> [Effect] {
    guard case .identity(let account) = requests.end(token) else { return [] }
    switch reply {
    case .success(let reply) where reply.value.account == account:
      inbox.identified(reply, uptime: uptime)
      return SourceKey.all(for: reply.value).map { readPage(inbox.begin($0), nil) }
    case .success(let reply):
      // The credentials of a profile turned out to be those of another account.
      let other = Untrusted("these credentials belong to account \(reply.value.account.text)")
      let error = BackendError(
        .unreadable(other), in: .getCallerIdentity, applied: .refused, time: reply.time)
      inbox.failedToIdentify(account, error, uptime: uptime)
    case .failure(let error):
      inbox.failedToIdentify(account, error, uptime: uptime)
    }
    return []
  }

  private mutating func readPage(_ pass: Pass, _ page: PageToken?) -> Effect {
    .readPage(
      requests.begin(.page(pass)), pass.source.account, Query(pass.source.direction), page: page)
  }

  mutating func pageRead(
    _ token: Token, _ reply: Result<Reply<Page>, BackendError>
  ) -> [Effect] {
    guard case .page(let pass) = requests.end(token) else { return [] }
    holdFocus()
    defer { settleFocus() }
    switch reply {
    case .success(let reply):
      guard let next = inbox.apply(reply, of: pass, uptime: uptime) else {
        // What changed in place may pass the filter now.
        if inbox.isSettled, inbox.sources.values.allSatisfy(\.status.hasEnded) {
          inbox.refilter(at: now, onlyTimed: false)
        }
        return []
      }
      return [readPage(pass, next)]
    case .failure(let error):
      inbox.fail(pass, error, uptime: uptime)
      return []
    }
  }

  mutating func handshakeRead(
    _ token: Token, _ reply: Result<Reply<Handshake>, BackendError>
  ) -> [Effect] {
    guard case .handshake(let source, let id, let isTold) = requests.end(token) else { return [] }
    holdFocus()
    switch reply {
    case .success(let reply):
      let before = inbox.row(id)?.handshake
      inbox.apply(reply, seenBy: source, uptime: uptime)
      guard isTold else { break }
      notice = Notice(
        before == reply.value ? "\(id.text) read again: unchanged" : "\(id.text) has changed",
        before == reply.value ? .news : .refusal)
    case .failure(let error):
      if isTold { notice = Notice("\(id.text): \(words(for: error))", .fault) }
    }
    settleFocus()
    return []
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

  /// Reads one handshake again, with the eyes that see it.
  mutating func reread(_ row: Row, isTold: Bool = true) -> [Effect] {
    guard let id = row.id, let source = row.sources.first else { return [] }
    let token = requests.begin(.handshake(source, id, isTold: isTold))
    return [.readHandshake(token, source.account, id)]
  }

  /// Stages anew, unarmed, what an earlier session had staged when it was cut off.
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

  /// After rows came or changed: the first row takes the focus, and the handshake that was asked for
  /// at the start is opened.
  mutating func settleFocus() {
    // Which row came first is chance: nobody chose it, and those above it would be out of sight.
    if inbox.isSettled, !isTouched { lists = Lists() }
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
