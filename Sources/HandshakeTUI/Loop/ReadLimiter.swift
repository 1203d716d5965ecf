import Synchronization

/// Lets a few reads go on at a time, urgent ones first, else in the order of their coming. Who an
/// account is can wait while another one is being read: so the first rows are there before all of a
/// thousand accounts have said who they are.
final class ReadLimiter: Sendable {
  private let state: Mutex<Queue>

  private struct Queue {
    /// How many may still go in.
    var room: Int
    var urgent = Line()
    var others = Line()
  }

  /// Those that wait, taken from the front without moving the rest.
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

  /// How many wait for their turn.
  var waiting: Int { state.withLock { $0.urgent.count + $0.others.count } }

  /// Returns when it is this one's turn. Must be followed by `leave`.
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

  func leave() {
    let next = state.withLock { queue in
      let next = queue.urgent.popFirst() ?? queue.others.popFirst()
      if next == nil { queue.room += 1 }
      return next
    }
    next?.resume()
  }
}
