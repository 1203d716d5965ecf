import Arguments
import Model
import Platform
import TestSupport
import Testing
import Text
import Wire

@testable import HandshakeTUI

@Suite("The program") struct ProgramTests {
  @Test("random bytes are as many as were asked for, and others each time")
  func random() {
    for count in [0, 1, 7, 8, 9, 31] { #expect(SystemRandom().bytes(count).count == count) }
    let bytes = SystemRandom().bytes(64)
    #expect(bytes != SystemRandom().bytes(64))
    #expect(Set(bytes).count > 16)
  }

  struct Call: Sendable, CustomTestStringConvertible {
    var arguments: [String]
    var status: Int32
    var says: String
    var testDescription: String { arguments.joined(separator: " ") }
  }

  static let calls = [
    Call(arguments: ["list", "--bogus"], status: 2, says: "--bogus"),
    Call(arguments: ["show"], status: 2, says: "handshake show needs <id>"),
    Call(arguments: ["accept"], status: 2, says: "handshake accept needs <ids> ..."),
    Call(arguments: ["show", "h-NOPE"], status: 2, says: "not a handshake id"),
    Call(
      arguments: ["show", "h-00000000000000000000000000000000"], status: 1,
      says: "HandshakeNotFoundException"),
    Call(arguments: ["lst"], status: 2, says: "neither a command nor a handshake id"),
    Call(arguments: ["lst"], status: 2, says: "Did you mean list?"),
    Call(arguments: ["list", "--stat", "all"], status: 2, says: "Did you mean --state?"),
    Call(arguments: ["list", "extra"], status: 2, says: "handshake list takes no arguments"),
    Call(arguments: ["list", "--json=1"], status: 2, says: "--json takes no value"),
    Call(arguments: ["list", "--filter"], status: 2, says: "Write --filter <expr>"),
    Call(arguments: ["--backend", "gcp"], status: 2, says: "Use local, aws or auto"),
    Call(arguments: ["local", "init", "--size", "x"], status: 2, says: "not a value of --size"),
    Call(arguments: ["local", "rest"], status: 2, says: "Did you mean reset?"),
    Call(arguments: ["trust", "ad"], status: 2, says: "Did you mean add?"),
    Call(arguments: ["help", "nope"], status: 2, says: "unknown command \"nope\""),
    Call(arguments: ["list", "--account", "１２３４５６７８９０１２"], status: 2, says: "not an account id"),
    Call(
      arguments: ["list", "--account", "000000000000"], status: 1, says: "handshake local accounts"),
    Call(arguments: ["list", "--state", "PENDING?"], status: 2, says: "not a state"),
    Call(arguments: ["list", "--sort", "size"], status: 2, says: "unknown sort key"),
    Call(arguments: ["list", "--filter", "nope:1"], status: 2, says: "filter"),
    Call(arguments: ["list", "--expiring", "1.5h"], status: 2, says: "not a duration"),
    Call(arguments: ["--backend", "aws", "list"], status: 1, says: "No credentials"),
    Call(
      arguments: ["list", "--store", "/nowhere/o.sqlite"], status: 1, says: "handshake local init"),
    Call(arguments: ["list", "--config", "/nowhere/c.toml"], status: 1, says: "/nowhere/c.toml"),
    Call(arguments: ["list", "--input", "/nowhere.json"], status: 1, says: "/nowhere.json"),
    Call(arguments: ["--read-only", "local", "reset"], status: 4, says: "read-only"),
    Call(arguments: ["local", "advance", "soon"], status: 2, says: "not a duration"),
    Call(
      arguments: ["local", "init", "--empty", "--size", "3"], status: 2, says: "cannot be combined"),
    Call(arguments: ["invite", "nobody", "--account", "999900001111"], status: 2, says: "neither"),
    Call(arguments: ["invite", "111122223333"], status: 2, says: "--account"),
    Call(arguments: ["trust", "add", "o-x", "111122223333"], status: 2, says: "organization id"),
    Call(arguments: ["render", "--size", "0x24"], status: 2, says: "invalid --size"),
    Call(arguments: ["render", "--keys", "<Nope>"], status: 2, says: "<Nope>"),
    Call(arguments: ["tui"], status: 2, says: "handshake list"),
    Call(arguments: [], status: 2, says: "handshake list"),
  ]

  @Test("a usage error names the cause and the remedy, and exits with its code", arguments: calls)
  func wrong(_ call: Call) async throws {
    let world = try TestWorld()
    let run = await world.run(call.arguments)
    #expect(run.status == call.status)
    #expect(run.errors.contains(call.says), "\(run.errors)")
    #expect(run.output.isEmpty)
  }

  @Test("the default organization is created without asking, with a note; another path is not")
  func defaultStore() async throws {
    let world = try TestWorld()
    let first = await world.run("list")
    #expect(first.status == 0)
    #expect(first.errors.contains("created a demonstration organization"))
    #expect(await !world.run("list").errors.contains("made"))
    #expect(await world.run("local", "init").status == 1)
  }

  @Test("JSON has the AWS CLI's format in a pipe, and is ASCII on a terminal")
  func json() async throws {
    let world = try TestWorld()
    let piped = await world.run("list", "--json")
    #expect(piped.output.hasPrefix("{\n    \"Handshakes\": [\n        {\n            \"Id\": \"h-"))
    let shown = await world.run("list", "--json", terminals: [.output])
    #expect(shown.output.utf8.allSatisfy { $0 == 0x0A || (0x20...0x7E).contains($0) })
    let both = try [piped, shown].map { try JSONValue.read(Array($0.output.utf8)) }
    #expect(both[0] == both[1])
    #expect(both[0]["NextToken"] == nil)
  }

  @Test("text never contains a control or bidi character, in any sink")
  func sanitised() async throws {
    let world = try TestWorld()
    for arguments in [["list", "--state", "all"], ["list", "--sent"], ["local", "accounts"]] {
      for terminals: Set<StandardStream> in [[], [.output]] {
        let text = await world.run(arguments, terminals: terminals).output
        #expect(!text.isEmpty)
        let bad = text.unicodeScalars.filter { scalar in
          (scalar.value < 0x20 && scalar != "\n" && scalar != "\t")
            || (0x7F...0x9F).contains(scalar.value) || (0x202A...0x202E).contains(scalar.value)
            || (0x2066...0x2069).contains(scalar.value)
        }
        #expect(bad.isEmpty)
      }
    }
    let ascii = await world.run("list", isUTF8: false).output
    #expect(ascii.utf8.allSatisfy { $0 < 0x7F })
  }

  @Test(
    "--expiring lists handshakes with at most that time left, and exits with 10 if there are any")
  func expiring() async throws {
    let world = try TestWorld()
    let found = await world.run("list", "--expiring", "48h", "--json")
    #expect(found.status == 10)
    let handshakes = try JSONValue.read(Array(found.output.utf8))["Handshakes"]?.array
    #expect(handshakes?.isEmpty == false)
    #expect(await world.run("list", "--expiring", "1m").status == 0)
  }

  @Test("local accounts, trust list and info have the documented members")
  func shapes() async throws {
    let world = try TestWorld()
    func names(_ arguments: String...) async throws -> [[String]] {
      let run = await world.run(arguments)
      let array = try JSONValue.read(Array(run.output.utf8)).array ?? []
      return array.map { ($0.object ?? []).compactMap { $0.name.asciiText } }
    }
    let accounts = try await names("local", "accounts", "--json")
    #expect(accounts.allSatisfy { $0 == ["Id", "Name", "Email", "Organization", "Role"] })
    #expect(!accounts.isEmpty)
    let trust = try await names("trust", "list", "--json")
    #expect(trust.count == 2)
    #expect(
      trust.allSatisfy {
        $0 == ["OrganizationId", "ManagementAccountId", "Name", "AddedAt", "AddedBy"]
      })
    #expect(try await names("info", "--json").allSatisfy { $0 == ["Key", "Value", "Origin"] })
  }

