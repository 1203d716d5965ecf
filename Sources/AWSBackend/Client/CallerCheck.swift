import Model
import Signing
import Synchronization
import Text
import Wire

/// Whose keys a profile gives: asked of STS for every new key before anything is signed with it.
///
/// The account of a profile never changes while the program runs: keys of another one are an error,
/// and nothing is asked with them (SEC-5.8).
actor CallerCheck {
  /// Keys, and whom STS knows them as.
  struct Caller: Hashable {
    var credentials: Credentials
    var identity: CallerIdentity
  }

  private let tokens: AWSClient
  private let provider: any CredentialsProvider
  private let profile: Untrusted
  private var account: AccountID?
  private var known: Caller?
  private var asking: Task<Result<Caller, BackendError>, Never>?

  /// - Parameter account: The one that the profile must be of; nil for the one that it turns out to
  ///   be of.
  init(
    tokens: AWSClient, provider: any CredentialsProvider, profile: Untrusted, account: AccountID?
  ) {
    self.tokens = tokens
    self.provider = provider
    self.profile = profile
    self.account = account
  }

  /// The keys of this moment, whose account is known.
  func caller(for operation: Operation) async throws(BackendError) -> Caller {
    let credentials = try await current(operation)
    if let known, known.credentials.keys == credentials.keys {
      return Caller(credentials: credentials, identity: known.identity)
    }
    while true {
      let task = asking ?? Task { await ask() }
      asking = task
      // Whoever no longer wants to know ends the call; others who wait for it make their own.
      let answer = await withTaskCancellationHandler {
        await task.value
      } onCancel: {
        task.cancel()
      }
      if asking == task { asking = nil }
      if case .failure(let error) = answer, error.failure == .cancelled, !Task.isCancelled {
        continue
      }
      return try answer.get()
    }
  }

  func adjust(skew: Span) async { await provider.adjust(skew: skew) }

  func drop(_ ended: Credentials) async {
    if known?.credentials.keys == ended.keys { known = nil }
    await provider.drop(ended)
  }

  private func current(_ operation: Operation) async throws(BackendError) -> Credentials {
    do throws(CredentialsFault) {
      return try await provider.credentials()
    } catch {
      throw BackendError(
        Task.isCancelled ? .cancelled : .credentials(error), in: operation, applied: .notSent)
    }
  }

  private func ask() async -> Result<Caller, BackendError> {
    do throws(BackendError) {
      let gate = Gate(provider: provider)
      let identity = try await tokens.read(.callerIdentity, gate).value
      guard let credentials = gate.last.withLock({ $0 }) else {
        throw BackendError(.cancelled, in: .getCallerIdentity, applied: .notSent)
      }
      // What the profile turned out to be of, and what its source says that it gives.
      for expected in [account, credentials.account].compactMap(\.self)
      where expected != identity.account {
        throw anotherAccount(credentials, identity.account, expected)
      }
      account = identity.account
      let caller = Caller(credentials: credentials, identity: identity)
      known = caller
      return .success(caller)
    } catch {
      return .failure(error)
    }
  }

  private func anotherAccount(
    _ credentials: Credentials, _ found: AccountID, _ expected: AccountID
  ) -> BackendError {
    BackendError(
      .credentials(
        CredentialsFault(
          .misconfigured, from: credentials.source, profile: profile,
          detail: Untrusted(
            "they belong to account \(found.text), expected \(expected.text)"))),
      in: .getCallerIdentity, applied: .notSent)
  }

  /// STS is asked with whatever the profile gives; the answer is about the keys of the last attempt.
  private final class Gate: CallGate {
    let provider: any CredentialsProvider
    let last = Mutex<Credentials?>(nil)

    init(provider: any CredentialsProvider) { self.provider = provider }

    func admit(_ operation: Operation) async throws(BackendError) -> Credentials {
      let credentials: Credentials
      do throws(CredentialsFault) {
        credentials = try await provider.credentials()
      } catch {
        throw BackendError(.credentials(error), in: operation, applied: .notSent)
      }
      last.withLock { $0 = credentials }
      return credentials
    }

    func ended(_ credentials: Credentials) async { await provider.drop(credentials) }
    func throttled(_ operation: Operation, for pause: Span?) {}
  }
}

/// What stands before each attempt of a call: whose keys it is signed with, and whether it is time.
protocol CallGate: Sendable {
  /// Returns when the attempt may be made, with what it is to be signed with.
  func admit(_ operation: Operation) async throws(BackendError) -> Credentials
  /// The service says that these have ended.
  func ended(_ credentials: Credentials) async
  /// The service asks for fewer calls of this operation.
  func throttled(_ operation: Operation, for pause: Span?) async
}

/// Lets the calls of one profile pass: with keys whose account is known, and reads in their turn.
struct AccountGate: CallGate {
  let check: CallerCheck
  let pacer: ReadPacer
  /// Writes are spaced out by whoever sends them.
  let waits: Bool
  /// Of the server that is asked.
  let skew: Span

  func admit(_ operation: Operation) async throws(BackendError) -> Credentials {
    await check.adjust(skew: skew)
    while true {
      let caller = try await check.caller(for: operation)
      guard waits, let wait = pacer.acquire(operation, as: caller.identity.account) else {
        return caller.credentials
      }
      await pacer.wait(wait)
      if Task.isCancelled { throw BackendError(.cancelled, in: operation, applied: .notSent) }
    }
  }

  func ended(_ credentials: Credentials) async { await check.drop(credentials) }

  func throttled(_ operation: Operation, for pause: Span?) async {
    do throws(BackendError) {
      let account = try await check.caller(for: operation).identity.account
      pacer.drain(operation, as: account, for: pause)
    } catch {
      // Without an account there is no bucket to empty; the next attempt tells what is wrong.
    }
  }
}
