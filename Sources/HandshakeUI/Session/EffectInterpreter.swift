import Model
import Review
import Text

/// Carries out effects and tells what came of them.
public protocol EffectInterpreter: Sendable {
  /// What happened, in order; empty when there is nothing to tell.
  func perform(_ effect: Effect, at uptime: Span) async -> [Message]
}

/// Reads, and does nothing else: nothing is sent, journalled, written or copied.
public struct ReadingInterpreter: EffectInterpreter {
  private let reader: @Sendable (AccountID) -> (any HandshakeReader)?
  private let resolver: @Sendable (Untrusted) async -> Result<AccountID, BackendError>
  private let trust: TrustReading
  private let journal: JournalReading

  /// - Parameter resolver: Whose a profile is.
  /// - Parameter reader: Through which each account looks; nil for one that cannot.
  public init(
    trust: TrustReading, journal: JournalReading,
    resolver: @escaping @Sendable (Untrusted) async -> Result<AccountID, BackendError> = { _ in
      .failure(BackendError(.cancelled, in: .getCallerIdentity, applied: .notSent))
    },
    reader: @escaping @Sendable (AccountID) -> (any HandshakeReader)?
  ) {
    self.resolver = resolver
    self.trust = trust
    self.journal = journal
    self.reader = reader
  }

  public func perform(_ effect: Effect, at uptime: Span) async -> [Message] {
    switch effect {
    case .readIdentity(let token, let account):
      return [
        .identityRead(
          token,
          await ask(account, .getCallerIdentity) { reader throws(BackendError) in
            try await reader.identity()
          }, at: uptime)
      ]
    case .resolveProfile(let token, let name):
      return [.profileResolved(token, await resolver(name), at: uptime)]
    case .logIn(let token, _): return [.loginEnded(token, .failed(.notHere), at: uptime)]
    case .readPage(let token, let account, let query, let page):
      return [
        .pageRead(
          token,
          await ask(account, .listHandshakesForAccount) { reader throws(BackendError) in
            try await reader.handshakes(query, page: page)
          }, at: uptime)
      ]
    case .readHandshake(let token, let account, let id):
      return [
        .handshakeRead(
          token,
          await ask(account, .describeHandshake) { reader throws(BackendError) in
            try await reader.handshake(id)
          }, at: uptime)
      ]
    case .readTrust(let token): return [.trustRead(token, trust)]
    case .readJournal(let token): return [.journalRead(token, journal)]
    case .drawLetters(let token): return [.lettersDrawn(token, "xy")]
    case .copy(let token, _), .export(let token, _, _):
      return [.written(token, .failed("nothing can be written here"))]
    case .send(let token, let items, _):
      let results = items.map { _ in ErrandResult(.notTried(.asked)) }
      return [
        .runTold(token, .finished(RunSummary(results: results, stopped: .asked)), at: uptime)
      ]
    case .abandon, .giveCode, .flushInput, .stopSending, .reconcile, .noteMismatch, .redraw,
      .suspend,
      .keepPlan, .quit:
      return []
    }
  }

  private func ask<Value: Sendable>(
    _ account: AccountID, _ operation: Model.Operation,
    _ question: (any HandshakeReader) async throws(BackendError) -> Value
  ) async -> Result<Value, BackendError> {
    guard let reader = reader(account) else {
      return .failure(BackendError(.cancelled, in: operation, applied: .notSent))
    }
    do throws(BackendError) {
      return .success(try await question(reader))
    } catch {
      return .failure(error)
    }
  }
}

extension BackendError {
  /// Who only reads logs nobody in.
  fileprivate static let notHere = BackendError(
    .cancelled, in: .getCallerIdentity, applied: .notSent)
}