  @Test("unescape restores the bytes, and never on a terminal")
  func unescape() async throws {
    let world = try TestWorld()
    #expect(await world.run("unescape", input: "a‹U+202E›b\n").output == "a\u{202E}b\n")
    #expect(await world.run("unescape", "--ascii", input: "<U+003C>").output == "<")
    #expect(await world.run("unescape", terminals: [.output], input: "x").status == 2)
    #expect(await world.run("unescape", input: "‹nonsense").status == 1)
  }

  @Test("render prints exactly the requested size, and changes nothing")
  func render() async throws {
    let world = try TestWorld()
    let before = await world.run("--json", "list", "--state", "all").output
    let frame = await world.run("render", "--size", "80x24", "--keys", "jjaC").output
    let lines = frame.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    #expect(lines.count == 24)
    #expect(lines.allSatisfy { DisplayWidth.of(String($0)) == 80 })
    #expect(await world.run("--json", "list", "--state", "all").output == before)
    #expect(await world.run("journal").errors.contains("empty"))
  }

  @Test("help describes the program, a command and a command of a command")
  func help() async throws {
    let world = try TestWorld()
    for arguments in [["--help"], ["help"], ["-h"]] {
      let run = await world.run(arguments)
      #expect(run.status == 0)
      #expect(run.output.contains("Usage: handshake [options] [command]"))
      #expect(!run.output.contains("generate-docs"))
    }
    let list = await world.run("list", "--help")
    #expect(list.output.contains("--expiring <duration>"))
    #expect(list.output.contains("--store <file>"))
    #expect(await world.run("help", "trust", "add").output.contains("<management-account>"))
    #expect(await world.run("local").output.contains("Usage: handshake local <command>"))
    let columns = list.output.split(separator: "\n").map { $0.unicodeScalars.count }
    #expect(columns.allSatisfy { $0 <= 80 })
  }

  @Test("every command's help and the man page have every one of its parameters")
  func declarations() throws {
    let grammar = HandshakeCommand.grammar(SettingRow.all)
    let manual = ManPage.text()
    func check(_ command: CommandDeclaration<any Subcommand>, _ path: [String]) throws {
      let page = try #require(HelpPage(grammar, path, columns: nil)?.text)
      for parameter in command.parameters where !parameter.isHidden {
        #expect(page.contains(parameter.label), "\(path) \(parameter.name)")
        #expect(!parameter.help.isEmpty)
        guard !command.isHidden, parameter.form != .positional else { continue }
        #expect(manual.contains(parameter.name.replacing("-", with: "\\-")), "\(parameter.name)")
      }
      let names = command.parameters.map(\.name) + grammar.shared.map(\.name)
      #expect(Set(names).count == names.count, "\(path) has an option twice")
      for child in command.children { try check(child, path + [child.name]) }
    }
    try check(grammar.root, [grammar.root.name])
  }

  @Test("--version names the formats, --licenses prints the notice")
  func version() async throws {
    let world = try TestWorld()
    #expect(await world.run("--version").output.contains("store format"))
    #expect(await world.run("--version", "--licenses").output.contains("Apache License"))
  }
}
