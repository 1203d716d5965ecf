import Model
import Signing
import Text
import Wire

/// Asks one service at one endpoint: signs every attempt anew, with the keys of that moment and the
/// server's time.
///
/// Reads are tried again as AWS's SDKs do it. A write is one request, whatever becomes of it.
/// (SEC-4.4.2, SEC-5.6)
struct AWSClient: Sendable {
  let endpoint: Endpoint
  let transport: any HTTPTransport
  let time: any TimeSource
  let random: any RandomSource
  let sleeper: any Sleeper
  let agent: UserAgent
  let connectTimeout: Span
  let retry: RetryStrategy
  let quota: RetryQuota
  let skews: SkewMemory
  let log: CallLog

  /// From the first byte of an attempt to its last.
  static let attemptTimeout = Span.seconds(20)
  /// For a call with all its attempts and the waits between them.
  static let callTimeout = Span.seconds(90)

  /// By how much the server's clock is ahead, as far as is known.
  var skew: Span { skews.skew(of: endpoint.host).correction }

  // MARK: Reads

  /// Asks until there is an answer, or until asking again is no use.
  func read<Value>(
    _ call: AWSCall<Value>, _ gate: any CallGate
  ) async throws(BackendError) -> Reply<Value> {
    var progress = Progress(invocation: random.invocationID())
    while true {
      let credentials = try await gate.admit(call.operation)
      let now = time.uptime()
      let deadline = progress.deadline ?? now + Self.callTimeout
      progress.deadline = deadline
      let attempt = Attempt(
        number: progress.number, of: retry.maxAttempts, invocation: progress.invocation,
        timeout: max(.seconds(1), min(Self.attemptTimeout, deadline - now)))
      do throws(AttemptFailure) {
        let reply = try await once(call, credentials, attempt)
        quota.succeed(after: progress.lastCost)
        return reply
      } catch {
        try await recover(from: error, call.operation, credentials, gate, &progress)
      }
    }
  }

  /// How far a read has come.
  private struct Progress {
    let invocation: String
    var number = 1
    /// On uptime. Waiting for one's turn is not counted.
    var deadline: Span?
    var lastCost: Int?
    var hasNewCredentials = false
  }

  /// Returns when the next attempt is due; throws when there is none.
  private func recover(
    from failure: AttemptFailure, _ operation: Operation, _ credentials: Credentials,
    _ gate: any CallGate, _ progress: inout Progress
  ) async throws(BackendError) {
    if failure.endsCredentials, !progress.hasNewCredentials {
      progress.hasNewCredentials = true
      return await gate.ended(credentials)
    }
    guard let kind = failure.retry else { throw failure.error }
    let decision = retry.decide(
      after: progress.number, kind, retryAfter: failure.retryAfter, quota: quota,
      jitter: random.fraction())
    // Not for as long as the server says: no reading waits longer for its turn than for an answer.
    if kind == .throttling { await gate.throttled(operation, for: decision.wait) }
    switch decision {
    case .maxAttemptsExceeded:
      throw failure.error.saying("\(progress.number) attempts")
    case .quotaExceeded:
      throw failure.error.saying("not retried: too many recent failures")
    case .retry(let wait, let cost):
      guard let deadline = progress.deadline, time.uptime() + wait < deadline else {
        throw failure.error.saying("not retried: no time left")
      }
      await sleeper.sleep(wait)
      if Task.isCancelled {
        throw BackendError(.cancelled, in: operation, applied: .notSent)
      }
      progress.number += 1
      progress.lastCost = cost
    }
  }

  // MARK: Writes

  /// Asks once. The error says whether it can have had an effect.
  ///
  /// - Parameter keys: Those with which everything was read that the request rests on. With others it
  ///   is not sent: getting them may have taken minutes, and whose they are was not told.
  func write<Value>(
    _ call: AWSCall<Value>, _ gate: any CallGate, with keys: AccessKeys? = nil
  ) async throws(BackendError) -> Reply<Value> {
    let credentials: Credentials
    do throws(BackendError) {
      credentials = try await gate.admit(call.operation)
    } catch {
      // Whatever became of the questions that came before it.
      throw BackendError(error.failure, in: call.operation, applied: .notSent)
    }
    if let keys, credentials.keys != keys {
      throw BackendError(
        .transport(Untrusted("the credentials were renewed during the check")),
        in: call.operation, applied: .notSent)
    }
    if Task.isCancelled { throw BackendError(.cancelled, in: call.operation, applied: .notSent) }
    let attempt = Attempt(
      number: 1, of: 1, invocation: random.invocationID(), timeout: Self.attemptTimeout,
      isSentAtMostOnce: true)
    do throws(AttemptFailure) {
      return try await once(call, credentials, attempt)
    } catch {
      if error.endsCredentials { await gate.ended(credentials) }
      throw error.error
    }
  }
}

extension BackendError {
  /// With more said about why there was no further attempt; only where no server's words stand.
  fileprivate func saying(_ words: String) -> BackendError {
    var error = self
    switch failure {
    case .transport(let text):
      error.failure = .transport(Untrusted(bytes: text.bytes + Array(" (\(words))".utf8)))
    case .unreadable(let text):
      error.failure = .unreadable(Untrusted(bytes: text.bytes + Array(" (\(words))".utf8)))
    default: break
    }
    return error
  }
}

extension RandomSource {
  /// A random UUID: the same for all attempts of a call.
  func invocationID() -> String {
    var raw = bytes(16)
    raw[6] = raw[6] & 0x0F | 0x40
    raw[8] = raw[8] & 0x3F | 0x80
    let digits = raw.map { byte in
      String(byte >> 4, radix: 16) + String(byte & 0xF, radix: 16)
    }
    return [0..<4, 4..<6, 6..<8, 8..<10, 10..<16].map { digits[$0].joined() }
      .joined(separator: "-")
  }
}
