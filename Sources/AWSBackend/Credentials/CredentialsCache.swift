import Model
import Text

/// The credentials of one identity, fetched once for all who ask at the same time, and again before
/// they end.
///
/// Five minutes before the end they are refreshed in the background while the old ones serve; in the
/// last minute everybody waits for new ones. A refresh that fails leaves the old ones while they are
/// good, and is tried again half a minute to a minute later; no failure is ever kept.
public actor CredentialsCache: CredentialsProvider {
  /// Refreshing begins when this much is left, or a third of a shorter life.
  static let advisory = Span.minutes(5)
  /// Nothing with less left is handed out, unless the source gives nothing better.
  static let mandatory = Span.minutes(1)

  private struct Held {
    var credentials: Credentials
    /// How long they were good for when they were fetched.
    var life: Span?
  }

  private let source: any CredentialsSource
  private let time: any TimeSource
  private let random: any RandomSource
  private var held: Held?
  private var skew = Span.zero
  /// By `uptime`: no refresh in the background before.
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

  /// By how much the service's clock is ahead of ours: ends are judged by its time.
  // Asynchronous like the protocol's: otherwise its default would be the better match where one waits.
  public func adjust(skew: Span) async { self.skew = skew }

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

  public func drop(_ ended: Credentials) async {
    if held?.credentials.keys == ended.keys { held = nil }
    await source.drop(ended)
  }

  // MARK: How long they last

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

  /// Waits for the refresh that is under way, else for one of its own. A task that is cancelled waits
  /// no longer; the last one to leave ends the refresh.
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
  /// Whoever asked no longer wants to know.
  static let cancelled = CredentialsFault(
    .unreachable, from: .chain, detail: Untrusted("cancelled"))
}
