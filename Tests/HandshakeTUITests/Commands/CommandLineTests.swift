import Arguments
import Model
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

  @Test(
    "--version and the like do nothing beside a command or an id",
    arguments: [
      ["--version", "list"], ["--licenses", "decline", "h-7d1f0c2a9b44e8aa", "--yes"],
      ["--generate-completion-script", "bash", "info"], ["--version", "h-7d1f0c2a9b44e8aa"],
      ["--version", "sandbox", "accounts"],
    ])
  func standingAlone(_ arguments: [String]) async throws {
    let run = await (try TestWorld()).run(arguments)
    #expect(run.status == 2)
    #expect(run.errors.contains("\(arguments[0]) stands alone"), "\(run.errors)")
    #expect(run.output.isEmpty)
  }

  @Test("usage errors and help have only the characters of the charset")
  func charset() async throws {
    let world = try TestWorld()
    let wrong = await world.run("accept", "--expect-org", isUTF8: false)
    #expect(wrong.errors.contains("Write --expect-org <o-...>."), "\(wrong.errors)")
    let asked = await world.run("--ascii", "accept", "--expect-org")
    #expect(asked.errors.contains("Write --expect-org <o-...>."), "\(asked.errors)")
    #expect(await world.run("accept", "--expect-org").errors.contains("<o-…>"))
    let typed = await world.run("--ascii", "list", "--é")
    #expect(typed.errors.contains("--<U+00E9>"), "\(typed.errors)")
    for help in [
      await world.run("accept", "--help", isUTF8: false),
      await world.run("accept", "--ascii", "--help"),
    ] {
      #expect(help.output.contains("--expect-org <o-...>"))
      #expect(help.output.utf8.allSatisfy { $0 < 0x80 })
    }
  }

  @Test("an index of the word to complete that no word has is refused")
  func completionIndex() async throws {
    let world = try TestWorld()
    for index in [String(Int.max), String(Int.min), "-1", "2", "x", ""] {
      let run = await world.run("---completion", index, "li")
      #expect(run.status == 2 && run.output.isEmpty, "\(index)")
    }
    #expect(await world.run("---completion", "0", "li").output.hasPrefix("list\t"))
  }

  @Test("the first value that is wrong is named, and an empty path is refused")
  func empty() async throws {
    let world = try TestWorld()
    let profiles = await world.run("list", "--profile", "", "--profile", "ok")
    #expect(profiles.status == 2)
    #expect(
      profiles.errors.contains("\"\" is not profile names: from --profile"), "\(profiles.errors)")
    for name in ["--store", "--log", "--input", "--config"] {
      let run = await world.run("list", name + "=")
      #expect(run.status == 2)
      #expect(run.errors.contains("\"\" is not a path: from \(name)"), "\(run.errors)")
    }
  }

  @Test("many ids are read in a time that grows as they do", .timeLimit(.minutes(1)))
  func manyIDs() throws {
    let texts = (0..<300_000).map { "h-\(100_000_000 + $0)" }
    let request = try AnswerRequest(
      .decline, AnswerOptions(ids: texts + texts.prefix(2)), Formatter(charset: .utf8),
      isConfirmed: true)
    #expect(request.ids.map(\.text) == texts)
  }

  @Test("a failure about an id names it once")
  func about() throws {
    let id = try #require(HandshakeID("h-7d1f0c2a9b44e8aa"))
    #expect(CommandFailure(.failed, "not found").about(id).what == "\(id.text): not found")
    let named = CommandFailure(.failed, "\(id.text) is not pending")
    #expect(named.about(id) == named)
  }
}
