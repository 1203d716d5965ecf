import Model
import ReviewAnswering
import ReviewJournal
import Synchronization
import TestSupport
import Testing
import Text

/// Fails after so many steps.
private final class PowerCut: Sendable {
  private let left: Mutex<Int>
  init(after count: Int) { left = Mutex(count) }

  /// Returns whether there is still power for one more step.
  func allows() -> Bool {
    left.withLock { left in
      left -= 1
      return left >= 0
    }
  }

  var hasHappened: Bool { left.withLock { $0 < 0 } }
}

@Suite("At most once (SEC-4.4)")
struct AtMostOnceTests {
  /// The journal's last entry for each handshake must be true, and nothing may be applied twice.
  private func check(_ scene: Scene, _ writes: [WriteRequest], _ comment: Comment) throws {
    let chain = try scene.journal.read()
    #expect(chain.firstBad == nil, comment)
    let notes = JournalNotes(chain.records)
    for write in writes {
      let id = try write.id
      #expect(scene.service.applied(id) <= 1, comment)
      let attempts = notes.about(id, at: Events.place)
      let isDone = attempts.contains { $0.outcome?.isApplied ?? false }
      #expect(isDone == (scene.service.applied(id) == 1), comment)
      #expect(attempts.allSatisfy { $0.outcome?.isEnd ?? false }, comment)
    }
  }

  /// After the restart: the same disk, the same service, no locks, no faults.
  private func restart(_ scene: Scene, _ writes: [WriteRequest]) throws -> Scene {
    let after = try Scene(file: JournalInMemory(scene.file.bytes))
    for write in writes {
      if let handshake = scene.service[try write.id] { after.service.put(handshake) }
      after.service.put(try Fixture.identity(write.account.text))
    }
    return after
  }

  @Test(
    "a kill after any step is repaired at the next start", arguments: [Answer.accept, .decline])
  func kills(answer: Answer) async throws {
    for kept in 0..<40 {
      for lost in [false, true] {
        let power = PowerCut(after: kept)
        let file = JournalInMemory(fate: { _ in power.allows() ? .written : .torn(kept * 31 % 700) }
        )
        let scene = try Scene(
          file: file,
          fate: { _, operation in
            guard power.allows() else { return .lost(applied: false) }
            return operation == .sending(answer) && lost ? .lost(applied: true) : .answered
          })
        let writes = try (1...3).map { try scene.plan($0, answer) }
        _ = await scene.run(writes)
        let after = try restart(scene, writes)
        _ = try await after.reconciler.reconcile()
        #expect(try after.journal.openIntents().isEmpty)
        let comment: Comment = "killed after \(kept), lost \(lost)"
        let chain = try after.journal.read()
        #expect(chain.firstBad == nil, comment)
        let notes = JournalNotes(chain.records)
        for write in writes {
          let id = try write.id
          #expect(scene.service.applied(id) <= 1, comment)
          let isDone = scene.service[id]?.state == answer.target
          #expect((notes.appliedAttempt(id, at: Events.place) != nil) == isDone, comment)
        }
        if !power.hasHappened { return }
      }
    }
    Issue.record("it was always killed")
  }

  @Test("the n-th call failing, in each way, for every n")
  func everyCall() async throws {
    let fates: [TruthService.Fate] = [
      .notSent, .refused(.tooManyRequests), .refused(.accessDenied), .refused(.service),
      .refused(.concurrentModification), .lost(applied: false), .lost(applied: true), .odd,
    ]
    for fate in fates {
      for failing in 1...12 {
        let scene = try Scene(fate: { call, _ in call == failing ? fate : .answered })
        let writes = try (1...3).map { try scene.plan($0) }
        _ = await scene.run(writes)
        try check(scene, writes, "call \(failing) came to \(fate)")
      }
    }
  }

  @Test("the n-th write of the journal failing, in each way, for every n")
  func everyWrite() async throws {
    for failing in 1...8 {
      for fate in [JournalInMemory.Append.refused, .torn(40), .unsynced] {
        let scene = try Scene(file: JournalInMemory(fate: { $0 == failing ? fate : .written }))
        let writes = try (1...3).map { try scene.plan($0) }
        let summary = await scene.run(writes)
        let comment: Comment = "write \(failing)"
        // Odd writes are intents: without one nothing is sent.
        let sent = scene.service.calls.filter { $0 == .acceptHandshake }.count
        #expect(sent == min(3, failing / 2), comment)
        #expect(summary.stopped == (failing < 5 ? .journal : nil), comment)
        let after = try restart(scene, writes)
        _ = try await after.reconciler.reconcile()
        let notes = JournalNotes(try after.journal.read().records)
        for write in writes {
          let id = try write.id
          #expect(
            (notes.appliedAttempt(id, at: Events.place) != nil)
              == (scene.service[id]?.state == .accepted),
            comment)
        }
      }
    }
  }

  @Test("under random faults nothing is applied twice and the journal is true in the end")
  func randomFaults() async throws {
    for seed in UInt64(1)...100 {
      let random = Mutex(SeededRandom(seed: seed))
      let calm = Mutex(false)
      let scene = try Scene(fate: { _, _ in
        if calm.withLock({ $0 }) { return .answered }
        return random.withLock { random in
          let fates: [TruthService.Fate] = [
            .notSent, .refused(.tooManyRequests), .refused(.service),
            .refused(.handshakeAlreadyInState), .lost(applied: false), .lost(applied: true), .odd,
          ]
          return Bool.random(using: &random)
            ? .answered : fates.randomElement(using: &random) ?? .answered
        }
      })
      let writes = try (1...5).map { try scene.plan($0, $0 % 2 == 0 ? .accept : .decline) }
      // An operator who tries again and again.
      for _ in 0..<3 { _ = await scene.run(writes) }
      calm.withLock { $0 = true }
      _ = try await scene.reconciler.reconcile()
      try check(scene, writes, "seed \(seed)")
    }
  }
}
