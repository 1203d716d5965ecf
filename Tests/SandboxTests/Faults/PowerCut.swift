import Model
import Synchronization
import Text

/// The client fails after so many steps: calls and writes of its journal.
final class PowerCut: Sendable {
  /// The effect on the call in flight.
  enum Moment: CaseIterable, Sendable {
    /// It does not arrive.
    case before
    /// The service gets it; the reply is never read.
    case after
  }

  let moment: Moment
  private let left: Mutex<Int>

  init(after count: Int, _ moment: Moment) {
    left = Mutex(count)
    self.moment = moment
  }

  /// Returns whether there is power for one more step.
  func allows() -> Bool { take() != .none }

  /// The step during which the power fails is the last that begins.
  fileprivate func take() -> Step {
    left.withLock { left in
      left -= 1
      return left > 0 ? .whole : left == 0 ? .last : .none
    }
  }

  enum Step { case whole, last, none }

  var hasHappened: Bool { left.withLock { $0 <= 0 } }
}

/// A backend whose program is killed.
struct MortalBackend: HandshakeBackend {
  let backend: any HandshakeBackend
  let power: PowerCut

  private func live<Value>(
    _ operation: Operation, _ call: () async throws(BackendError) -> Reply<Value>
  ) async throws(BackendError) -> Reply<Value> {
    let dead = BackendError(
      .transport(Untrusted("the power is gone")), in: operation, applied: .unknown)
    switch power.take() {
    case .whole: return try await call()
    case .last:
      if power.moment == .after {
        do throws(BackendError) { _ = try await call() } catch {
          // The caller no longer exists.
        }
      }
      throw dead
    case .none: throw dead
    }
  }

  func identity() async throws(BackendError) -> Reply<Identity> {
    try await live(.describeOrganization) { () async throws(BackendError) in
      try await backend.identity()
    }
  }
  func handshakes(_ query: Query, page: PageToken?) async throws(BackendError) -> Reply<Page> {
    try await live(.listHandshakesForAccount) { () async throws(BackendError) in
      try await backend.handshakes(query, page: page)
    }
  }
  func handshake(_ id: HandshakeID) async throws(BackendError) -> Reply<Handshake> {
    try await live(.describeHandshake) { () async throws(BackendError) in
      try await backend.handshake(id)
    }
  }
  func accept(_ id: Untrusted) async throws(BackendError) -> Reply<Handshake> {
    try await live(.acceptHandshake) { () async throws(BackendError) in
      try await backend.accept(id)
    }
  }
  func decline(_ id: Untrusted) async throws(BackendError) -> Reply<Handshake> {
    try await live(.declineHandshake) { () async throws(BackendError) in
      try await backend.decline(id)
    }
  }
  func cancel(_ id: Untrusted) async throws(BackendError) -> Reply<Handshake> {
    try await live(.cancelHandshake) { () async throws(BackendError) in
      try await backend.cancel(id)
    }
  }
  func invite(_ invitation: Invitation) async throws(BackendError) -> Reply<Handshake> {
    try await backend.invite(invitation)
  }
  func enableAllFeatures() async throws(BackendError) -> Reply<Handshake> {
    try await backend.enableAllFeatures()
  }
}
