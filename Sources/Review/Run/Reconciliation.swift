import Model
import Text

/// Finds out by reading what became of a request. It never sends one.
///
/// Reads at once when the request is long over, and else 1, 2, 4, 8, 15 and 30 seconds apart, until
/// the answer is plain or the minute is over (SEC-4.4.9).
struct Reconciliation: Hashable {
  private let intent: JournalIntent
  private var waits: ArraySlice<Span>
  private let readsAtOnce: Bool
  /// What the last look told, for when there is no other.
  private var standing = IntentOutcome.unknown(.unreadable, closed: false)
  /// The number of the reading that comes next or is under way, from 1.
  private(set) var reading = 1
  /// How many readings there are at most.
  let limit: Int

  /// What the last reading said; nil before the first.
  var found: IntentOutcome? { reading == 1 ? nil : standing }

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

  struct Conclusion: Hashable {
    var outcome: IntentOutcome
    var handshake: Handshake?
  }

  static let waits: [Span] = [1, 2, 4, 8, 15, 30].map { .seconds($0) }
  /// After a refusal, of which nothing is open but what the handshake is now.
  static let waitsAfterRefusal: [Span] = [1, 2].map { .seconds($0) }

  /// - Parameter age: How long ago the request was made; nil for just now.
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

  /// Ends it before all readings are made.
  func conclude() -> Step { .conclude(Conclusion(outcome: standing)) }

  func waited() -> Step { look }

  private var look: Step {
    switch intent.act {
    case .answer(_, let id, _): .read(id)
    case .invite: .list(Query(.sent, filter: .action(.invite)))
    // Which action the parent goes by is not agreed on.
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
      // Nothing will ever be learnt; but replicas may lag, so not at the first look.
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

  /// Whether the handshake is the one that the request was to make. Both times are the service's;
  /// its machines may differ by a little.
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
