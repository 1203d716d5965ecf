import Foundation
import TestSupport
import Testing

@testable import LocalBackend

/// `HANDSHAKE_STEPS` is the number of steps (3,000 if not set), `HANDSHAKE_SEED` the first seed:
/// with the seed that a failure printed, its script runs first.
@Suite("A model of an organization gives the answers of the store")
struct ModelTests {
  /// Long enough for an organization to grow old, short enough to stay busy.
  private static let length = 250

  private static func setting(_ name: String) -> UInt64? {
    ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) }
  }

  @Test("Random requests by any account at any time")
  func random() async throws {
    let steps = Int(Self.setting("HANDSHAKE_STEPS") ?? 3_000)
    let first = Self.setting("HANDSHAKE_SEED") ?? 1
    var (taken, seed, refused) = (0, first, 0)
    while taken < steps {
      let script = try await Script.drawn(seed, length: min(Self.length, steps - taken))
      if let difference = script.difference {
        let shortest = try await script.shortened()
        Issue.record("HANDSHAKE_SEED=\(seed): \(shortest.report(difference))")
        return
      }
      taken += script.steps.count
      refused += script.refused
      seed += 1
    }
    // Requests without an effect prove little, and so do those that all succeed.
    #expect(refused > steps / 10 && refused < steps * 3 / 4, "\(refused) of \(steps) refused")
  }
}

/// A world and the steps in it.
private struct Script {
  let seed: UInt64
  let world: ModelService
  var steps: [Step] = []
  var difference: ModelRun.Difference?
  /// How many requests were refused.
  var refused = 0

  /// Draws and performs steps until the two differ.
  static func drawn(_ seed: UInt64, length: Int) async throws -> Script {
    var random = SeededRandom(seed: seed)
    let pace = ModelService.Pace(seed: seed)
    var script = Script(seed: seed, world: .drawn(&random, now: ManualTime.mockup, pace))
    var run = try ModelRun(script.world, seed: seed)
    for number in 1...length {
      let step = run.model.drawStep(UInt64(number), pace, &random)
      script.steps.append(step)
      script.difference = try await run.take(step, &script.refused)
      if script.difference != nil { return script }
    }
    script.difference = try await run.takeAll()
    #expect(try await run.isSound(), "HANDSHAKE_SEED=\(seed)")
    return script
  }

  /// The difference when these steps are performed in a new world.
  private func replayed(_ steps: [Step]) async throws -> ModelRun.Difference? {
    var run = try ModelRun(world, seed: seed)
    for step in steps {
      if let difference = try await run.take(step) { return difference }
    }
    return try await run.takeAll()
  }

  /// Without all steps that can be left out: halves, quarters, …, single steps.
  func shortened() async throws -> Script {
    var script = self
    var size = max(steps.count / 2, 1)
    while true {
      var start = 0
      while start < script.steps.count {
        var fewer = script.steps
        fewer.removeSubrange(start..<min(start + size, fewer.count))
        if let difference = try await replayed(fewer) {
          (script.steps, script.difference) = (fewer, difference)
        } else {
          start += size
        }
      }
      if size == 1 { return script }
      size /= 2
    }
  }

  func report(_ first: ModelRun.Difference) -> String {
    var lines = ["after \(steps.count) steps in \(world.reading), of those of the seed:"]
    lines += steps.map { "  \($0.number) \($0.caller) \(readable($0.request))" }
    let shown = difference ?? first
    let (stores, models) = differing(shown.store, shown.model)
    lines.append("  then \(shown.step.caller) \(readable(shown.step.request))")
    lines += stores.map { "the store says \($0)" } + models.map { "the model says \($0)" }
    return lines.joined(separator: "\n")
  }
}

extension ModelRun {
  mutating func take(_ step: Step, _ refused: inout Int) async throws -> Difference? {
    let difference = try await take(step)
    if wasRefused { refused += 1 }
    return difference
  }
}
