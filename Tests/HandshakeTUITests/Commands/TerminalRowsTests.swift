import Foundation
import Model
import TestSupport
import Testing
import Text
import Wire

@testable import HandshakeTUI

/// Output of commands on a terminal: a sender's text is marked in every row, and moves no text of
/// ours.
@Suite("Rows on a terminal") struct TerminalRowsTests {
  /// Each has a Q or 日 in every stretch that could begin a row.
  private static let hostile: [String] = [
    String(repeating: "Q", count: 500),
    String(repeating: "Q ", count: 300),
    "Q" + String(repeating: " ", count: 200) + "Q Trust  ok",
    String(repeating: "日", count: 200),
    "Q\nTrust ok\nQ\r\nQ", "Q\tQ\tQ" + String(repeating: "\tQ", count: 40),
    String(repeating: "Q\u{301}\u{302}", count: 120),
    "Q‹12 spaces›Q<12 spaces>Q~ Q", String(repeating: "Q\u{202E}", count: 60),
    "~ Q  ok  6d", "Q\u{A0}\u{A0}\u{3000}Q", String(repeating: "Q日", count: 90),
  ]

  private struct Output {
    var status: Int32
    var lines: [Substring]
    var errors: [Substring]
    var text: String
  }

  private func run(
    _ arguments: [String], columns: Int?, in world: TestWorld, isTerminal: Bool = true
  ) async -> Output {
    let console = MemoryConsole(
      terminals: isTerminal ? [.output, .errors] : [], columns: columns)
    let program = Program(
      dependencies: Dependencies(
        environment: world.environment, console: console, time: world.time, random: SeededBytes()))
    let status = await withCheckedContinuation { continuation in
      Thread.detachNewThread { continuation.resume(returning: program.run(arguments)) }
    }
    let text = console.text(.output)
    return Output(
      status: status, lines: text.split(separator: "\n", omittingEmptySubsequences: false),
      errors: console.text(.errors).split(separator: "\n"), text: text)
  }

  private func expectSafe(_ lines: [Substring], _ columns: Int, _ context: String) {
    for line in lines {
      #expect(DisplayWidth.of(String(line)) < columns, "\(context): \(line)")
      guard let first = line.firstIndex(where: { $0.unicodeScalars.first == "Q" || $0 == "日" })
      else { continue }
      #expect(line[..<first].contains("~ "), "\(context): \(line)")
    }
  }

  private func document(_ text: String, in world: TestWorld, _ name: String) throws -> String {
    var fixture = InvitationFixture()
    fixture.notes = text
    fixture.name = text
    fixture.email = text
    var handshake = try fixture.make()
    handshake.resources.append(
      Resource(type: .unknown(Untrusted(text)), value: Untrusted(text)))
    var other = InvitationFixture()
    other.id = "h-0000000000000001"
    var unknown = try other.make()
    unknown.state = .unknown(Untrusted(text))
    unknown.parties.append(Party(id: Untrusted(text), type: .unknown(Untrusted(text))))
    return try world.file(
      name, String(decoding: [handshake, unknown].document(.document), as: UTF8.self))
  }

