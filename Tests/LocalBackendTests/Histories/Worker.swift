import Foundation
import Glibc
import Model
import TestSupport

@testable import LocalBackend

/// One of the processes of a history: this test program, started again.
struct Worker {
  private let number: Int
  private let seeds: Range<UInt64>
  private let folder: String

  private static let variable = "HANDSHAKE_CONTENDER"

  /// The role of this process, if it was started as a worker.
  static var own: Worker? {
    guard let asked = ProcessInfo.processInfo.environment[variable] else { return nil }
    let words = asked.split(separator: " ", maxSplits: 3)
    guard words.count == 4, let number = Int(words[0]), let first = UInt64(words[1]),
      let end = UInt64(words[2])
    else { return nil }
    return Worker(number: number, seeds: first..<end, folder: String(words[3]))
  }

  init(number: Int, seeds: Range<UInt64>, folder: String) {
    (self.number, self.seeds, self.folder) = (number, seeds, folder)
  }

  /// The variable that makes another process a worker.
  var environment: [String: String] {
    ProcessInfo.processInfo.environment.merging(
      [Self.variable: "\(number) \(seeds.lowerBound) \(seeds.upperBound) \(folder)"]
    ) { $1 }
  }

  func contend() async throws {
    for seed in seeds { try await Self.take(number, seed, in: "\(folder)/\(seed)") }
  }

  private static func take(_ number: Int, _ seed: UInt64, in folder: String) async throws {
    let history = try await ConcurrentHistory(
      seed, makingStoreAt: number == 0 ? folder + "/store" : nil)
    try mark("made-\(number)", in: folder)
    try await all("made", in: folder)
    let random = SteppedBytes()
    let store = try Store.open(
      at: folder + "/store", time: ManualTime(history.now), random: random)
    var pause = SeededRandom(seed: seed &* 31 &+ UInt64(number))
    var lines: [String] = []
    try mark("ready-\(number)", in: folder)
    try await all("ready", in: folder)
    for step in history.programs[number] {
      random.begin(step.number)
      usleep(UInt32.random(in: 0...1_500, using: &pause))
      let backend = LocalBackend(
        store: store, account: try Fixture.account(step.caller), user: "tester")
      var side = StoreSide(backend: backend, now: history.beginning.now)
      side.looksUpChildren = false
      let began = instant()
      let said = await side.said(to: step.request)
      let ended = instant()
      let made = side.made
      lines.append(
        "\(began)\t\(ended)\t\(made.handshake)\t\(made.transfer)\t\(made.organization)\t\(said.line)"
      )
    }
    try Data(lines.joined(separator: "\n").utf8).write(
      to: URL(fileURLWithPath: "\(folder)/said-\(number)"))
    // The first process removes the folder when all workers have finished.
    try mark("told-\(number)", in: folder)
  }

  private static func mark(_ name: String, in folder: String) throws {
    try Data().write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
  }

  /// Waits until every process has reached this point.
  private static func all(_ name: String, in folder: String) async throws {
    for number in 0..<ConcurrentHistory.processes {
      let end = instant() + 60_000_000_000
      while access("\(folder)/\(name)-\(number)", F_OK) != 0 {
        guard instant() < end else { throw FixtureError(text: "\(number) is not \(name)") }
        usleep(200)
      }
    }
  }

  private static func instant() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
