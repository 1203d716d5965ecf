import Synchronization

/// Who has the terminal: one question at a time, in the order in which they came. Several profiles are
/// asked at once, and two programs that read one terminal would each get half of what is typed.
final class TerminalTurn: Sendable {
  private struct Queue {
    var isTaken = false
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private let queue = Mutex(Queue())

  func take() async {
    await withCheckedContinuation { continuation in
      let isFree = queue.withLock { queue in
        if !queue.isTaken {
          queue.isTaken = true
          return true
        }
        queue.waiting.append(continuation)
        return false
      }
      if isFree { continuation.resume() }
    }
  }

  func leave() {
    let next = queue.withLock { queue -> CheckedContinuation<Void, Never>? in
      guard !queue.waiting.isEmpty else {
        queue.isTaken = false
        return nil
      }
      return queue.waiting.removeFirst()
    }
    next?.resume()
  }
}
