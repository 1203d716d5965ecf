import Foundation
import Model
import TestSupport
import Testing
import Text

@testable import HandshakeTUI

/// Tables on a terminal of 80 columns.
@Suite("Tables in 80 columns") struct NarrowTests {
  private func run(
    _ arguments: [String], in world: TestWorld, isTerminal: Bool = true
  ) async -> (lines: [Substring], status: Int32) {
    let console = MemoryConsole(terminals: isTerminal ? [.output] : [], columns: 80)
    let program = Program(
      dependencies: Dependencies(
        environment: world.environment, console: console, time: world.time, random: SeededBytes()))
    let status = await withCheckedContinuation { continuation in
      Thread.detachNewThread { continuation.resume(returning: program.run(arguments)) }
    }
    return (console.text(.output).split(separator: "\n"), status)
  }

  /// A world with one declined handshake and a trusted organization in its journal.
  private func world() async throws -> (world: TestWorld, id: String) {
    let world = try TestWorld()
    #expect(await run(["local", "init"], in: world).status == 0)
    let listed = await run(["list"], in: world, isTerminal: false)
    let row = try #require(listed.lines.first { $0.contains("\t222233334444\t") })
    let id = String(row.prefix { $0 != "\t" })
    let declined = await run(
      ["decline", id, "--yes", "--reason", "not ours"], in: world, isTerminal: false)
    #expect(declined.status == 0)
    return (world, id)
  }

  @Test(
    "fit, with short times",
    arguments: [
      ["list"], ["list", "--state", "all"], ["list", "--sent"], ["journal"], ["trust", "list"],
      ["info"], ["local", "accounts"],
    ])
  func fits(_ arguments: [String]) async throws {
    let (world, _) = try await world()
    let shown = await run(arguments, in: world)
    #expect(shown.lines.count > 1)
    for line in shown.lines {
      #expect(DisplayWidth.of(String(line)) < 80, "\(line)")
      // Text without room continues in another line of the table, and is never cut off.
      #expect(!line.hasPrefix("~ ") || arguments == ["journal"], "\(line)")
    }
    if arguments != ["info"] {
      #expect(!shown.lines.contains { $0.contains("+00:00") })
    }
  }

  @Test("a list names kinds as the screens do, and keeps connected words in one line")
  func kinds() async throws {
    let (world, _) = try await world()
    let lines = await run(["list", "--state", "all"], in: world).lines
    #expect(lines.first?.split(separator: " ") == ["ID", "KIND", "LEFT", "TRUST", "ACCOUNT"])
    let kinds = Set(lines.filter { $0.hasPrefix("h-") }.map { $0.split(separator: " ")[1] })
    #expect(kinds.isSuperset(of: ["INVITE", "ALLFEAT", "BILLING"]), "\(kinds)")
  }

  @Test("are as wide as necessary in a pipe, with complete times")
  func piped() async throws {
    let (world, _) = try await world()
    for arguments in [["list"], ["journal"], ["trust", "list"]] {
      let piped = await run(arguments, in: world, isTerminal: false)
      #expect(piped.lines.dropFirst().allSatisfy { $0.contains("+00:00") })
    }
  }

  @Test("the journal has account and organization in the line of an outcome too")
  func journal() async throws {
    let (world, id) = try await world()
    let rows = await run(["journal"], in: world, isTerminal: false).lines.map {
      $0.split(separator: "\t", omittingEmptySubsequences: false)
    }
    #expect(rows.first?[4...] == ["about", "as", "organization", "text"])
    let about = rows.filter { ["decline", "outcome"].contains($0[3]) }
    #expect(about.count == 2)
    for row in about { #expect(row[4...6] == [Substring(id), "222233334444", "o-a1b2c3d4e5"]) }
  }
}
