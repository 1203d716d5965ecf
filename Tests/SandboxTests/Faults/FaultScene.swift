import LocalBackend
import Model
import ReviewAnswering
import ReviewInbox
import ReviewJournal
import Sandbox
import TestSupport
import Text
import Wire

/// Answers to invitations, sent by our own client to our own sandbox with faults switched on: with
/// a journal, and with the sandbox's truth log to compare the reports with.
struct FaultScene {
  let world: World
  let journal: Journal
  let place: ServicePlace
  private let file: JournalInMemory
  private let client: FaultClient

  /// An answer to send, and its result.
  struct Report {
    var write: WriteRequest
    var result: WriteResult
  }

  /// Creates a store with `size` invitations, a server with the faults of `rules`, and a client.
  ///
  /// `power` limits the client's steps; nil when it never fails.
  ///
  /// - Throws: `FaultRule.Malformed` for an invalid rule, and what `World` throws if the store or
  ///   the server cannot be created.
  init(
    _ rules: [String] = [], seed: UInt64 = 1, size: Int, power: PowerCut? = nil,
    habit: FaultClient.Habit = .once
  ) throws {
    var options = SandboxServer.Options()
    options.faults = try rules.map { try FaultRule($0) }
    options.faultSeed = seed
    world = try World(options, size: size)
    file = JournalInMemory(fate: { append in
      power.map { $0.allows() ? .written : .torn(append * 31 % 700) } ?? .written
    })
    journal = .testing(in: file, clock: world.time, seed: seed)
    place = ServicePlace(.aws, at: Untrusted(world.server.url))
    client = FaultClient(world, power: power, habit: habit)
  }

  private init(after scene: FaultScene) {
    world = scene.world
    place = scene.place
    // Only the contents of the disk are left.
    file = JournalInMemory(scene.file.bytes)
    journal = .testing(in: file, clock: world.time, seed: 99, boot: "boot-2")
    client = FaultClient(world)
  }

  /// The client after it was killed and started again.
  var restarted: FaultScene { FaultScene(after: self) }

  // MARK: Errands

  /// So many answers, accepts and declines in turn, each of another account or invitation.
  func writes(_ count: Int) async throws -> [WriteRequest] {
    var writes: [WriteRequest] = []
    for account in try await world.store.accounts() where account.role == .standalone {
      let backend = LocalBackend(store: world.store, account: account.id, user: "test")
      let actor = try await backend.identity().value
      let page = try await backend.handshakes(Query(.received), page: nil).value
      for seen in page.handshakes where writes.count < count {
        guard let id = seen.id else { continue }
        writes.append(
          .answer(
            PlanItem(
              id: id, answer: writes.count % 2 == 0 ? .accept : .decline, account: account.id,
              seen: seen, fingerprint: Fingerprint(of: seen, for: account.id, at: place),
              actor: actor, senderTrust: SenderTrust(.new))))
      }
    }
    guard writes.count == count else { throw FixtureError(text: "\(writes.count) invitations") }
    return writes
  }

  // MARK: Running

  /// Each in a run of its own, so that an unknown result does not stop the others.
  func run(_ writes: [WriteRequest]) async -> [Report] {
    let driver = RunDriver(
      backends: { client.backend($0) }, journal: journal,
      rules: { .rules(SendingRules(trust: TrustList())) }, clock: world.time,
      sleeper: ManualSleeper(world.time))
    let settings = RunSettings(place: place, reason: Untrusted("CHG-1"))
    var reports: [Report] = []
    for write in writes {
      let (summary, _) = await driver.run([write], settings: settings, pace: .unlimited)
      reports += summary.results.map { Report(write: write, result: $0) }
    }
    return reports
  }

  /// The network works again, and open attempts are resolved.
  func settle() async throws {
    _ = try await world.admin("DELETE", "faults")
    let reconciler = Reconciler(
      readers: { client.backend($0) }, journal: journal, sleeper: ManualSleeper(world.time),
      place: place)
    _ = try await reconciler.reconcile()
  }

  // MARK: The truth

