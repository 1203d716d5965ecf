import Synchronization

/// A limit on concurrent reads, which starts urgent ones first and otherwise keeps their order.
///
/// An account's identity can wait while another account's handshakes are read: so the first rows
/// appear before the identities of a thousand accounts are known.
final class ReadLimiter: Sendable {
  private let state: Mutex<Queue>

  private struct Queue {
    /// The number of reads that may still start.
    var room: Int
    var urgent = Line()
    var others = Line()
  }

  /// A queue whose front is removed without moving the rest.
  private struct Line {
    private var waiting: [CheckedContinuation<Void, Never>] = []
    private var next = 0

    var count: Int { waiting.count - next }

    mutating func append(_ one: CheckedContinuation<Void, Never>) { waiting.append(one) }

    mutating func popFirst() -> CheckedContinuation<Void, Never>? {
      guard next < waiting.count else {
        waiting = []
        next = 0
        return nil
      }
      next += 1
      return waiting[next - 1]
    }
  }

  init(_ limit: Int) { state = Mutex(Queue(room: limit)) }

  /// The number of reads that wait.
  var waiting: Int { state.withLock { $0.urgent.count + $0.others.count } }

  /// Waits until a read may start; every call must be followed by `leave`.
  func enter(isUrgent: Bool) async {
    await withCheckedContinuation { continuation in
      let goesOn = state.withLock { queue in
        guard queue.room == 0 else {
          queue.room -= 1
          return true
        }
        if isUrgent { queue.urgent.append(continuation) } else { queue.others.append(continuation) }
        return false
      }
      if goesOn { continuation.resume() }
    }
  }

  /// Ends a read and starts the next one.
  func leave() {
    let next = state.withLock { queue in
      let next = queue.urgent.popFirst() ?? queue.others.popFirst()
      if next == nil { queue.room += 1 }
      return next
    }
    next?.resume()
  }
}
