import HandshakeUI
import Model
import ReviewAnswering
import ReviewInbox
import ReviewJournal
import ReviewWording
import Synchronization
import TestSupport
import Text

/// The replies of the service, as plain values: any state of it can be kept and restored.
struct RandomWorld: Sendable {
  private(set) var content: World.Content
  let profiles: [Profile]
  let time: Timestamp
  private let started: Span
  private(set) var trust: TrustList

  init(_ world: World, trust: TrustList) {
    content = world.content.withLock { $0 }
    profiles = world.profiles
    time = world.time.now()
    started = world.time.uptime()
    self.trust = trust
  }

  func now(_ uptime: Span) -> Timestamp { time + (uptime - started) }

  // MARK: Replies

  /// Returns the reply to a reading effect.
  ///
  /// It is sometimes a failure, of one of the possible kinds.
  func reply(to effect: Effect, at uptime: Span, _ random: inout SeededRandom) -> Message? {
    let fails = random.often(1, of: 14)
    switch effect {
    case .readIdentity(let token, let account):
      let found = content.identities[account]
      return .identityRead(
        token, result(found, .getCallerIdentity, account, fails, uptime, &random), at: uptime)
    case .readPage(let token, let account, let query, let page):
      let found = self.page(query, account, page)
      return .pageRead(
        token, result(found, .listHandshakesForAccount, account, fails, uptime, &random),
        at: uptime)
    case .readHandshake(let token, let account, let id):
      let found = content.handshakes.first { $0.id == id }
      return .handshakeRead(
        token, result(found, .describeHandshake, account, fails, uptime, &random), at: uptime)
    case .resolveProfile(let token, let name):
      let whose =
        content.owners[name]
        ?? .failure(BackendError(.cancelled, in: .getCallerIdentity, applied: .notSent))
      return .profileResolved(token, whose, at: uptime)
    case .readTrust(let token):
      return .trustRead(token, fails ? .failed("the trust list: no") : .list(trust))
    case .readJournal(let token): return .journalRead(token, .failed(.broken))
    case .drawLetters(let token): return .lettersDrawn(token, random.often(1, of: 20) ? "xv" : "kq")
    case .copy(let token, _): return .written(token, .done("OSC 52"))
    case .export(let token, let path, _): return .written(token, .done(path))
    case .logIn(let token, _): return .loginEnded(token, .done, at: uptime)
    case .reconcile(let token): return .reconciled(token, [])
    case .abandon, .giveCode, .flushInput, .send, .stopSending, .noteMismatch, .redraw, .suspend,
      .keepPlan, .quit:
      return nil
    }
  }

  private func result<Value: Sendable>(
    _ found: Value?, _ operation: Model.Operation, _ account: AccountID, _ fails: Bool,
    _ uptime: Span, _ random: inout SeededRandom
  ) -> Result<Reply<Value>, BackendError> {
    if let failure = content.failures[account] { return .failure(failure) }
    let time = now(uptime)
    if fails {
      let failures: [BackendError.Failure] = [
        .transport(Untrusted("no route")), .cancelled, .unreadable(Untrusted("\u{1B}]0;x\u{07}")),
        .service(.tooManyRequests, reason: nil, message: Untrusted("\u{202E}slow down")),
        .service(.service, reason: nil, message: Untrusted("no\u{200B}")),
      ]
      let failure = failures[Int.random(in: 0..<failures.count, using: &random)]
      return .failure(BackendError(failure, in: operation, applied: .notSent))
    }
    guard let found else {
      return .failure(
        BackendError(
          .service(.handshakeNotFound, reason: nil, message: Untrusted("no")), in: operation,
          applied: .refused, time: time))
    }
    return .success(Reply(found, at: time))
  }

  /// Pages of three, so that every listing has several.
  private func page(_ query: Query, _ account: AccountID, _ page: PageToken?) -> Page {
    let found = content.handshakes.filter { handshake in
      switch query.direction {
      case .sent: handshake.senderAccount == account
      case .received: handshake.recipientAccount == account && handshake.shape != .finalisation
      }
    }
    let start = min(page.flatMap { $0.text.asciiText }.flatMap { Int($0) } ?? 0, found.count)
    let end = min(start + 3, found.count)
    let next = end < found.count ? PageToken(Untrusted(String(end))) : nil
    return Page(handshakes: Array(found[start..<end]), next: next)
  }

  // MARK: Sending

  /// The result of each item, and the runner's reports meanwhile.
  mutating func run(_ items: [PlanItem], _ random: inout SeededRandom) -> [RunNews] {
    var news: [RunNews] = []
    var results: [WriteResult] = []
    var stopped: StopCause?
    for (index, item) in items.enumerated() {
      if stopped == nil {
        news.append(.stage(index, .checking))
        let outcome = outcome(item, &random)
        if case .notApplied = outcome { stopped = .unknownOutcome }
        results.append(WriteResult(outcome))
        news += [.stage(index, .sending), .ended(index, WriteResult(outcome))]
      } else {
        results.append(WriteResult(.notTried(.unknownOutcome)))
      }
    }
    return news + [.finished(RunSummary(results: results, stopped: stopped))]
  }

  private mutating func outcome(
    _ item: PlanItem, _ random: inout SeededRandom
  ) -> WriteOutcome {
    guard let index = content.handshakes.firstIndex(where: { $0.id == item.id }),
      content.handshakes[index] == item.seen
    else { return .heldBack(.settled(nil)) }
    switch Int.random(in: 0..<10, using: &random) {
    case 0: return .heldBack(.noBackend)
    case 1:
      return .refused(
        BackendError(
          .service(.constraintViolation, reason: .waitPeriodActive, message: Untrusted("wait")),
          in: .acceptHandshake, applied: .refused))
    case 2: return .notApplied(.open)
    default:
      content.handshakes[index].state = item.answer.target
      return .done(content.handshakes[index], nil)
    }
  }

  // MARK: Other sessions

  mutating func change(_ change: Event.Change, _ random: inout SeededRandom) throws {
    let index = Int.random(in: 0..<content.handshakes.count, using: &random)
    switch change {
    case .cancelled: content.handshakes[index].state = .canceled
    case .expired: content.handshakes[index].expires = time - .hours(1)
    case .otherOrganization:
      guard let id = content.handshakes[index].id else { return }
      content.handshakes[index].arn = HandshakeARN(
        "arn:aws:organizations::888800002222:handshake/o-zz9y8x7w6v/invite/\(id.text)")
    case .otherNotes:
      content.handshakes[index].resources.append(
        Resource(type: .notes, value: Untrusted("now\u{1B}[8m other\u{2066} words\u{AD}")))
    case .replaced, .arrived:
      var fixture = InvitationFixture()
      fixture.id = "h-" + String(UInt64.random(in: 1 << 60...UInt64.max, using: &random), radix: 16)
      fixture.recipient = content.handshakes[index].recipientAccount?.text ?? fixture.recipient
      fixture.name = "Other \u{202E}gro\u{200D}\u{3164}"
      if change == .replaced { content.handshakes[index].state = .canceled }
      content.handshakes.insert(try fixture.make(), at: change == .replaced ? 0 : index)
    case .joined:
      guard let account = content.handshakes[index].recipientAccount,
        content.identities[account] != nil
      else { return }
      content.identities[account] = try Fixture.identity(
        account.text, in: "o-elsewhere01", managedBy: "777700003333")
    case .trusted: trust = TrustList()
    case .codeAsked, .loginInvited: break
    }
  }
}
