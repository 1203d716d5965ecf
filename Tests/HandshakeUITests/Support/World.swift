import Model
import ReviewInbox
import Synchronization
import TestSupport
import Text

/// A few accounts and their handshakes: the organization of the mock-ups.
///
/// Answers change it, and it counts them.
final class World: Sendable {
  struct Content: Sendable {
    var handshakes: [Handshake] = []
    var identities: [AccountID: Identity] = [:]
    var failures: [AccountID: BackendError] = [:]
    var answered: [HandshakeID: Int] = [:]
    /// The identities from STS for profiles whose account is unknown at the start.
    var owners: [Untrusted: Result<AccountID, BackendError>] = [:]
    /// The trust list as another session left it.
    var trust: TrustList?
    /// The failure of the next answer.
    var refusal: BackendError?
  }

  let content: Mutex<Content>
  let time: ManualTime
  let profiles: [Profile]

  init(_ content: Content, profiles: [Profile], time: ManualTime = ManualTime()) {
    self.content = Mutex(content)
    self.profiles = profiles
    self.time = time
  }

  func change(_ body: (inout Content) -> Void) { content.withLock { body(&$0) } }

  var handshakes: [Handshake] { content.withLock(\.handshakes) }

  func answers(to id: HandshakeID) -> Int { content.withLock { $0.answered[id] ?? 0 } }

  func owner(of profile: Untrusted) -> Result<AccountID, BackendError> {
    content.withLock { $0.owners[profile] }
      ?? .failure(BackendError(.cancelled, in: .getCallerIdentity, applied: .notSent))
  }

  var answers: Int { content.withLock { $0.answered.values.reduce(0, +) } }

  func backend(_ account: AccountID) -> any HandshakeBackend { Eyes(world: self, account: account) }
}

/// One account's view of the world.
private struct Eyes: HandshakeBackend {
  let world: World
  let account: AccountID

  private func look<Value>(
    _ body: (inout World.Content) -> Result<Value, BackendError>
  ) throws(BackendError) -> Reply<Value> {
    let result = world.content.withLock { content in
      if let failure = content.failures[account] {
        return Result<Value, BackendError>.failure(failure)
      }
      return body(&content)
    }
    return Reply(try result.get(), at: world.time.now())
  }

  func identity() throws(BackendError) -> Reply<Identity> {
    try look { content in
      content.identities[account].map { .success($0) }
        ?? .failure(refusal(.accessDenied, .getCallerIdentity))
    }
  }

  func handshakes(_ query: Query, page: PageToken?) throws(BackendError) -> Reply<Page> {
    try look { content in
      let found = content.handshakes.filter { handshake in
        switch query.direction {
        case .sent: handshake.senderAccount == account
        case .received:
          handshake.recipientAccount == account && handshake.shape != .finalisation
        }
      }
      // Pages of three, so that every listing has several.
      let start = page.flatMap { $0.text.asciiText }.flatMap { Int($0) } ?? 0
      let end = min(start + 3, found.count)
      let next = end < found.count ? PageToken(Untrusted(String(end))) : nil
      return .success(Page(handshakes: Array(found[min(start, end)..<end]), next: next))
    }
  }

  func handshake(_ id: HandshakeID) throws(BackendError) -> Reply<Handshake> {
    try look { content in
      content.handshakes.first { $0.id == id }.map { .success($0) }
        ?? .failure(refusal(.handshakeNotFound, .describeHandshake))
    }
  }

  func accept(_ id: Untrusted) throws(BackendError) -> Reply<Handshake> { try answer(.accept, id) }
  func decline(_ id: Untrusted) throws(BackendError) -> Reply<Handshake> {
    try answer(.decline, id)
  }
  func cancel(_ id: Untrusted) throws(BackendError) -> Reply<Handshake> { try answer(.cancel, id) }

  private func answer(_ answer: Answer, _ text: Untrusted) throws(BackendError) -> Reply<Handshake>
  {
    try look { content in
      let operation = Model.Operation.sending(answer)
      if let refusal = content.refusal { return .failure(refusal) }
      guard let id = text.asciiText.flatMap({ HandshakeID($0) }),
        let index = content.handshakes.firstIndex(where: { $0.id == id })
      else { return .failure(refusal(.handshakeNotFound, operation)) }
      content.handshakes[index].state = answer.target
      content.answered[id, default: 0] += 1
      return .success(content.handshakes[index])
    }
  }

  func invite(_ invitation: Invitation) throws(BackendError) -> Reply<Handshake> {
    throw refusal(.accessDenied, .inviteAccountToOrganization)
  }

  func enableAllFeatures() throws(BackendError) -> Reply<Handshake> {
    throw refusal(.accessDenied, .enableAllFeatures)
  }

  private func refusal(
    _ exception: ServiceException, _ operation: Model.Operation
  ) -> BackendError {
    BackendError(
      .service(exception, reason: nil, message: Untrusted("no")), in: operation, applied: .refused,
      time: world.time.now())
  }
}