  @Test("no row of show begins with a sender's text", arguments: [24, 40, 80, 132])
  func show(_ columns: Int) async throws {
    let world = try TestWorld()
    for (index, text) in Self.hostile.enumerated() {
      let path = try document(text, in: world, "\(index).json")
      for id in ["h-7d1f0c2a9b44e8aa", "h-0000000000000001"] {
        for layout in [[], ["--plain"], ["--ascii"]] {
          let shown = await run(
            ["show", id, "--input", path] + layout, columns: columns, in: world)
          expectSafe(shown.lines, columns, "\(index) \(columns) \(layout)")
          // In fewer columns, the word has its own row.
          #expect(
            columns < 40
              || shown.lines.contains { $0.hasPrefix("Trust") && $0.hasSuffix(" new?") })
        }
      }
    }
  }

  @Test(
    "a name in a list neither imitates nor moves the text beside it", arguments: [40, 80, 132])
  func list(_ columns: Int) async throws {
    let world = try TestWorld()
    for (index, text) in Self.hostile.enumerated() {
      let path = try document(text, in: world, "\(index).json")
      for layout in [[], ["--plain"], ["--ascii"]] {
        let list = await run(["list", "--input", path] + layout, columns: columns, in: world)
        expectSafe(list.lines, columns, "\(index) \(columns) \(layout)")
        guard layout != ["--plain"] else { continue }
        // TRUST is under its heading.
        let heading = try #require(list.lines.firstIndex { $0.contains("TRUST") })
        let place = try #require(list.lines[heading].range(of: "TRUST"))
        let column = list.lines[heading][..<place.lowerBound].count
        let each = try #require(list.lines.dropFirst().firstIndex { $0.hasPrefix("h-") })
        for row in stride(from: heading + each, to: list.lines.count - 1, by: each) {
          let words = DisplayWidth.glyphs(String(list.lines[row]))
          var at = 0
          let word = words.filter { glyph in
            defer { at += glyph.columns }
            return (column..<column + 5).contains(at)
          }.map(\.text).joined()
          #expect(
            ["new?", "new? ", "DAMGD"].contains(word), "\(index) \(columns): \(list.lines[row])")
        }
      }
    }
  }

  @Test("a pipe gets the same bytes at every width")
  func piped() async throws {
    let world = try TestWorld()
    for (index, text) in Self.hostile.enumerated() {
      let path = try document(text, in: world, "\(index).json")
      let full = Sanitiser.render(Untrusted(text), for: .full, in: .utf8)
      for columns in [20, 80, nil] as [Int?] {
        let shown = await run(
          ["show", "h-7d1f0c2a9b44e8aa", "--input", path], columns: columns, in: world,
          isTerminal: false)
        #expect(
          shown.text.contains("\tNOTES\t~ \(full)\n") || shown.text.contains("NOTES\t~ \(full)\n"))
        let list = await run(
          ["list", "--input", path], columns: columns, in: world, isTerminal: false)
        #expect(list.lines.count == 4)
        let line = try #require(list.lines.first { $0.hasPrefix("h-7d1f0c2a9b44e8aa") })
        #expect(line.split(separator: "\t", omittingEmptySubsequences: false)[4] == full)
      }
    }
  }

  @Test("a sender's text in a message continues after the mark", arguments: [40, 80, 132])
  func messages(_ columns: Int) async throws {
    let world = try TestWorld()
    for text in Self.hostile {
      let failed = await run(["show", "~ " + text], columns: columns, in: world)
      #expect(failed.status == 2)
      for line in failed.errors {
        #expect(DisplayWidth.of(String(line)) < columns)
        let isOurs = ["handshake: ", "~ ", "  An id is", "  h-"].contains { line.hasPrefix($0) }
        #expect(isOurs, "\(line)")
      }
    }
  }

  @Test(
    "a journal's reasons, trusted names and accounts are marked in every row", arguments: [40, 80])
  func tables(_ columns: Int) {
    for text in Self.hostile {
      let rows = TerminalRows(columns: columns, charset: .utf8)
      let shown = Sanitiser.render(Untrusted(text), for: .full, in: .utf8)
      var table = Table(["NO", "WHO", "TEXT"], whole: [1, 2])
      table.add(["1", shown, "attempt: " + shown], foreign: [1, 2])
      let lines = rows.wrap(table.text(.people, on: rows)).split(separator: "\n")
      expectSafe(lines, columns, "table")
      var facts = Facts()
      facts.add("Own", "arn:aws:organizations::999900001111:handshake/o-a1b2c3d4e5/invite/h-1")
      facts.add("Foreign", shown, .foreign)
      facts.add("Mixed", "looks like ~ " + shown, .mixed)
      expectSafe(
        rows.wrap(facts.text(.people, on: rows)).split(separator: "\n"), columns, "facts")
    }
  }

  @Test("a terminal of unknown size has 80 columns, and every width gets the whole text")
  func sizes() {
    #expect(TerminalRows(columns: nil, charset: .utf8).columns == 79)
    for columns in 1...200 {
      let rows = TerminalRows(columns: columns, charset: .utf8)
      let text = "x‹U+202E›日 " + String(repeating: "y", count: 50)
      let lines = rows.wrap(text).split(separator: "\n")
      #expect(lines[0] + lines.dropFirst().map { $0.dropFirst(2) }.joined() == text)
      #expect(lines.allSatisfy { DisplayWidth.of(String($0)) < max(columns, 5) })
    }
    #expect(TerminalWidth.columns(environment: ["COLUMNS": "0"]) != 0)
  }
}
