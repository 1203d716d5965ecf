import Model
import Wire

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
      guard waits, let wait = pacer.take(operation, as: caller.identity.account) else {
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
