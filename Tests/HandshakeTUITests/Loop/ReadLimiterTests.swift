import Synchronization
import Testing

@testable import HandshakeTUI

@Suite struct ReadLimiterTests {
  private final class Entered: Sendable {
    let names = Mutex<[String]>([])

    func add(_ name: String) { names.withLock { $0.append(name) } }
    var all: [String] { names.withLock(\.self) }
  }

  private let gate = ReadLimiter(1)
  private let entered = Entered()

  /// Enters as soon as it can; returns once it waits for its turn.
  private func queue(_ name: String, isUrgent: Bool, after count: Int) async -> Task<Void, Never> {
    let (gate, entered) = (gate, entered)
    let task = Task {
      await gate.enter(isUrgent: isUrgent)
      entered.add(name)
    }
    while gate.waiting < count { await Task.yield() }
    return task
  }

  @Test("Pages come before accounts that are not identified yet, each in their order")
  func order() async {
    await gate.enter(isUrgent: false)
    let names = [("who 1", false), ("who 2", false), ("page 1", true), ("page 2", true)]
    var tasks: [Task<Void, Never>] = []
    for (index, (name, isUrgent)) in names.enumerated() {
      tasks.append(await queue(name, isUrgent: isUrgent, after: index + 1))
    }
    #expect(entered.all.isEmpty)
    for index in names.indices {
      gate.leave()
      while entered.all.count <= index { await Task.yield() }
      #expect(entered.all.count == index + 1)
    }
    #expect(entered.all == ["page 1", "page 2", "who 1", "who 2"])
    gate.leave()
    for task in tasks { await task.value }
  }

  @Test("A read that has ended makes room for the next")
  func room() async {
    for _ in 0..<3 {
      await gate.enter(isUrgent: false)
      gate.leave()
    }
    #expect(gate.waiting == 0)
  }
}
