import Model
import Synchronization

/// Spaces out reads so that the service need not refuse them: the buckets of each account and each
/// organization, for all profiles of a process together.
public final class ReadPacer: Sendable {
  private let pace: Mutex<Pace>
  private let time: any TimeSource
  private let sleeper: any Sleeper

  /// - Parameter pace: `.organizations` for AWS's own endpoints; `.unlimited` elsewhere, until the
  ///   service there refuses a call for pace.
  public init(_ pace: Pace, time: any TimeSource, sleeper: any Sleeper) {
    self.pace = Mutex(pace)
    self.time = time
    self.sleeper = sleeper
  }

  /// Takes a token and returns nil, or how long there will be none.
  func take(_ operation: Operation, as account: AccountID) -> Span? {
    pace.withLock { $0.take([operation], as: account, at: time.uptime()) }
  }

  func wait(_ span: Span) async { await sleeper.sleep(span) }

  func learn(_ identity: Identity) { pace.withLock { $0.learn(identity) } }

  func drain(_ operation: Operation, as account: AccountID, for pause: Span?) {
    pace.withLock { $0.drain(operation, as: account, for: pause, at: time.uptime()) }
  }
}
