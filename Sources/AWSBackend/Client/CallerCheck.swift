import Model
import Signing
import Synchronization
import Text
import Wire

/// The check that credentials belong to the profile's account: STS is asked about every new key
/// before anything else is signed with it.
///
/// The account of a profile never changes while the program runs. Credentials of another account
/// are an error, and nothing else is requested with them (SEC-5.8).
actor CallerCheck {
  /// Credentials with the identity that STS reports for them.
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

  /// Creates a check that requires `account`, or the account of the first credentials if it is nil.
  init(
    tokens: AWSClient, provider: any CredentialsProvider, profile: Untrusted, account: AccountID?
  ) {
    self.tokens = tokens
    self.provider = provider
    self.profile = profile
    self.account = account
  }

  /// Returns the current credentials with their identity, asking STS if their keys are new.
  ///
  /// - Throws: `BackendError` if the provider fails, STS fails, the account is not the one
  ///   expected, or the task is cancelled.
  func caller(for operation: Operation) async throws(BackendError) -> Caller {
    let credentials = try await current(operation)
    if let known, known.credentials.keys == credentials.keys {
      return Caller(credentials: credentials, identity: known.identity)
    }
    while true {
      let task = asking ?? Task { await ask() }
      asking = task
      // A cancelled caller ends the shared request; the others who wait for it start their own.
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
      // The account required from the profile, and the account that the source states.
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

  /// The gate of the request to STS: it admits any credentials and remembers those of the last
  /// attempt, which the reply is about.
  private final class Gate: CallGate {
    let provider: any CredentialsProvider
    let last = Mutex<Credentials?>(nil)

    init(provider: any CredentialsProvider) { self.provider = provider }

    /// Returns the provider's credentials.
    ///
    /// - Throws: `BackendError` with `.credentials` if the provider fails.
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

/// The checks before each attempt of a call: credentials and pace.
protocol CallGate: Sendable {
  /// Returns when the attempt may be sent, with the credentials to sign it with.
  ///
  /// - Throws: `BackendError` if there are no usable credentials or the task is cancelled.
  func admit(_ operation: Operation) async throws(BackendError) -> Credentials
  /// Reports that the service considers these credentials expired.
  func ended(_ credentials: Credentials) async
  /// Reports that the service throttled this operation.
  func throttled(_ operation: Operation, for pause: Span?) async
}

/// The gate for the calls of one profile: only credentials whose account was checked, and reads at
/// the pace of the account's rates.
struct AccountGate: CallGate {
  let check: CallerCheck
  let pacer: ReadPacer
  /// Whether the call is paced; false for writes, whose sender paces them.
  let waits: Bool
  /// The correction for the clock of the server that is asked.
  let skew: Span

  /// Returns credentials whose account was checked, after waiting for the pace if `waits`.
  ///
  /// - Throws: `BackendError` if the credentials or their account cannot be obtained, or the task
  ///   is cancelled while waiting.
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
      // Without an account there is no rate to adjust; the next attempt reports the error.
    }
  }
}
