import Foundation
import Glibc
import Model
import TestSupport
import Testing

@testable import LocalBackend

/// What a process of a history is told: `NUMBER FIRST COUNT FOLDER`.
enum Contest {
  static let variable = "HANDSHAKE_CONTENDER"

  static var asked: String? { ProcessInfo.processInfo.environment[variable] }
}

/// One of the processes of a history: this test program, started again to run this one test.
@Suite("A process of a history", .enabled(if: Contest.asked != nil)) struct Contender {
  @Test func contends() async throws {
    let words = try #require(Contest.asked).split(separator: " ", maxSplits: 3)
    let number = try #require(Int(words[0]))
    let (first, count) = (try #require(UInt64(words[1])), try #require(UInt64(words[2])))
    for seed in first..<first + count {
      try await Self.take(number, seed, in: "\(words[3])/\(seed)")
    }
  }

  private static func take(_ number: Int, _ seed: UInt64, in folder: String) async throws {
    let history = try await History(seed, makingStoreAt: number == 0 ? folder + "/store" : nil)
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
    // The folder is another process's to clear when all have told.
    try mark("told-\(number)", in: folder)
  }

  private static func mark(_ name: String, in folder: String) throws {
    try Data().write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
  }

  /// Waits until every process is as far.
  private static func all(_ name: String, in folder: String) async throws {
    for number in 0..<History.processes {
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
