import Model
import ReviewInbox
import ReviewJournal
import Text

/// The search for the outcome of one request, by reading only.
///
/// It waits 1, 2, 4, 8, 15 and 30 seconds between readings, until the outcome is certain. An
/// attempt of an earlier run is read at once, and the waits that would be over by then are left out
/// (SEC-4.4.9).
struct Reconciliation: Hashable {
  private let intent: JournalIntent
  private var waits: ArraySlice<Span>
  private let readsAtOnce: Bool
  /// The result of the last reading, which is the outcome if there is no further one.
  private var standing = IntentOutcome.unknown(.unreadable, closed: false)
  /// The number of the reading that comes next or is under way, from 1.
  private(set) var reading = 1
  /// The most readings that there can be.
  let limit: Int

  /// The result of the last reading; nil before the first.
  var found: IntentOutcome? { reading == 1 ? nil : standing }

  /// The next thing to do.
  enum Step: Hashable {
    case wait(Span)
    case read(HandshakeID)
    case list(Query)
    case identify
    case conclude(Conclusion)

    var isConclusion: Bool {
      if case .conclude = self { true } else { false }
    }
  }

  /// The outcome, with the handshake from which it was read, if it was.
  struct Conclusion: Hashable {
    var outcome: IntentOutcome
    var handshake: Handshake?
  }

  /// The waits before the readings after a request.
  static let waits: [Span] = [1, 2, 4, 8, 15, 30].map { .seconds($0) }
  /// The waits before the readings after a refusal, which show only the handshake's present state.
  static let waitsAfterRefusal: [Span] = [1, 2].map { .seconds($0) }

  /// Prepares the search for a request that was made `age` ago; nil for just now.
  init(of intent: JournalIntent, age: Span?) {
    self.intent = intent
    readsAtOnce = age != nil
    var passed: Int64 = 0
    waits = Self.waits.drop { wait in
      passed += wait.milliseconds
      return passed <= age?.milliseconds ?? -1
    }
    limit = waits.count + (readsAtOnce ? 1 : 0)
  }

  init(afterRefusalOf intent: JournalIntent) {
    self.intent = intent
    readsAtOnce = false
    waits = Self.waitsAfterRefusal[...]
    limit = waits.count
  }

  mutating func begin() -> Step { readsAtOnce ? look : wait() }

  /// Ends the search before all readings are made.
  func conclude() -> Step { .conclude(Conclusion(outcome: standing)) }

  func waited() -> Step { look }

  private var look: Step {
    switch intent.act {
    case .answer(_, let id, _): .read(id)
    case .invite: .list(Query(.sent, filter: .action(.invite)))
    // The documentation disagrees about the action of the parent handshake.
    case .enableAllFeatures: .list(Query(.sent))
    }
  }

  private mutating func next() -> Step {
    reading += 1
    return wait()
  }

  private mutating func wait() -> Step {
    if let wait = waits.popFirst() { return .wait(wait) }
    return conclude()
  }

  mutating func read(_ reply: Result<Reply<Handshake>, BackendError>) -> Step {
    guard let answer = intent.answer else { return next() }
    switch reply {
    case .success(let reply) where reply.value.isAmbiguous:
      standing = .unknown(.oddState, closed: false)
      return next()
    case .success(let reply):
      let state = reply.value.state
      if state == answer.target {
        return .conclude(
          Conclusion(outcome: .doneLater(.handshake, nil), handshake: reply.value))
      }
      if let state, state.isTerminal {
        return .conclude(Conclusion(outcome: .notApplied(state), handshake: reply.value))
      }
      standing =
        reply.value.isPending ? .notApplied(state) : .unknown(.oddState, closed: false)
      return next()
    case .failure(let error):
      return failed(error)
    }
  }

  private mutating func failed(_ error: BackendError) -> Step {
    switch error.exception {
    case .accessDenied:
      // A policy of the organization that was joined may be what denies it.
      if intent.subject.joins, intent.answer == .accept { return .identify }
      return .conclude(Conclusion(outcome: .unknown(.denied, closed: false)))
    case .handshakeNotFound:
      // Nothing more will be learnt; but replicas may lag, so it counts only at the last reading.
      standing = .unknown(.gone, closed: true)
    default:
      standing = .unknown(.unreadable, closed: false)
    }
    return next()
  }

  mutating func identified(_ reply: Result<Reply<Identity>, BackendError>) -> Step {
    if case .success(let reply) = reply, let organization = reply.value.organization,
      reply.value.account == intent.account,
      organization.managementAccount == intent.subject.sender
    {
      return .conclude(Conclusion(outcome: .doneLater(.membership, nil)))
    }
    return .conclude(Conclusion(outcome: .unknown(.denied, closed: false)))
  }

  mutating func listed(_ reply: Result<[Handshake], BackendError>) -> Step {
    switch reply {
    case .success(let handshakes):
      if let made = handshakes.first(where: isMade) {
        return .conclude(
          Conclusion(outcome: .doneLater(.listing, made.id), handshake: made))
      }
      standing = .notApplied(nil)
    case .failure:
      standing = .unknown(.unreadable, closed: false)
    }
    return next()
  }

  /// Returns whether the handshake is the one that the request was to make.
  ///
  /// Both times are the service's; its machines may differ by a little.
  private func isMade(_ handshake: Handshake) -> Bool {
    guard !handshake.isAmbiguous, let requested = handshake.requested,
      handshake.senderAccount == intent.account,
      requested >= intent.asked - .seconds(5)
    else { return false }
    switch intent.act {
    case .answer: return false
    case .enableAllFeatures: return handshake.shape == .finalisation
    case .invite(.account(let account)):
      return handshake.recipientAccount.map { Untrusted($0.text) } == account
    case .invite(.email(let address)): return handshake.recipientEmail == address
    }
  }
}

