import Model
import TestSupport
import Testing
import Text
import Wire

@Suite("Answering from the command line") struct AnsweringTests {
  private let stage: Stage
  private static let acme = "o-a1b2c3d4e5"

  init() throws {
    stage = try Stage()
  }

  private func handshakes(_ filter: String, _ more: String...) throws -> [Handshake] {
    let run = try Spawned.run(
      [try Stage.program, "list", "--json", "--filter", filter] + more,
      environment: stage.environment)
    return try SavedDocument.read(Array(run.output.utf8)).handshakes
  }

  /// The trusted organization's invitation of an account.
  private func invitation(of account: String) throws -> String {
    try #require(try handshakes("account:\(account) org:\(Self.acme)").first?.id).text
  }

  private func lines(_ run: Spawned) throws -> [JSONValue] {
    try run.output.split(separator: "\n").map { try JSONValue.read(Array($0.utf8)) }
  }

  @Test(
    "an accept that meets the rules of its tier is sent, journalled, and seen by the next process")
  func accept() throws {
    let id = try invitation(of: "222233334444")
    let run = try stage.run(
      "accept", id, "--expect-org", Self.acme, "--reason", "CHG-1", "--json")
    #expect(run.exit == 0, "\(run.errors)")
    let answered = try SavedDocument.read(Array(run.output.utf8)).handshakes
    #expect(answered.map(\.state) == [.accepted])
    let shown = try SavedDocument.read(
      Array(try stage.run("show", id, "--json").output.utf8)
    ).handshakes
    #expect(shown == answered)
    let accounts = try JSONValue.read(
      Array(try stage.run("local", "accounts", "--json").output.utf8)
    ).array
    let member = accounts?.first { $0["Id"]?.string?.asciiText == "222233334444" }
    #expect(member?["Organization"]?.string?.asciiText == Self.acme)
    #expect(try stage.run("journal", "verify").exit == 0)
    let journal = try lines(try stage.run("journal", "--json"))
    #expect(
      journal.compactMap { $0["kind"]?.string?.asciiText } == ["GENESIS", "INTENT", "DONE"])
    let again = try stage.run("accept", id, "--expect-org", Self.acme, "--reason", "CHG-1")
    #expect(again.exit == 4)
  }

  @Test("every rule of the tiers is enforced, and nothing is sent against one")
  func rules() throws {
    let id = try invitation(of: "222233334444")
    let strange = try #require(try handshakes("trust:new action:invite").first?.id).text
    let refused: [[String]] = [
      ["accept", id], ["accept", id, "--reason", "x"], ["accept", id, "--expect-org", Self.acme],
      ["accept", id, "--expect-org", "o-q7w8e9r0t1", "--reason", "x"],
      ["accept", id, "--expect-org", Self.acme, "--reason", " "],
      ["accept", id, strange, "--expect-org", Self.acme, "--reason", "x"],
      ["--read-only", "accept", id, "--expect-org", Self.acme, "--reason", "x"],
      ["decline", id, "--reason", "x"], ["decline", id, "--yes"], ["cancel", id, "--yes"],
    ]
    for arguments in refused {
      let run = try Spawned.run(
        [try Stage.program] + arguments, environment: stage.environment)
      #expect(run.exit == 4, "\(arguments): \(run.errors)")
      #expect(run.errors.contains("nothing sent"), "\(arguments)")
    }
    #expect(try stage.run("journal").errors.contains("empty"))
  }

  @Test("several ids are JSON lines in their order; a refusal does not stop the rest")
  func several() throws {
    let good = try invitation(of: "222233334444")
    let missing = "h-00000000000000000000000000000000"
    let run = try stage.run(
      "decline", missing, good, "--reason", "x", "--yes", "--json")
    #expect(run.exit == 3, "\(run.errors)")
    let lines = try lines(run)
    #expect(lines.count == 2)
    let error = try #require(lines.first?["Error"])
    #expect(error["HandshakeId"]?.string?.asciiText == missing)
    #expect(error["Code"]?.string?.asciiText == "HandshakeNotFoundException")
    #expect(error["Applied"]?.string?.asciiText == "refused")
    #expect(lines.last?["Handshake"]?["State"]?.string?.asciiText == "DECLINED")
  }

  @Test("a dry run prints what would be sent and sends nothing")
  func dryRun() throws {
    let id = try invitation(of: "222233334444")
    let run = try stage.run(
      "accept", id, "--expect-org", Self.acme, "--reason", "x", "--dry-run")
    #expect(run.exit == 0)
    #expect(run.output.contains("Would accept"))
    let json = try stage.run(
      "accept", id, "--expect-org", Self.acme, "--reason", "x", "--dry-run", "--json")
    let document = try JSONValue.read(Array(json.output.utf8))
    #expect(document["Handshake"]?["Id"]?.string?.asciiText == id)
    #expect(document["DryRun"]?["AccountId"]?.string?.asciiText == "222233334444")
    #expect(document["DryRun"]?["Effects"]?.array?.isEmpty == false)
    #expect(try handshakes("account:222233334444").contains { $0.id?.text == id })
    #expect(try stage.run("journal").errors.contains("empty"))
  }

  @Test("an invitation is sent, found, and cancelled by its sender")
  func invite() throws {
    let run = try stage.run(
      "invite", "someone@example.com", "--notes", "Welcome", "--account", "999900001111",
      "--reason", "x", "--yes", "--json")
    #expect(run.exit == 0, "\(run.errors)")
    let made = try #require(
      try SavedDocument.read(Array(run.output.utf8)).handshakes.first?.id
    ).text
    let cancelled = try stage.run(
      "cancel", made, "--reason", "x", "--yes", "--account", "999900001111", "--json")
    #expect(cancelled.exit == 0, "\(cancelled.errors)")
    let enabled = try stage.run(
      "enable-all-features", "--account", "999900001111", "--expect-org", Self.acme, "--reason",
      "x", "--yes")
    #expect(enabled.exit == 1)
    #expect(enabled.errors.contains("ORGANIZATION_ALREADY_HAS_ALL_FEATURES"))
  }

  @Test("the trust list decides the tier")
  func trust() throws {
    let before = try handshakes("trust:new org:o-q7w8e9r0t1").count
    #expect(before > 0)
    let added = try stage.run(
      "trust", "add", "o-q7w8e9r0t1", "777700003333", "--name", "Globex", "--yes")
    #expect(added.exit == 0, "\(added.errors)")
    #expect(try handshakes("trust:new org:o-q7w8e9r0t1").isEmpty)
    #expect(try stage.run("trust", "remove", "o-q7w8e9r0t1").exit == 0)
    #expect(try handshakes("trust:new org:o-q7w8e9r0t1").count == before)
    #expect(try stage.run("trust", "remove", "o-q7w8e9r0t1").exit == 1)
  }

  @Test("time passes for all users of the store, and reset starts again")
  func advance() throws {
    let id = try invitation(of: "222233334444")
    #expect(try stage.run("local", "advance", "16d").exit == 0)
    #expect(
      try handshakes("account:222233334444", "--state", "EXPIRED").contains { $0.id?.text == id })
    #expect(try stage.run("info").output.contains("1382400s"))
    #expect(try stage.run("local", "reset").exit == 0)
    #expect(try handshakes("account:222233334444 state:pending").isEmpty == false)
  }
}
