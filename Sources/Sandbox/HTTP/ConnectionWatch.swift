import Model
import Synchronization

/// What one connection is at, for whoever ends those that take too long.
final class ConnectionWatch: Sendable {
  enum Phase: Hashable {
    case idle
    case receiving
    /// The service works on the request: never broken off.
    case answering
    case sending
    /// The client was refused and still talks.
    case leaving
  }

  private struct State {
    var phase = Phase.idle
    var since: Span
    var isLate = false
    var task: Task<Void, Never>?
  }

  private let time: any TimeSource
  private let state: Mutex<State>

  init(_ time: any TimeSource) {
    self.time = time
    state = Mutex(State(since: time.uptime()))
  }

  /// Called once, with the task that serves the connection.
  func hold(_ task: Task<Void, Never>) { state.withLock { $0.task = task } }

  func enter(_ phase: Phase) {
    let now = time.uptime()
    state.withLock {
      $0.phase = phase
      $0.since = now
    }
  }

  /// A byte of a request has come. Its time runs from the first one: whatever follows, empty lines
  /// too, adds none.
  func beginReceiving() {
    let now = time.uptime()
    state.withLock {
      guard $0.phase == .idle else { return }
      $0.phase = .receiving
      $0.since = now
    }
  }

  var phase: Phase { state.withLock { $0.phase } }

  /// Whether the time for what it was at ran out.
  var isLate: Bool { state.withLock { $0.isLate } }

  /// Ends the connection if it is late.
  func check(_ limits: HTTPLimits) {
    let now = time.uptime()
    let late = state.withLock { state -> Task<Void, Never>? in
      let limit: Span
      switch state.phase {
      case .idle: limit = limits.idle
      case .receiving: limit = limits.receiving
      case .answering: return nil
      case .sending: limit = limits.sending
      case .leaving: limit = limits.leaving
      }
      guard now - state.since > limit else { return nil }
      state.isLate = true
      return state.task
    }
    late?.cancel()
  }

  /// Ends the connection if no request is under way.
  func endIfIdle() {
    let idle = state.withLock { $0.phase == .idle ? $0.task : nil }
    idle?.cancel()
  }

  func end() { state.withLock { $0.task }?.cancel() }
}