  /// The answers that arrived for each handshake, in order; true for those that were applied.
  func arrivals() async throws -> [HandshakeID: [Bool]] {
    var arrivals: [HandshakeID: [Bool]] = [:]
    for operation in [Operation.acceptHandshake, .declineHandshake] {
      for entry in try await world.truth(operation) {
        guard let id = entry["HandshakeId"]?.string.flatMap({ HandshakeID($0) }) else { continue }
        arrivals[id, default: []].append(entry["Applied"] == .bool(true))
      }
    }
    return arrivals
  }

  /// The number of answers with an injected fault. (The truth log does not have delays.)
  func struck() async throws -> Int {
    var count = 0
    for operation in [Operation.acceptHandshake, .declineHandshake] {
      count += try await world.truth(operation).count { $0["Fault"] != nil }
    }
    return count
  }

  /// Contradictions to the truth log: before open attempts are resolved, and after.
  func faults(in reports: [Report]) async throws -> [String] {
    let arrivals = try await arrivals()
    var faults: [String] = []
    for report in reports {
      guard let id = report.write.handshake else { continue }
      let applied = (arrivals[id] ?? []).count { $0 }
      if applied > 1 { faults.append("\(id.text) was applied \(applied) times") }
      // An answer that is known to be done is never sent again.
      if let first = arrivals[id]?.firstIndex(of: true), arrivals[id]?.count != first + 1 {
        faults.append("\(id.text) was sent again after it was applied")
      }
      let isTrue =
        switch report.result.outcome {
        case .done: applied == 1
        case .refused, .notSent, .heldBack, .notTried: applied == 0
        case .notApplied: applied == 0
        case .unknown: true
        }
      if !isTrue { faults.append("\(id.text): \(report.result.outcome) with \(applied) applied") }
    }
    return faults
  }

  /// Errors in the journal's last entries, once everything is settled.
  func faultsOfTheJournal(on writes: [WriteRequest]) async throws -> [String] {
    let arrivals = try await arrivals()
    let chain = try journal.read()
    var faults = chain.firstBad == nil ? [] : ["the journal's chain is broken"]
    if try !journal.openIntents().isEmpty { faults.append("an intent is open") }
    let notes = JournalNotes(chain.records)
    for write in writes {
      guard let id = write.handshake else { continue }
      let isApplied = arrivals[id]?.contains(true) ?? false
      if (notes.appliedAttempt(id, at: place) != nil) != isApplied {
        faults.append("\(id.text): the journal says otherwise")
      }
    }
    return faults
  }
}

/// A client that behaves wrongly: it resends an answer whose result is unknown.
struct CarelessBackend: HandshakeBackend {
  let backend: any HandshakeBackend

  private func insist(
    _ call: () async throws(BackendError) -> Reply<Handshake>
  ) async throws(BackendError) -> Reply<Handshake> {
    do throws(BackendError) { return try await call() } catch {
      guard error.applied == .unknown else { throw error }
      return try await call()
    }
  }

  func identity() async throws(BackendError) -> Reply<Identity> { try await backend.identity() }
  func handshakes(_ query: Query, page: PageToken?) async throws(BackendError) -> Reply<Page> {
    try await backend.handshakes(query, page: page)
  }
  func handshake(_ id: HandshakeID) async throws(BackendError) -> Reply<Handshake> {
    try await backend.handshake(id)
  }
  func accept(_ id: Untrusted) async throws(BackendError) -> Reply<Handshake> {
    try await insist { () async throws(BackendError) in try await backend.accept(id) }
  }
  func decline(_ id: Untrusted) async throws(BackendError) -> Reply<Handshake> {
    try await insist { () async throws(BackendError) in try await backend.decline(id) }
  }
  func cancel(_ id: Untrusted) async throws(BackendError) -> Reply<Handshake> {
    try await insist { () async throws(BackendError) in try await backend.cancel(id) }
  }
  func invite(_ invitation: Invitation) async throws(BackendError) -> Reply<Handshake> {
    try await backend.invite(invitation)
  }
  func enableAllFeatures() async throws(BackendError) -> Reply<Handshake> {
    try await backend.enableAllFeatures()
  }
}