/// The search for the outcomes of attempts left unresolved by a crash, a lost reply or a power cut.
///
/// It only reads the service, and records what it finds (SEC-4.4.12).
public struct Reconciler: Sendable {
  private let readers: @Sendable (AccountID) -> (any HandshakeReader)?
  private let journal: Journal
  private let sleeper: any Sleeper
  private let place: ServicePlace

  /// Creates a reconciler for the attempts at `place`; attempts at any other service are left
  /// alone.
  ///
  /// `readers` returns nil for an account that cannot be read; its attempts are skipped.
  public init(
    readers: @escaping @Sendable (AccountID) -> (any HandshakeReader)?, journal: Journal,
    sleeper: any Sleeper, place: ServicePlace
  ) {
    self.readers = readers
    self.journal = journal
    self.sleeper = sleeper
    self.place = place
  }

  /// One attempt and its outcome as now known.
  public struct Finding: Hashable, Sendable {
    /// The INTENT of the attempt.
    public var intent: JournalIntent
    /// The outcome that was found, which may still be unknown.
    public var outcome: IntentOutcome

    /// Creates a finding.
    public init(intent: JournalIntent, outcome: IntentOutcome) {
      self.intent = intent
      self.outcome = outcome
    }
  }

  /// Returns the unresolved attempts at this place by `accounts`; nil stands for all accounts.
  ///
  /// - Throws: `.damaged` if the journal's end or its index shows that lines were changed or cut
  ///   off; `.system`, `.unsafe` or `.foreignFolder` if the journal cannot be read.
  public func open(of accounts: Set<AccountID>? = nil) throws(JournalFault) -> [OpenIntent] {
    try journal.openIntents().filter { open in
      open.intent.place == place && accounts.map { $0.contains(open.intent.account) } ?? true
    }
  }

  /// Searches for the outcome of each unresolved attempt that no process holds, and records it.
  ///
  /// An outcome that is still unknown is recorded only if its reason is new. `stop`, or cancelling
  /// the task, ends it; the attempts that are left stay unresolved.
  ///
  /// - Returns: The findings, which `news` has received one by one.
  /// - Throws: What `open(of:)` throws; `.system`, `.unsafe` or `.foreignFolder` if a lock cannot
  ///   be taken; and what `Journal.append(_:)` throws for an outcome. Findings before it are
  ///   recorded.
  public func reconcile(
    of accounts: Set<AccountID>? = nil, stop: StopFlag = StopFlag(),
    news: @Sendable (Finding) -> Void = { _ in }
  ) async throws(JournalFault) -> [Finding] {
    var findings: [Finding] = []
    for open in try open(of: accounts) {
      guard stop.raised == nil, !Task.isCancelled else { break }
      guard let reader = readers(open.intent.account),
        let hold = try journal.file.hold(.intent(open.intent.id))
      else { continue }
      defer { hold.release() }
      // The process that held it may have recorded its outcome meanwhile.
      guard try self.open().contains(open) else { continue }
      guard let outcome = await conclude(open, reader, stop) else { break }
      if outcome.isEnd || outcome != open.doubt.map({ .unknown($0, closed: false) }) {
        try journal.append(.outcome(open.intent.id, outcome))
      }
      findings.append(Finding(intent: open.intent, outcome: outcome))
      news(Finding(intent: open.intent, outcome: outcome))
    }
    return findings
  }

  /// Returns the outcome of one attempt; nil if the search was stopped.
  private func conclude(
    _ open: OpenIntent, _ reader: any HandshakeReader, _ stop: StopFlag
  ) async -> IntentOutcome? {
    var reconciliation = Reconciliation(of: open.intent, age: age(of: open.moment))
    var step = reconciliation.begin()
    while true {
      guard step.isConclusion || (stop.raised == nil && !Task.isCancelled) else { return nil }
      switch step {
      case .wait(let span):
        await sleeper.sleep(span) { stop.raised != nil }
        step = reconciliation.waited()
      case .read(let id):
        step = reconciliation.read(
          await outcome { () async throws(BackendError) in try await reader.handshake(id) })
      case .list(let query):
        step = reconciliation.listed(await reader.everyPage(of: query))
      case .identify:
        // A remembered membership is the one from before the accept (SEC-4.4.11).
        step = reconciliation.identified(
          await outcome { () async throws(BackendError) in try await reader.identityNow() })
      case .conclude(let conclusion):
        return conclusion.outcome
      }
    }
  }

  /// Returns the time since `moment`.
  ///
  /// It is taken from the monotonic clock unless the machine was restarted since.
  private func age(of moment: JournalMoment) -> Span {
    let now = journal.moment
    return max(
      .zero, now.boot == moment.boot ? now.uptime - moment.uptime : now.time - moment.time)
  }
}

extension HandshakeReader {
  /// Returns all handshakes of a listing.
  ///
  /// A listing that goes round in a circle ends with an error, and so does a cancelled task.
  func everyPage(of query: Query) async -> Result<[Handshake], BackendError> {
    await outcome { () async throws(BackendError) in
      var found: [Handshake] = []
      var trail = PageTrail()
      var token: PageToken?
      repeat {
        let reply = try await handshakes(query, page: token)
        found += reply.value.handshakes
        token = try trail.next(after: reply, of: query.direction.operation)
        if Task.isCancelled {
          throw BackendError(.cancelled, in: query.direction.operation, applied: .refused)
        }
      } while token != nil
      return found
    }
  }
}
