import Synchronization

/// One request on its way through the library's thread, and who waits for its end. It is answered
/// exactly once.
final class CurlExchange: Sendable {
  typealias Outcome = Result<HTTPResponse, HTTPFailure>

  private enum State {
    case new
    case waiting(CheckedContinuation<Outcome, Never>)
    /// Still waiting, but for its end only.
    case leaving(CheckedContinuation<Outcome, Never>)
    case ended
  }

  let request: HTTPRequest
  private let state = Mutex(State.new)

  init(_ request: HTTPRequest) { self.request = request }

  /// False when it was cancelled before it began: then nothing is to be sent.
  func begin(_ continuation: CheckedContinuation<Outcome, Never>) -> Bool {
    state.withLock { state in
      guard case .new = state else { return false }
      state = .waiting(continuation)
      return true
    }
  }

  /// Whether the thread has to be told: not before the beginning, not after the end.
  func cancel() -> Bool {
    state.withLock { state in
      switch state {
      case .new:
        state = .ended
        return false
      case .waiting(let continuation):
        state = .leaving(continuation)
        return true
      case .leaving, .ended: return false
      }
    }
  }

  var isCancelled: Bool {
    state.withLock { state in
      if case .waiting = state { return false }
      return true
    }
  }

  func end(_ outcome: Outcome) {
    let waiting = state.withLock { state -> CheckedContinuation<Outcome, Never>? in
      defer { state = .ended }
      switch state {
      case .waiting(let continuation), .leaving(let continuation): return continuation
      case .new, .ended: return nil
      }
    }
    waiting?.resume(returning: outcome)
  }
}
