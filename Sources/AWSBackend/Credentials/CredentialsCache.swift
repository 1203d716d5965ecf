import Model
import Text

/// A cache of one identity's credentials, fetched once for all concurrent callers, and again before
/// they expire.
///
/// Five minutes before the expiry they are refreshed in the background while the old ones are still
/// used; in the last minute every caller waits for new ones. After a failed refresh the old ones
/// are used while they are valid, and the refresh is tried again 30 to 60 seconds later. Failures
/// are never cached.
public actor CredentialsCache: CredentialsProvider {
  /// The time left at which refreshing begins; a third of a shorter lifetime.
  static let advisory = Span.minutes(5)
  /// The time left under which nothing is handed out, unless the source has nothing better; a third
  /// of a shorter lifetime.
  static let mandatory = Span.minutes(1)

  private struct Held {
    var credentials: Credentials
    /// Their lifetime when they were fetched; nil if they do not expire.
    var life: Span?
  }

  private let source: any CredentialsSource
  private let time: any TimeSource
  private let random: any RandomSource
  private var held: Held?
  private var skew = Span.zero
  /// The `uptime` before which no refresh begins in the background.
  private var quietUntil: Span?
  private var refreshing: Task<Void, Never>?
  private var isInBackground = false
  private var waiting: [Int: CheckedContinuation<Outcome, Never>] = [:]
  private var lastTicket = 0

  private typealias Outcome = Result<Credentials, CredentialsFault>

  init(_ source: any CredentialsSource, time: any TimeSource, random: any RandomSource) {
    self.source = source
    self.time = time
    self.random = random
  }

  /// Sets the time by which the service's clock is ahead of ours; expiry is judged by its time.
  ///
  /// Asynchronous as in the protocol: otherwise an `await` would call the protocol's default
  /// instead.
  public func adjust(skew: Span) async { self.skew = skew }

  /// Returns the cached credentials, or waits for a refresh if too little of their lifetime is
  /// left.
  ///
  /// - Throws: `CredentialsFault` if the refresh fails or the task is cancelled while waiting.
  public func credentials() async throws(CredentialsFault) -> Credentials {
    if let held {
      switch left(held) {
      case .enough: return held.credentials
      case .some:
        if !source.asksPerson, uptimeAllows { start(inBackground: true) }
        return held.credentials
      case .tooLittle: break
      }
    }
    return try await refreshed().get()
  }

  /// Discards these credentials, here and in the source.
  public func drop(_ ended: Credentials) async {
    if held?.credentials.keys == ended.keys { held = nil }
    await source.drop(ended)
  }

  // MARK: Expiry

  private enum Left {
    case enough
    case some
    case tooLittle
  }

  private func left(_ held: Held) -> Left {
    guard let expires = held.credentials.expires, let life = held.life else { return .enough }
    let left = expires - (time.now() + skew)
    let third = Span(milliseconds: max(0, life.milliseconds / 3))
    if left <= min(Self.mandatory, third) { return .tooLittle }
    return left <= min(Self.advisory, third) ? .some : .enough
  }

  private var uptimeAllows: Bool { quietUntil.map { $0 <= time.uptime() } ?? true }

  // MARK: One refresh at a time

  private func start(inBackground: Bool) {
    guard refreshing == nil else { return }
    isInBackground = inBackground
    refreshing = Task {
      let outcome: Outcome
      do throws(CredentialsFault) {
        outcome = .success(try await source.load())
      } catch {
        outcome = .failure(error)
      }
      finish(outcome)
    }
  }

  private func finish(_ outcome: Outcome) {
    switch outcome {
    case .success(let fresh):
      held = Held(
        credentials: fresh, life: fresh.expires.map { $0 - (time.now() + skew) })
      quietUntil = nil
    case .failure:
      let jitter = Int64(random.bytes(2).reduce(0) { $0 << 8 | Int($1) } % 30_001)
      quietUntil = time.uptime() + .seconds(30) + Span(milliseconds: jitter)
    }
    refreshing = nil
    let waiters = waiting.values
    waiting = [:]
    for waiter in waiters { waiter.resume(returning: outcome) }
  }

  /// Waits for the refresh in progress, or starts one.
  ///
  /// A cancelled task stops waiting; when the last one does, the refresh is cancelled unless it
  /// began in the background.
  private func refreshed() async -> Outcome {
    start(inBackground: false)
    lastTicket += 1
    let ticket = lastTicket
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        if Task.isCancelled {
          continuation.resume(returning: .failure(.cancelled))
          leaveEmpty()
        } else {
          waiting[ticket] = continuation
        }
      }
    } onCancel: {
      Task { await self.leave(ticket) }
    }
  }

  private func leave(_ ticket: Int) {
    guard let waiter = waiting.removeValue(forKey: ticket) else { return }
    waiter.resume(returning: .failure(.cancelled))
    leaveEmpty()
  }

  private func leaveEmpty() {
    if waiting.isEmpty, !isInBackground { refreshing?.cancel() }
  }
}

extension CredentialsFault {
  /// The result for a caller that was cancelled.
  static let cancelled = CredentialsFault(
    .unreachable, from: .chain, detail: Untrusted("cancelled"))
}
