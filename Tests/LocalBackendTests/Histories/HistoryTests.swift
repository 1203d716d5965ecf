import Foundation
import Model
import TestSupport
import Testing
import Text

@testable import LocalBackend

/// `HANDSHAKE_HISTORIES` is the number of histories (10 if not set), `HANDSHAKE_SEED` the first
/// seed.
@Suite("Several processes on one store get the answers of some sequential order")
struct HistoryTests {
  private static func setting(_ name: String) -> UInt64? {
    ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) }
  }

  @Test("Random requests of three processes at once", .timeLimit(.minutes(30)))
  func atOnce() async throws {
    // The same test, in each of the processes that it starts.
    if let own = Worker.own { return try await own.contend() }
    let count = Self.setting("HANDSHAKE_HISTORIES") ?? 10
    let first = Self.setting("HANDSHAKE_SEED") ?? 1
    let folder = try TemporaryDirectory()
    for seed in first..<first + count {
      try FileManager.default.createDirectory(
        atPath: "\(folder.path)/\(seed)", withIntermediateDirectories: true)
    }
    try await Self.contend(first..<first + count, in: folder.path)
    var overlaps = 0
    for seed in first..<first + count {
      overlaps += try await Self.check(seed, in: "\(folder.path)/\(seed)")
    }
    // Sequential requests prove nothing.
    #expect(overlaps > Int(count), "\(overlaps) pairs at once in \(count) histories")
  }

  /// Runs this program once for each of the processes.
  private static func contend(_ seeds: Range<UInt64>, in folder: String) async throws {
    let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let arguments = [
      program, "--testing-library", "swift-testing", "--filter",
      "LocalBackendTests.HistoryTests/atOnce",
    ]
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<ConcurrentHistory.processes {
        let worker = Worker(number: number, seeds: seeds, folder: folder)
        group.addTask {
          let ended = try await Self.run(
            arguments, environment: worker.environment, seconds: 60 + seeds.count * 5)
          guard ended.exit == 0 else {
            throw FixtureError(text: "process \(number) ended: \(ended)")
          }
        }
      }
      try await group.waitForAll()
    }
  }

  /// On a separate thread: there are fewer for tasks than processes that wait for each other.
  private static func run(
    _ arguments: [String], environment: [String: String], seconds: Int
  ) async throws -> Spawned {
    try await withCheckedThrowingContinuation { ended in
      Thread.detachNewThread {
        ended.resume(
          with: Result {
            try Spawned.run(arguments, environment: environment, seconds: seconds)
          })
      }
    }
  }

  /// The number of concurrent pairs; an issue when no order fits.
  private static func check(_ seed: UInt64, in folder: String) async throws -> Int {
    let history = try await ConcurrentHistory(seed)
    let store = try Store.open(
      at: folder + "/store", time: ManualTime(history.now), random: SteppedBytes())
    func side(_ account: String) throws -> StoreSide {
      StoreSide(
        backend: LocalBackend(
          store: store, account: try Fixture.account(account), user: "tester"),
        now: history.beginning.now)
    }
    var events: [[Event]] = []
    for (number, program) in history.programs.enumerated() {
      events.append(try read(program, from: "\(folder)/said-\(number)"))
      for index in program.indices where program[index].request == .enableAllFeatures {
        let asked = try side(program[index].caller)
        events[number][index].made.children = try await asked.children(
          of: events[number][index].made.handshake)
      }
    }
    var lastLooks: [(step: Step, said: String)] = []
    for step in history.beginning.lastLooks {
      var asked = try side(step.caller)
      lastLooks.append((step, await asked.said(to: step.request).line))
    }
    var search = LinearizabilityChecker(events, lastLooks: lastLooks)
    switch search.run(from: history.beginning) {
    case .found: break
    case .tooLong: Issue.record("HANDSHAKE_SEED=\(seed): the search does not end")
    case .none: Issue.record("HANDSHAKE_SEED=\(seed): no order fits\n\(search.report)")
    }
    return search.overlaps
  }

  private static func read(_ program: [Step], from path: String) throws -> [Event] {
    let text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
    let lines = text.split(separator: "\n")
    try #require(lines.count == program.count)
    return try zip(program, lines).map { step, line in
      let fields = line.split(separator: "\t", maxSplits: 5, omittingEmptySubsequences: false)
      let (began, ended) = (try #require(Int64(fields[0])), try #require(Int64(fields[1])))
      var made = ModelService.NewIDs()
      made.handshake = String(fields[2])
      made.transfer = String(fields[3])
      made.organization = String(fields[4])
      return Event(step: step, began: began, ended: ended, said: String(fields[5]), made: made)
    }
  }
}

extension LinearizabilityChecker {
  /// All requests, and the progress of the search.
  var report: String {
    let start = events.joined().map(\.began).min() ?? 0
    func told(_ event: Event) -> String {
      "  \((event.began - start) / 1_000)-\((event.ended - start) / 1_000) us"
        + " \(event.step.caller) \(readable(event.step.request)): \(event.said.prefix(300))"
    }
    return
      (["what happened:"] + events.joined().map(told) + ["as far as this it fits:"]
      + longest.map(told) + ["then:"] + objections.map { String($0.prefix(1_200)) })
      .joined(separator: "\n")
  }
}
