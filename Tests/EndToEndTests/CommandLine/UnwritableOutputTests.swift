import Model
import TestSupport
import Testing
import Text
import Wire

@Suite("An answer whose output cannot be written") struct UnwritableOutputTests {
  private let stage: Stage
  private static let acme = "o-a1b2c3d4e5"
  private static let missing = "h-00000000000000000000000000000000"

  init() throws {
    stage = try Stage()
  }

  private func invitation(of account: String) throws -> String {
    let run = try stage.run("list", "--json", "--filter", "account:\(account) org:\(Self.acme)")
    return try #require(
      try SavedDocument.read(Array(run.output.utf8)).handshakes.first?.id
    ).text
  }

  /// Runs the program under a shell, which says what it ended with on standard error.
  private func shell(_ words: [String], _ redirection: String) throws -> Spawned {
    let command = ([try Stage.program] + words).map { "'\($0)'" }.joined(separator: " ")
    return try Spawned.run(
      ["/bin/sh", "-c", "{ \(command); echo ended=$? >&2; } \(redirection)"],
      environment: stage.environment)
  }

  @Test(
    "it is sent all the same: the status says so, and standard error has the words",
    arguments: [">/dev/full", "| true", ">&-"], [[], ["--json"]])
  func done(_ redirection: String, _ more: [String]) throws {
    let id = try invitation(of: "222233334444")
    let run = try shell(
      ["accept", id, "--expect-org", Self.acme, "--reason", "x"] + more, redirection)
    #expect(run.errors.contains("ended=0"), "\(run.errors)")
    #expect(run.errors.contains("\(id): accepted as 222233334444"), "\(run.errors)")
    #expect(run.errors.contains("could not be written"))
    #expect(try stage.run("show", id).output.contains("ACCEPTED"))
  }

  @Test("each of several ids is reported, and the worst result is the status")
  func several() throws {
    let id = try invitation(of: "222233334444")
    let run = try shell(
      ["decline", Self.missing, id, "--reason", "x", "--yes", "--json"], ">/dev/full")
    #expect(run.errors.contains("ended=3"), "\(run.errors)")
    #expect(run.errors.contains("HandshakeNotFoundException"))
    #expect(run.errors.contains("\(id): declined as 222233334444"))
  }

  @Test("so is an invitation that was sent, and a refusal keeps its exit code")
  func others() throws {
    let run = try shell(
      ["invite", "someone@example.com", "--account", "999900001111", "--reason", "x", "--yes"],
      ">/dev/full")
    #expect(run.errors.contains("ended=0"), "\(run.errors)")
    let refused = try shell(
      ["decline", Self.missing, try invitation(of: "222233334444"), "--yes", "--json"],
      ">/dev/full")
    #expect(refused.errors.contains("ended=4"), "\(refused.errors)")
  }
}
