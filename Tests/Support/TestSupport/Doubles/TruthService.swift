import Model
import Synchronization
import Text

/// A service of a few handshakes that counts what was applied.
///
/// Its replies fail as a test wants.
public final class TruthService: Sendable {
  /// The result of a call.
  public enum Fate: Hashable, Sendable {
    case answered
    /// No byte is sent.
    case notSent
    /// There are no credentials to sign it with.
    case unsigned
    /// Refused with this error; nothing is applied.
    case refused(ServiceException)
    /// Applied or not, and the reply is lost.
    case lost(applied: Bool)
    /// Applied, and the reply is about another handshake.
    case odd
  }

  private struct Ledger {
    var handshakes: [HandshakeID: Handshake] = [:]
    var identities: [AccountID: Identity] = [:]
    var applied: [HandshakeID: Int] = [:]
    var sent: [Invitation] = []
    var calls: [Operation] = []
  }

  private let ledger = Mutex(Ledger())
  private let clock: any TimeSource
  private let fate: @Sendable (_ call: Int, Operation) -> Fate

  /// Creates a service without handshakes and accounts.
  ///
  /// `fate` decides what becomes of the n-th call, counted from 1 over all accounts.
  public init(
    clock: any TimeSource = ManualTime(),
    fate: @escaping @Sendable (Int, Operation) -> Fate = { _, _ in .answered }
  ) {
    self.clock = clock
    self.fate = fate
  }

  /// Stores a handshake in place of one with the same id; ignores a handshake without an id.
  public func put(_ handshake: Handshake) {
    guard let id = handshake.id else { return }
    ledger.withLock { $0.handshakes[id] = handshake }
  }

  /// Stores the identity of an account.
  ///
  /// An account without one gets `.accessDenied` from `identity()`.
  public func put(_ identity: Identity) {
    ledger.withLock { $0.identities[identity.account] = identity }
  }

  /// Returns the handshake with this id in its present state; nil if there is none.
  public subscript(id: HandshakeID) -> Handshake? { ledger.withLock { $0.handshakes[id] } }

  /// Returns how often an answer to this handshake was applied.
  public func applied(_ id: HandshakeID) -> Int { ledger.withLock { $0.applied[id] ?? 0 } }

  /// The invitations that were applied, in order.
  public var invitations: [Invitation] { ledger.withLock { $0.sent } }

  /// Every call that arrived or was attempted.
  public var calls: [Operation] { ledger.withLock { $0.calls } }

  /// Returns a client of this service that is signed in as `account`.
  public func backend(_ account: AccountID) -> any HandshakeBackend {
    Backend(service: self, account: account)
  }

  private func call<Value>(
    _ operation: Operation, odd: (Value) -> Value = { $0 },
    _ body: (inout Ledger) throws(BackendError) -> Value
  ) throws(BackendError) -> Reply<Value> {
    let number = ledger.withLock { ledger in
      ledger.calls.append(operation)
      return ledger.calls.count
    }
    let text = Untrusted("a fault of the test")
    let fate = fate(number, operation)
    switch fate {
    case .notSent: throw BackendError(.transport(text), in: operation, applied: .notSent)
    case .unsigned:
      throw BackendError(
        .credentials(CredentialsFault(.codeNotGiven, from: .assumeRole, detail: text)),
        in: operation, applied: .notSent)
    case .refused(let exception):
      throw BackendError(
        .service(exception, reason: nil, message: text), in: operation, applied: .refused,
        time: clock.now())
    case .lost(applied: false):
      throw BackendError(.transport(text), in: operation, applied: .unknown)
    case .answered, .lost, .odd: break
    }
    var copy = ledger.withLock { $0 }
    let value = try body(&copy)
    let after = copy
    ledger.withLock { $0 = after }
    if case .lost = fate { throw BackendError(.transport(text), in: operation, applied: .unknown) }
    return Reply(fate == .odd ? odd(value) : value, at: clock.now())
  }

  private func refusal(_ exception: ServiceException, _ operation: Operation) -> BackendError {
    BackendError(
      .service(exception, reason: nil, message: Untrusted("no")), in: operation,
      applied: .refused, time: clock.now())
  }
}

// MARK: - As one account

extension TruthService {
  private struct Backend: HandshakeBackend {
    let service: TruthService
    let account: AccountID

    func identity() throws(BackendError) -> Reply<Identity> {
      try service.call(.describeOrganization) { (ledger) throws(BackendError) in
        guard let identity = ledger.identities[account] else {
          throw service.refusal(.accessDenied, .describeOrganization)
        }
        return identity
      }
    }

    func handshakes(_ query: Query, page: PageToken?) throws(BackendError) -> Reply<Page> {
      try service.call(.listHandshakesForOrganization) { (ledger) throws(BackendError) in
        let sent = ledger.handshakes.values.filter { $0.senderAccount == account }
        return Page(handshakes: sent, next: nil)
      }
    }

    func handshake(_ id: HandshakeID) throws(BackendError) -> Reply<Handshake> {
      try service.call(.describeHandshake) { (ledger) throws(BackendError) in
        guard let handshake = ledger.handshakes[id] else {
          throw service.refusal(.handshakeNotFound, .describeHandshake)
        }
        return handshake
      }
    }

    func accept(_ id: Untrusted) throws(BackendError) -> Reply<Handshake> {
      try answer(.accept, id)
    }

    func decline(_ id: Untrusted) throws(BackendError) -> Reply<Handshake> {
      try answer(.decline, id)
    }

    func cancel(_ id: Untrusted) throws(BackendError) -> Reply<Handshake> {
      try answer(.cancel, id)
    }

    private func answer(_ answer: Answer, _ text: Untrusted) throws(BackendError)
      -> Reply<Handshake>
    {
      let operation = Operation.sending(answer)
      return try service.call(operation, odd: Self.another) { (ledger) throws(BackendError) in
        guard let id = text.asciiText.flatMap({ HandshakeID($0) }),
          let handshake = ledger.handshakes[id], let state = handshake.state
        else { throw service.refusal(.handshakeNotFound, operation) }
        switch Transition.of(answer, in: state, handshake.shape) {
        case .allowed: break
        case .alreadyInState: throw service.refusal(.handshakeAlreadyInState, operation)
        case .invalid: throw service.refusal(.invalidHandshakeTransition, operation)
        case .denied: throw service.refusal(.accessDenied, operation)
        }
        ledger.handshakes[id]?.state = answer.target
        ledger.applied[id, default: 0] += 1
        return ledger.handshakes[id] ?? handshake
      }
    }

    private static func another(_ handshake: Handshake) -> Handshake {
      var other = handshake
      other.id = HandshakeID("h-00000000")
      return other
    }

    func invite(_ invitation: Invitation) throws(BackendError) -> Reply<Handshake> {
      let number = service.invitations.count
      return try service.call(.inviteAccountToOrganization) { (ledger) throws(BackendError) in
        var fixture = InvitationFixture()
        fixture.id = "h-1nv1tat10n\(number)"
        fixture.sender = account.text
        if case .account(let target) = invitation.target, let text = target.asciiText {
          fixture.recipient = text
        }
        fixture.requested = service.clock.now()
        guard let made = try? fixture.make(), let id = made.id else {
          throw service.refusal(.invalidInput, .inviteAccountToOrganization)
        }
        ledger.sent.append(invitation)
        ledger.handshakes[id] = made
        return made
      }
    }

    func enableAllFeatures() throws(BackendError) -> Reply<Handshake> {
      throw service.refusal(.handshakeConstraintViolation, .enableAllFeatures)
    }
  }
}
