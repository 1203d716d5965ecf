import Model
import TestSupport
import Testing
import Text

@testable import HandshakeTUI

@Suite("The command line") struct ArgumentCheckTests {
  private func failure(_ arguments: [String]) -> CommandFailure? {
    ArgumentCheck(arguments: arguments, ink: Ink(charset: .utf8)).failure()
  }

  @Test("an option of one value that is given twice with different values is a usage error")
  func contradictions() async throws {
    let options = (ArgumentCheck.options ?? [:])
    #expect(options.count > 20)
    for (name, option) in options {
      let twice = ["list", name, "a", name, "b"]
      #expect((failure(twice)?.status == .usage) == !option.isRepeating, "\(name)")
      #expect((failure(["list", name + "=a", name, "b"]) != nil) == !option.isRepeating)
      #expect((failure([name, "a", "list", name + "=b"]) != nil) == !option.isRepeating)
      #expect(failure(["list", name, "a", name + "=a"]) == nil, "\(name)")
    }
    #expect(options["--profile"]?.isRepeating == true)
    for name in ["--expect-org", "--account", "--reason"] {
      #expect(options[name]?.isRepeating == false)
    }
  }

  @Test("only --profile may come several times, in every command")
  func kinds() {
    #expect(
      (ArgumentCheck.options ?? [:]).filter(\.value.isRepeating).keys.sorted() == ["--profile"])
  }

  @Test("what looks like an option but is a value, or stands behind --, is none")
  func values() {
    #expect(failure(["accept", "--", "--reason", "a", "--reason", "b"]) == nil)
    #expect(failure(["accept", "--reason=--expect-org", "--expect-org", "o-a"]) == nil)
    #expect(failure(["sandbox", "--port", "1", "--port", "2", "-hx"]) == nil)
    #expect(failure(["list", "--input", "-"]) == nil)
    #expect(failure(["list", "--sort", "-expires"]) == nil)
    #expect(failure(["list", "-h"]) == nil)
    #expect(failure(["--help"]) == nil)
  }

  @Test(
    "an id that begins with -h is no call for help", arguments: ["-habc", "-h79d8", "-9h", "-help"])
  func dashes(_ word: String) async throws {
    let world = try TestWorld()
    for command in [["show"], ["accept"], ["decline", "--yes", "--reason", "x"], [], ["tui"]] {
      let run = await world.run(command + [word])
      #expect(run.status == 2)
      #expect(run.errors.contains("ids begin with h-"), "\(run.errors)")
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
  func printable() throws {
    let failure = try #require(self.failure(["list", "--log", "a\u{1B}[2J", "--log", "b"]))
    #expect(!failure.text.contains("\u{1B}"))
  }
}
