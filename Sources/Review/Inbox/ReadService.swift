import Model
import ReviewJournal
import Text

/// One read of a service.
public enum ReadRequest: Hashable, Sendable {
  /// Ask STS for the account of a profile.
  case account(Untrusted)
  /// Read who the account is and which organization it is in.
  case identity(AccountID)
  /// Read a page of a listing; the first one for nil.
  case page(Pass, PageToken?)
  /// Read one handshake as an account.
  case handshake(HandshakeID, as: AccountID)
}

/// The reply to a read, with what was requested.
public enum ReadReply: Equatable, Sendable {
  case account(Untrusted, Result<AccountID, BackendError>)
  case identity(AccountID, Result<Reply<Identity>, BackendError>)
  case page(Pass, Result<Reply<Page>, BackendError>)
  case handshake(HandshakeID, as: AccountID, Result<Reply<Handshake>, BackendError>)
}

/// The interpreter of reads, which the screens and the commands use.
///
/// It holds readers only, so it cannot send anything; requests that change something are made by
/// `RunDriver` alone.
public struct ReadService: Sendable {
  private let readers: @Sendable (AccountID) -> (any HandshakeReader)?
  private let resolver: @Sendable (Untrusted) async -> Result<AccountID, BackendError>

  /// Creates an interpreter.
  ///
  /// - Parameters:
  ///   - resolver: Returns the account of a profile. Without it no account can be resolved.
  ///   - readers: Returns the reader of an account; nil if it cannot be read, which is reported as
  ///     a failed read.
  public init(
    resolver: @escaping @Sendable (Untrusted) async -> Result<AccountID, BackendError> = { _ in
      .failure(BackendError(.cancelled, in: .getCallerIdentity, applied: .notSent))
    },
    readers: @escaping @Sendable (AccountID) -> (any HandshakeReader)?
  ) {
    self.resolver = resolver
    self.readers = readers
  }

  /// Returns the account of a profile, as STS gives it.
  public func account(of profile: Untrusted) async -> Result<AccountID, BackendError> {
    await resolver(profile)
  }

  /// Returns the caller and its organization, possibly as remembered.
  public func identity(_ account: AccountID) async -> Result<Reply<Identity>, BackendError> {
    await ask(account, .describeOrganization) { reader throws(BackendError) in
      try await reader.identity()
    }
  }

  /// Returns the caller and its organization as the service gives them now.
  public func identityNow(_ account: AccountID) async -> Result<Reply<Identity>, BackendError> {
    await ask(account, .describeOrganization) { reader throws(BackendError) in
      try await reader.identityNow()
    }
  }

  /// Returns one page of a listing; the first one for nil.
  public func page(
    _ query: Query, _ page: PageToken?, as account: AccountID
  ) async -> Result<Reply<Page>, BackendError> {
    await ask(account, query.direction.operation) { reader throws(BackendError) in
      try await reader.handshakes(query, page: page)
    }
  }

  /// Returns one handshake.
  public func handshake(
    _ id: HandshakeID, as account: AccountID
  ) async -> Result<Reply<Handshake>, BackendError> {
    await ask(account, .describeHandshake) { reader throws(BackendError) in
      try await reader.handshake(id)
    }
  }

  /// Carries out one request.
  public func perform(_ request: ReadRequest) async -> ReadReply {
    switch request {
    case .account(let profile): .account(profile, await account(of: profile))
    case .identity(let account): .identity(account, await identity(account))
    case .page(let pass, let token):
      .page(
        pass, await page(Query(pass.source.direction), token, as: pass.source.account))
    case .handshake(let id, let account):
      .handshake(id, as: account, await handshake(id, as: account))
    }
  }

  /// Carries out requests, and those that `handle` returns for each reply, until there are none.
  ///
  /// At most `atOnce` are under way. A read that follows from a reply is started before those that
  /// were waiting, so a listing that has begun ends early.
  public func perform(
    _ requests: [ReadRequest], atOnce: Int, handle: (ReadReply) -> [ReadRequest]
  ) async {
    await withTaskGroup(of: ReadReply.self) { group in
      var waiting = Array(requests.reversed())
      var underWay = 0
      while true {
        while underWay < atOnce, let next = waiting.popLast() {
          group.addTask { await perform(next) }
          underWay += 1
        }
        guard let reply = await group.next() else { return }
        underWay -= 1
        waiting += handle(reply).reversed()
      }
    }
  }

  private func ask<Value>(
    _ account: AccountID, _ operation: Operation,
    _ question: (any HandshakeReader) async throws(BackendError) -> Value
  ) async -> Result<Value, BackendError> {
    guard let reader = readers(account) else {
      return .failure(BackendError(.cancelled, in: operation, applied: .notSent))
    }
    do throws(BackendError) {
      return .success(try await question(reader))
    } catch {
      return .failure(error)
    }
  }
}
