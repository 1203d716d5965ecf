import Arguments
import TestSupport
import Testing
import Text

@testable import HandshakeTUI

@Suite("The command line") struct CommandLineTests {
  private static let grammar = HandshakeCommand.grammar(SettingRow.all)

  private func refusal(_ arguments: [String]) -> UsageError.Problem? {
    do throws(UsageError) {
      _ = try Self.grammar.parse(arguments)
      return nil
    } catch { return error.problem }
  }

  @Test("a shared option of one value that is given twice with different values is refused")
  func contradictions() {
    let options = Self.grammar.shared.filter { $0.form == .option && $0.values.isEmpty }
    #expect(options.count > 6)
    for option in options {
      let name = option.name
      let isRefused = !option.isRepeating
      #expect((refusal(["list", name, "a", name, "b"]) != nil) == isRefused, "\(name)")
      #expect((refusal(["list", name + "=a", name, "b"]) != nil) == isRefused, "\(name)")
      #expect((refusal([name, "a", "list", name + "=b"]) != nil) == isRefused, "\(name)")
      #expect(refusal(["list", name, "a", name + "=a"]) == nil, "\(name)")
    }
    #expect(refusal(["accept", "h-1", "--reason", "a", "--reason", "b"]) != nil)
    #expect(refusal(["accept", "h-1", "--expect-org", "a", "--expect-org", "b"]) != nil)
  }

  @Test("only --profile may come several times, in every command")
  func kinds() {
    var commands = [Self.grammar.root]
    while let command = commands.popLast() {
      commands += command.children
      #expect(command.parameters.filter { $0.form == .option && $0.isRepeating }.isEmpty)
    }
    #expect(Self.grammar.shared.filter(\.isRepeating).map(\.name) == ["--profile"])
  }

  @Test("what looks like an option but is a value, or stands behind --, is none")
  func values() {
    #expect(refusal(["accept", "--", "--reason", "a", "--reason", "b"]) == nil)
    #expect(refusal(["accept", "h-1", "--reason=--expect-org", "--expect-org", "o-a"]) == nil)
    #expect(refusal(["sandbox", "--port", "1", "--port", "2", "-hx"]) == nil)
    #expect(refusal(["list", "--input", "-"]) == nil)
    #expect(refusal(["list", "--sort", "-expires"]) == nil)
    #expect(refusal(["list", "-h"]) == nil)
    #expect(refusal(["--help"]) == nil)
  }

  @Test(
    "an id that begins with -h is no call for help", arguments: ["-habc", "-h79d8", "-9h", "-help"])
  func dashes(_ word: String) async throws {
    let world = try TestWorld()
    for command in [["show"], ["accept"], ["decline", "--yes", "--reason", "x"], [], ["tui"]] {
      let run = await world.run(command + [word])
      #expect(run.status == 2)
      #expect(run.errors.contains("ids with h-"), "\(run.errors)")
      #expect(run.output.isEmpty)
    }
  }

  @Test("help in the place of a value is a missing value", arguments: ["-h", "--help", "-h79d8"])
  func helpAsValue(_ word: String) async throws {
    let run = try await TestWorld().run("decline", "h-7d1f0c2a9b44e8aa", "--yes", "--reason", word)
    #expect(run.status == 2)
    #expect(run.errors.contains("--reason has no value"))
    #expect(run.output.isEmpty)
  }

  @Test("a variable and an option for the same thing are no contradiction")
  func variable() async throws {
    var world = try TestWorld()
    world.environment["HANDSHAKE_ACCOUNT"] = "222233334444"
    let run = await world.run("list", "--account", "333344445555")
    #expect(run.status == 0, "\(run.errors)")
  }

  @Test("the values of a contradiction are told printable")
  func printable() async throws {
    let world = try TestWorld()
    let run = await world.run("list", "--log", "a\u{1B}[2J", "--log", "b")
    #expect(run.status == 2)
    #expect(run.errors.contains("--log is given twice"))
    #expect(!run.errors.contains("\u{1B}"))
  }
}
