import Model
import TestSupport

@testable import LocalBackend

/// A store with contents, and the concurrent requests of several processes.
///
/// All of it follows from a seed, so that each process draws its own part and no data is passed
/// between them.
struct ConcurrentHistory {
  static let processes = 3
  private static let requestsEach = 5
  private static let requestsBefore: UInt64 = 14

  let seed: UInt64
  /// The contents of the store when the processes begin.
  ///
  /// The clock does not move from then on.
  let beginning: ModelService
  /// The wall clock's time of all of them.
  let now: Timestamp
  /// By process, in the order of its requests.
  let programs: [[Step]]

  /// Draws a history, and creates its store at `path`.
  ///
  /// `path` is nil when another process creates the store; this one then draws with a
  /// temporary store.
  ///
  /// - Throws: `FixtureError` if store and model differ before the processes begin, and what
  ///   `ModelRun` throws.
  init(_ seed: UInt64, makingStoreAt path: String? = nil) async throws {
    self.seed = seed
    var random = SeededRandom(seed: seed)
    let pace = ModelService.Pace(seed: seed)
    var run = try ModelRun(.drawn(&random, now: ManualTime.mockup, pace), seed: seed, at: path)
    for number in 1...Self.requestsBefore {
      if let difference = try await run.take(run.model.drawStep(number, pace, &random)) {
        throw FixtureError(text: "seed \(seed): alone it says \(difference.store)")
      }
    }
    let beginning = run.model
    (self.beginning, now) = (beginning, run.now)
    programs = (0..<Self.processes).map { process in
      (0..<Self.requestsEach).map { place in
        Self.draw(UInt64(1_000 * (process + 1) + place), beginning, pace, &random)
      }
    }
  }

  /// One that is a single request to the store, and takes no time.
  private static func draw(
    _ number: UInt64, _ model: ModelService, _ pace: ModelService.Pace,
    _ random: inout SeededRandom
  ) -> Step {
    while true {
      var step = model.drawStep(number, pace, &random)
      switch step.request {
      case .wait, .advance, .createAccount: continue
      case .list(let query, _): step.request = .list(query, limit: nil)
      default: break
      }
      return step
    }
  }
}

/// One request of a process: its result, and the instants of the machine's clock between which it
/// ran.
struct Event {
  var step: Step
  /// Nanoseconds, of a monotonic clock that all processes share.
  var began: Int64
  var ended: Int64
  /// As `Said.line`.
  var said: String
  var made = ModelService.NewIDs()
}

extension Said {
  /// The result as one line: equal results are equal lines.
  ///
  /// The order of a listing is left out, since all events here happen in the same millisecond.
  var line: String {
    switch self {
    case .handshakes(let found):
      readable(Said.handshakes(found.sorted { ($0.id?.text ?? "") < ($1.id?.text ?? "") }))
    case .transfers(let found):
      readable(Said.transfers(found.sorted { readable($0) < readable($1) }))
    default: readable(self)
    }
  }
}
