import Model
import Text

/// Finds out what became of attempts that were left open: by a crash, a lost reply, a power cut.
/// It only reads (SEC-4.4.12).
public struct Reconciler: Sendable {
  private let readers: @Sendable (AccountID) -> (any HandshakeReader)?
  private let journal: Journal
  private let sleeper: any Sleeper
  private let place: ServicePlace

  /// - Parameter place: The service in use; attempts at any other are left alone.
  public init(
    readers: @escaping @Sendable (AccountID) -> (any HandshakeReader)?, journal: Journal,
    sleeper: any Sleeper, place: ServicePlace
  ) {
    self.readers = readers
    self.journal = journal
    self.sleeper = sleeper
    self.place = place
  }

  /// One attempt, and what is known of it now.
  public struct Finding: Hashable, Sendable {
    public var intent: JournalIntent
    public var outcome: IntentOutcome

    public init(intent: JournalIntent, outcome: IntentOutcome) {
      self.intent = intent
      self.outcome = outcome
    }
  }

  /// Those that are open at this place, of these accounts (nil: of all).
  public func open(of accounts: Set<AccountID>? = nil) throws(JournalFault) -> [OpenIntent] {
    try journal.openIntents().filter { open in
      open.intent.place == place && accounts.map { $0.contains(open.intent.account) } ?? true
    }
  }

  /// Looks into each that is open and that nobody holds, and writes down what it finds.
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
      // Whoever held it may have ended it meanwhile.
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

  /// Nil when it was stopped.
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
        step = reconciliation.identified(
          await outcome { () async throws(BackendError) in try await reader.identity() })
      case .conclude(let conclusion):
        return conclusion.outcome
      }
    }
  }

  /// How long ago it was: on the monotonic clock when the machine has not been started anew since.
  private func age(of moment: JournalMoment) -> Span {
    let now = journal.moment
    return max(
      .zero, now.boot == moment.boot ? now.uptime - moment.uptime : now.time - moment.time)
  }
}
