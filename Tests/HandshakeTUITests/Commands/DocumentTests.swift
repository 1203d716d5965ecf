import Model
import TestSupport
import Testing
import Text
import Wire

@testable import HandshakeTUI

@Suite("--input") struct DocumentTests {
  private func document(_ fixtures: [InvitationFixture]) throws -> String {
    String(decoding: try fixtures.map { try $0.make() }.document(.document), as: UTF8.self)
  }

  @Test("a saved document is listed whole, from a file or standard input, and written back equal")
  func listed() async throws {
    let world = try TestWorld()
    var declined = InvitationFixture()
    declined.id = "h-0000000000000001"
    declined.state = .declined
    let text = try document([InvitationFixture(), declined])
    let path = try world.file("saved.json", text)
    let run = await world.run("list", "--input", path, "--json", "--sort", "-id")
    #expect(run.status == 0)
    #expect(run.output == text + "\n")
    #expect(
      await world.run("--input", "-", "list", "--json", "--sort", "-id", input: text).output == text
        + "\n")
    #expect(run.errors.isEmpty)
  }

  @Test("damaged records are shown with their sound neighbours, and the end tells")
  func damaged() async throws {
    let world = try TestWorld()
    let text = try document([InvitationFixture()])
      .replacing("\"Handshakes\": [", with: "\"Handshakes\": [{\"Id\": 7, \"State\": \"OPEN\"},")
    let run = await world.run("list", "--input", "-", input: text)
    #expect(run.status == 3)
    #expect(run.output.contains("h-7d1f0c2a9b44e8aa"))
    #expect(run.output.contains("(damaged)"))
  }

  @Test(
    "names that the service made up come back whole from what list and show print",
    arguments: [["list"], ["list", "--plain"], ["show", "h-7d1f0c2a9b44e8aa"]])
  func restorable(_ command: [String]) async throws {
    let world = try TestWorld()
    let state = "A" + String(repeating: "\u{301}", count: 6)
    let text = try document([InvitationFixture()])
      .replacing("\"State\": \"OPEN\"", with: "\"State\": \"\(state)\\n\"")
      .replacing("\"Action\": \"INVITE\"", with: "\"Action\": \"\\n\(state)\"")
    let run = await world.run(command + ["--input", "-"], input: text)
    let restored = try Sanitiser.unescape(Untrusted(run.output), in: .utf8)
    let shown = String(decoding: restored.bytes, as: UTF8.self)
    #expect(shown.utf8.contains((state + "\n").utf8))
    #expect(shown.utf8.contains(("\n" + state).utf8))
  }

  @Test("a page that says that more follow is shown, and never passes for the whole listing")
  func more() async throws {
    let world = try TestWorld()
    let text = try document([InvitationFixture()])
      .replacing("\"Handshakes\": [", with: "\"NextToken\": \"abc\", \"Handshakes\": [")
    let run = await world.run("list", "--input", "-", input: text)
    #expect(run.status == 3)
    #expect(run.output.contains("h-7d1f0c2a9b44e8aa"))
    #expect(run.errors.contains("NextToken"))
    let none = await world.run("list", "--filter", "nowhere", "--input", "-", input: text)
    #expect(none.status == 3)
    #expect(!none.errors.contains("every listing"))
  }

  @Test(
    "what may still be pending is among what expires soon", arguments: ["AWAITING_APPROVAL", nil])
  func unknownStateExpires(_ state: String?) async throws {
    let world = try TestWorld()
    var text = try document([InvitationFixture()])
    text = text.replacing(
      "\"State\": \"OPEN\"", with: state.map { "\"State\": \"\($0)\"" } ?? "\"State\": 7")
    let run = await world.run("list", "--input", "-", "--expiring", "9999d", input: text)
    #expect(run.output.contains("h-7d1f0c2a9b44e8aa"), "\(run.errors)")
    #expect(run.status == (state == nil ? 3 : 10))
  }

  @Test("a document tells neither whose eyes it is nor what the account is in: nothing is made up")
  func membership() async throws {
    let world = try TestWorld()
    let path = try world.file("saved.json", try document([InvitationFixture()]))
    for keys in ["", "<Enter>", "<Enter><End>", "4"] {
      let run = await world.run(
        "render", "--input", path, "--size", "110x60", "--keys", keys)
      #expect(run.output.contains("DOCUMENT"))
      for claim in ["STS", "in no organization", " fresh", "every page", "LOCAL"] {
        #expect(!run.output.contains(claim), "\(claim) after \(keys):\n\(run.output)")
      }
    }
    let detail = await world.run(
      "render", "--input", path, "--size", "110x60", "--keys", "<Enter>")
    #expect(detail.output.contains("a document does not tell what the account is in"))
    for arguments in [["--dry-run"], []] {
      let run = await world.run(
        [
          "accept", "h-7d1f0c2a9b44e8aa", "--input", path, "--expect-org", "o-a1b2c3d4e5",
          "--reason", "x",
        ] + arguments)
      #expect(run.status == 4)
      #expect(run.errors.contains("does not tell what the account is in"), "\(run.errors)")
      #expect(run.output.isEmpty)
    }
  }

  @Test("trust in a document is that of AWS's list, which is named; never an organization of ours")
  func trust() async throws {
    let world = try TestWorld()
    let path = try world.file("saved.json", try document([InvitationFixture()]))
    _ = await world.run("list")
    let run = await world.run("list", "--input", path)
    #expect(run.output.contains("new?"))
    #expect(!run.errors.contains("trust"))
    try world.file(
      ".config/handshake/trust.toml",
      try world.text(of: ".local/share/handshake/organization.sqlite.trust.toml"))
    let known = await world.run("list", "--input", path)
    #expect(!known.output.contains("new?"), "\(known.output)")
    #expect(known.errors.contains(".config/handshake/trust.toml"))
  }

  @Test("nothing can be sent from a document")
  func readOnly() async throws {
    let world = try TestWorld()
    let path = try world.file("saved.json", try document([InvitationFixture()]))
    let run = await world.run(
      "accept", "h-7d1f0c2a9b44e8aa", "--input", path, "--expect-org", "o-a1b2c3d4e5", "--reason",
      "x")
    #expect(run.status == 4)
    #expect(run.errors.contains("read-only"))
  }

  @Test(
    "what is no document is refused with the place",
    arguments: ["", "nonsense", "[1,2]", "{\"a\":1}"])
  func refused(_ text: String) async throws {
    let world = try TestWorld()
    let run = await world.run("list", "--input", "-", input: text)
    #expect(run.status == 1)
    #expect(run.errors.contains("standard input"))
    #expect(run.output.isEmpty)
  }
}
