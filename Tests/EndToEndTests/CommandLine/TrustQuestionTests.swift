import TestSupport
import Testing

@Suite("Trusting an organization on a terminal") struct TrustTerminalTests {
  private static let id = "o-q7w8e9r0t1"

  @Test(
    "the id must be typed a second time, or nothing is listed", arguments: [id, "o-q7w8e9r0t2"])
  func asked(_ typed: String) throws {
    let stage = try Stage()
    let terminal = try stage.terminal("trust", "add", Self.id, "777700003333")
    #expect(terminal.writes("again, from the ticket: "))
    terminal.write(typed + "\n")
    #expect(terminal.ending() == WaitStatus(exit: typed == Self.id ? 0 : 4))
    let isListed = try stage.run("trust", "list").output.contains(Self.id)
    #expect(isListed == (typed == Self.id))
  }
}
