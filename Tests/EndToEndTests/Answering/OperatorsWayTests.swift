import Glibc
import TestSupport
import Testing

@Suite("An operator's session from the inbox to accepted", .serialized)
struct OperatorsWayTests {
  /// An account of the demonstration that can join at once.
  static let account = "acme-dev"

  /// The id of the one pending row of that account, as another process lists it.
  static func pendingID(_ stage: Stage, of account: String = account) throws -> String {
    let listed = try stage.run("list", "--filter", account)
    return try #require(
      listed.output.split(whereSeparator: { $0 == "\t" || $0 == " " || $0 == "\n" })
        .first { $0.hasPrefix("h-") }.map(String.init), "\(listed.output)\(listed.errors)")
  }

  static func isAccepted(_ stage: Stage, _ id: String) throws -> Bool {
    try stage.run("show", id, "--json").output.contains("\"State\": \"ACCEPTED\"")
  }

  @Test("list, open, stage, review, confirm: done on the screen, in the file and in the journal")
  func accept() throws {
    let stage = try Stage()
    let id = try Self.pendingID(stage)
    let tmux = try stage.tmux()
    try #require(tmux.shows("read just now"))
    try tmux.filter(Self.account)
    try tmux.step("Enter", until: id)
    try tmux.step("Escape", until: "[1:Inbox")
    try tmux.step("a", until: "accept 1")
    #expect(try !Self.isAccepted(stage, id))
    try tmux.reviewAndType(reason: "CHG-4411")
    #expect(try !Self.isAccepted(stage, id))
    try tmux.step("Enter", until: "back to the list")
    #expect(tmux.shows("RESULT  1 accepted"), "\(tmux.screen)")

    #expect(try Self.isAccepted(stage, id))
    let journal = try stage.run("journal")
    #expect(journal.output.contains(id) && journal.output.contains("CHG-4411"))
    #expect(try stage.run("journal", "verify").exit == 0)

    try #require(try tmux.quit(), "\(tmux.screen)")
    #expect(tmux.screen.contains("\(Tmux.ended)0"))
    #expect(tmux.screen.contains(id), "what was sent is in the scrollback")
  }

  @Test("a decline is confirmed by its phrase, and by no single key")
  func decline() throws {
    let stage = try Stage()
    let id = try Self.pendingID(stage)
    let tmux = try stage.tmux()
    try #require(tmux.shows("read just now"))
    try tmux.filter(Self.account)
    try tmux.step("d", until: "decline 1")
    try tmux.step("C", until: "REVIEW")
    let challenge = try tmux.challenge()
    #expect(challenge == "decline 1")
    // A dialog accepts keys only after it has been shown for a moment.
    poll(nil, 0, 500)
    try tmux.type("y")
    try #require(tmux.shows("> y"), "\(tmux.screen)")
    try tmux.step("Enter", until: "Incomplete: type  decline 1")
    #expect(try !stage.run("journal").output.contains(id))
    try tmux.press("BSpace")
    try tmux.typeSlowly(challenge)
    try #require(tmux.shows("Complete: Enter"), "\(tmux.screen)")
    try tmux.step("Enter", until: "back to the list")
    #expect(try stage.run("show", id, "--json").output.contains("\"State\": \"DECLINED\""))
  }

  @Test("pasted keys and lines confirm nothing, bracketed or not", arguments: [true, false])
  func pasting(inBrackets: Bool) throws {
    let stage = try Stage()
    let id = try Self.pendingID(stage)
    let tmux = try stage.tmux()
    try #require(tmux.shows("read just now"))
    try tmux.filter(Self.account)
    try tmux.step("a", until: "accept 1")
    try tmux.step("C", until: "First type the reason")
    poll(nil, 0, 500)
    try tmux.type("CHG-1")
    try tmux.press("Enter")
    let challenge = try tmux.challenge()
    let keys = String(repeating: "decline 1\r\n", count: 1_000) + challenge + "\r"
    if inBrackets { try tmux.paste(keys) } else { try tmux.type(keys) }
    // All input was read when a key pressed after it has its effect.
    #expect(try tmux.interrupt(), "\(tmux.screen)")
    #expect(try !Self.isAccepted(stage, id))
    #expect(try !stage.run("journal").output.contains(id))
  }

  @Test(
    "answers staged when the terminal closed are staged again, unarmed; after quitting they are not offered"
  )
  func keptPlan() throws {
    let stage = try Stage()
    let id = try Self.pendingID(stage)
    let terminal = try stage.terminal()
    try #require(terminal.writes("read just now"))
    terminal.write("/\(Self.account)\r")
    terminal.settle()
    terminal.write("a")
    try #require(terminal.writes("accept 1"))
    terminal.hangUp()
    #expect(terminal.ending() == WaitStatus(exit: 128 + SIGHUP))

    let tmux = try stage.tmux()
    #expect(tmux.shows("accept 1"), "\(tmux.screen)")
    #expect(try !Self.isAccepted(stage, id))
  }

  @Test(
    "a handshake that another process answered first is not answered again: the change is shown")
  func twoProcesses() throws {
    let stage = try Stage()
    let id = try Self.pendingID(stage)
    let tmux = try stage.tmux()
    try #require(tmux.shows("read just now"))
    try tmux.filter(Self.account)
    try tmux.step("a", until: "accept 1")
    try tmux.reviewAndType(reason: "CHG-1")
    let other = try stage.run("decline", id, "--reason", "CHG-2", "--yes")
    try #require(other.exit == 0, "\(other.errors)")
    try tmux.step("Enter", until: "back to the list")
    #expect(tmux.shows("RESULT  1 "), "\(tmux.screen)")
    #expect(try stage.run("show", id, "--json").output.contains("\"State\": \"DECLINED\""))
    #expect(try stage.run("journal", "verify").exit == 0)
  }

  @Test(
    "an organization removed from the trust list while the review is open or armed is not accepted",
    arguments: [0, 5])
  func trustWithdrawn(grace: Int) throws {
    let stage = try Stage(grace: grace)
    let id = try Self.pendingID(stage)
    let tmux = try stage.tmux()
    try #require(tmux.shows("read just now"))
    try tmux.filter(Self.account)
    try tmux.step("a", until: "accept 1")
    try tmux.reviewAndType(reason: "CHG-1")
    if grace > 0 { try tmux.step("Enter", until: "ARMED") }
    let removed = try stage.run("trust", "remove", "o-a1b2c3d4e5")
    try #require(removed.exit == 0, "\(removed.errors)")
    if grace == 0 { try tmux.press("Enter") }
    #expect(tmux.shows("removed from the trust list"), "\(tmux.screen)")
    #expect(try !Self.isAccepted(stage, id))
    #expect(try !stage.run("journal").output.contains(id))
  }

  @Test("any key within the grace stops the armed plan")
  func grace() throws {
    let stage = try Stage(grace: 60)
    let id = try Self.pendingID(stage)
    let tmux = try stage.tmux()
    try #require(tmux.shows("read just now"))
    try tmux.filter(Self.account)
    try tmux.step("a", until: "accept 1")
    try tmux.reviewAndType(reason: "CHG-1")
    try tmux.step("Enter", until: "ARMED")
    try tmux.press("j")
    #expect(tmux.hides("ARMED"), "\(tmux.screen)")
    #expect(try !Self.isAccepted(stage, id))
  }
}
