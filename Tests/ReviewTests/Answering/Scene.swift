import Model
import ReviewAnswering
import ReviewInbox
import ReviewJournal
import Synchronization
import TestSupport
import Text

/// A run over a service that keeps the truth, a journal in memory and a clock that only the test
/// moves.
struct Scene {
  let time = ManualTime()
  let service: TruthService
  let file: JournalInMemory
  let journal: Journal
  /// The trust list on the disk.
  let rules: Rules
  static let recipient = "222233334444"

  init(
    file: JournalInMemory = JournalInMemory(),
    fate: @escaping @Sendable (Int, Model.Operation) -> TruthService.Fate = { _, _ in .answered }
  ) throws {
    self.file = file
    rules = Rules(time)
    service = TruthService(clock: time, fate: fate)
    journal = .testing(in: file, clock: time)
  }

  /// Puts an invitation to this account on the service and plans an answer to it.
  func plan(
    _ number: Int, _ answer: Answer = .accept, to recipient: String? = nil,
    change: (inout InvitationFixture) -> Void = { _ in }
  ) throws -> WriteRequest {
    var fixture = InvitationFixture()
    fixture.id = "h-00000000\(number.padded(4))"
    fixture.recipient = recipient ?? "22223333\(number.padded(4))"
    change(&fixture)
    let handshake = try fixture.make()
    service.put(handshake)
    let account = answer == .cancel ? fixture.sender : fixture.recipient
    service.put(try Fixture.identity(account))
    return .answer(try item(handshake, answer, account))
  }

  func item(_ handshake: Handshake, _ answer: Answer, _ account: String) throws -> PlanItem {
    let account = try Fixture.account(account)
    guard let id = handshake.id else { throw FixtureError(text: "no id") }
    return PlanItem(
      id: id, answer: answer, account: account, seen: handshake,
      fingerprint: Fingerprint(of: handshake, for: account, at: Events.place),
      actor: try Fixture.identity(account.text), senderTrust: SenderTrust(.new))
  }

  var driver: RunDriver {
    RunDriver(
      backends: { [service] in service.backend($0) }, journal: journal,
      rules: { [rules] in rules.read() }, clock: time, sleeper: ManualSleeper(time))
  }

  var reconciler: Reconciler {
    Reconciler(
      readers: { [service] in service.backend($0) }, journal: journal,
      sleeper: ManualSleeper(time), place: Events.place)
  }

  static let settings = RunSettings(place: Events.place, reason: Untrusted("CHG-1"))

  func run(
    _ writes: [WriteRequest], stop: StopFlag = StopFlag(), pace: Pace = .organizations,
    news: @Sendable (RunNews) -> Void = { _ in }
  ) async -> RunSummary {
    await driver.run(writes, settings: Self.settings, pace: pace, stop: stop, news: news).summary
  }

  /// The kinds of the journal's lines, without the first.
  func kinds() throws -> [String] {
    try journal.read().records.dropFirst().map { record in
      switch record.event {
      case .intent: "INTENT"
      case .outcome(_, let outcome): Self.name(outcome)
      case .stopped(let cause, let left): "STOPPED \(cause.rawValue) \(left.count)"
      default: "other"
      }
    }
  }

  private static func name(_ outcome: IntentOutcome) -> String {
    switch outcome {
    case .notSent: "NOT_SENT"
    case .done: "DONE"
    case .refused: "REFUSED"
    case .unknown(let doubt, _): "UNKNOWN \(doubt.rawValue)"
    case .doneLater: "DONE_LATER"
    case .notApplied: "NOT_APPLIED_SO_FAR"
    }
  }
}

extension WriteRequest {
  var id: HandshakeID {
    get throws {
      guard let handshake else { throw FixtureError(text: "no handshake") }
      return handshake
    }
  }
}

/// The rules as a test has them on the disk, and what happens while they are read.
final class Rules: Sendable {
  private let time: ManualTime
  private let content = Mutex<(RulesReading, pauses: [Span])>(
    (.rules(SendingRules(trust: TrustList())), []))

  init(_ time: ManualTime) { self.time = time }

  func set(_ reading: RulesReading) { content.withLock { $0.0 = reading } }

  /// The program is stopped for so long during the next reads.
  func pause(_ spans: [Span]) { content.withLock { $0.pauses = spans } }

  func read() -> RulesReading {
    let (reading, pause) = content.withLock { content in
      (content.0, content.pauses.isEmpty ? nil : content.pauses.removeFirst())
    }
    if let pause { time.pass(pause) }
    return reading
  }
}

/// The reports, in their order.
final class Heard<Value: Sendable>: Sendable {
  private let values = Mutex<[Value]>([])
  var all: [Value] { values.withLock { $0 } }
  func hear(_ value: Value) { values.withLock { $0.append(value) } }
}
