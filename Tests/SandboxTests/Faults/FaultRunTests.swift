import Model
import ReviewAnswering
import TestSupport
import Testing
import Text

@Suite("Answers over a network that fails", .serialized)
struct FaultRunTests {
  /// Each kind of fault, on half of the answers and on some of the reads.
  private static let kinds = [
    "throttle", "conflict", "5xx-before,status=500",
    "5xx-before,status=503", "5xx-after,status=500",
    "5xx-after,status=502", "lost-before", "lost", "reset", "truncated", "truncated,bytes=0",
    "html-before,status=200", "html-before,status=502", "html,status=200", "html,status=504",
    "slow,delay=30", "late,delay=30", "trickle,delay=1",
  ]

  private static func rules(_ kind: String, _ probability: Double) -> [String] {
    ["AcceptHandshake", "DeclineHandshake"].map { "\(kind),op=\($0),probability=\(probability)" }
  }

  private func check(_ scene: FaultScene, _ writes: [WriteRequest]) async throws -> [FaultScene
    .Report]
  {
    let reports = await scene.run(writes)
    #expect(reports.count == writes.count)
    #expect(try await scene.faults(in: reports) == [])
    try await scene.settle()
    #expect(try await scene.faults(in: reports) == [])
    #expect(try await scene.faultsOfTheJournal(on: writes) == [])
    return reports
  }

  @Test("Each fault alone, on every second answer", arguments: kinds)
  func alone(_ kind: String) async throws {
    let scene = try FaultScene(Self.rules(kind, 0.5), size: 30)
    let writes = try await scene.writes(30)
    let reports = try await check(scene, writes)
    let isDelay = kind.hasPrefix("slow") || kind.hasPrefix("late")
    // Of fifteen kinds: more than 200 answers with faults in all.
    let struck = try await scene.struck()
    #expect(isDelay || struck >= 14, "\(struck)")
    let done = reports.count { if case .done = $0.result.outcome { true } else { false } }
    #expect(done > 0, "nothing came through at all")
    print("faults: \(kind): \(struck) of \(reports.count) answers struck, \(done) done, none twice")
  }

  @Test("Each fault alone, on the reads too", arguments: kinds)
  func reading(_ kind: String) async throws {
    let scene = try FaultScene(["\(kind),probability=0.2"], size: 6)
    _ = try await check(scene, try await scene.writes(6))
  }

  @Test("All of them mixed", arguments: [UInt64(1), 2, 3])
  func mixed(_ seed: UInt64) async throws {
    let scene = try FaultScene(
      Self.kinds.map { "\($0),probability=0.06" }, seed: seed, size: 60)
    let reports = try await check(scene, try await scene.writes(60))
    let struck = try await scene.struck()
    print("faults: mixed, seed \(seed): \(struck) of \(reports.count) answers struck, none twice")
  }

  @Test(
    "A client that resends after an unknown result is detected", arguments: ["lost", "reset"])
  func careless(_ kind: String) async throws {
    let scene = try FaultScene(Self.rules(kind, 0.5), size: 14, habit: .again)
    let reports = await scene.run(try await scene.writes(14))
    let faults = try await scene.faults(in: reports)
    #expect(faults.contains { $0.hasSuffix("was sent again after it was applied") })
  }

  @Test(
    "Killed after any step, it recovers at the next start", arguments: PowerCut.Moment.allCases)
  func killed(_ moment: PowerCut.Moment) async throws {
    for kept in 1..<40 {
      let power = PowerCut(after: kept, moment)
      let scene = try FaultScene(size: 2, power: power)
      let writes = try await scene.writes(2)
      _ = await scene.run(writes)
      let after = scene.restarted
      try await after.settle()
      #expect(try await after.faultsOfTheJournal(on: writes) == [], "killed after \(kept)")
      for arrived in try await after.arrivals().values {
        #expect(arrived.count { $0 } <= 1)
        #expect(arrived.count == 1, "it came again")
      }
      if !power.hasHappened { return }
    }
    Issue.record("it was always killed")
  }
}
