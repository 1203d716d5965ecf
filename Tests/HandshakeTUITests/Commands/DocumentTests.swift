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

  @Test(
    "a saved document is listed completely, from a file or standard input, and written back equal")
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

  @Test("damaged records are shown with their intact neighbours, and reported at the end")
  func damaged() async throws {
    let world = try TestWorld()
    let text = try document([InvitationFixture()])
      .replacing("\"Handshakes\": [", with: "\"Handshakes\": [{\"Id\": 7, \"State\": \"OPEN\"},")
    let run = await world.run("list", "--input", "-", input: text)
    #expect(run.status == 3)
    #expect(run.output.contains("h-7d1f0c2a9b44e8aa"))
    #expect(run.output.contains("~7"))
  }

  @Test(
    "unknown names are restored from the output of list and show",
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

  @Test("a page that says that more follow is shown, and never reported as the whole listing")
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
    #expect(!none.errors.contains("all pages"))
  }

  @Test(
    "handshakes that may still be pending are among those that expire soon",
    arguments: ["AWAITING_APPROVAL", nil])
  func unknownStateExpires(_ state: String?) async throws {
    let world = try TestWorld()
    var text = try document([InvitationFixture()])
    text = text.replacing(
      "\"State\": \"OPEN\"", with: state.map { "\"State\": \"\($0)\"" } ?? "\"State\": 7")
    let run = await world.run("list", "--input", "-", "--expiring", "9999d", input: text)
    #expect(run.output.contains("h-7d1f0c2a9b44e8aa"), "\(run.errors)")
    #expect(run.status == (state == nil ? 3 : 10))
  }

  @Test("a document has no account viewed and no organization of the account: neither is invented")
  func membership() async throws {
    let world = try TestWorld()
    let path = try world.file("saved.json", try document([InvitationFixture()]))
    for keys in ["", "<Enter>", "<Enter><End>", "4"] {
      let run = await world.run(
        "render", "--input", path, "--size", "110x60", "--keys", keys)
      #expect(run.output.contains("DOCUMENT"))
      for claim in ["STS", "in no organization", "1/1 read", "all pages", "LOCAL"] {
        #expect(!run.output.contains(claim), "\(claim) after \(keys):\n\(run.output)")
      }
    }
    let detail = await world.run(
      "render", "--input", path, "--size", "110x60", "--keys", "<Enter>")
    #expect(detail.output.contains("the document does not contain the account's organization"))
    for arguments in [["--dry-run"], []] {
      let run = await world.run(
        [
          "accept", "h-7d1f0c2a9b44e8aa", "--input", path, "--expect-org", "o-a1b2c3d4e5",
          "--reason", "x",
        ] + arguments)
      #expect(run.status == 4)
      #expect(run.errors.contains("does not contain the account's organization"), "\(run.errors)")
      #expect(run.output.isEmpty)
    }
  }

  @Test("a handshake that an empty document does not contain is reported missing, at the start")
  func emptyWithID() async throws {
    let world = try TestWorld()
    let path = try world.file("saved.json", #"{"Handshakes": []}"#)
    let run = await world.run("render", "h-7d1f0c2a9b44e8aa", "--input", path)
    #expect(run.output.contains("h-7d1f0c2a9b44e8aa not found"), "\(run.output)")
  }

  @Test("the account of a document that names none has no number")
  func unnamed() async throws {
    let world = try TestWorld()
    let path = try world.file("saved.json", #"{"Handshakes": [{"Id": "h-7d1f0c2a9b44e8aa"}]}"#)
    for keys in ["", "4", "<Enter>"] {
      let run = await world.run("render", "--input", path, "--keys", keys)
      #expect(!run.output.contains("000000000000"), "\(run.output)")
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
    "an invalid document is refused with the position",
    arguments: ["", "nonsense", "[1,2]", "{\"a\":1}"])
  func refused(_ text: String) async throws {
    let world = try TestWorld()
    let run = await world.run("list", "--input", "-", input: text)
    #expect(run.status == 1)
    #expect(run.errors.contains("standard input"))
    #expect(run.output.isEmpty)
  }

  @Test(
    "an empty listing is no failure",
    arguments: ["{\"Handshakes\":[]}", "[]", "[{\"Handshakes\":[]}]", "\u{FEFF}[]"])
  func empty(_ text: String) async throws {
    let world = try TestWorld()
    let run = await world.run("list", "--input", "-", input: text)
    #expect(run.status == 0)
    #expect(run.errors.contains("nothing found in the document"))
    let json = await world.run("list", "--json", "--input", "-", input: text)
    #expect(json.status == 0)
    #expect(json.output.contains("\"Handshakes\": []"))
    let show = await world.run("show", "h-7d1f0c2a9b44e8aa", "--input", "-", input: text)
    #expect(show.status == 1)
    #expect(show.errors.contains("the document does not contain it"))
    for keys in ["", "2", "3", "4", "r"] {
      let screen = await world.run(
        "render", "--input", "-", "--size", "100x30", "--keys", keys, input: text)
      #expect(screen.status == 0)
      #expect(!screen.output.contains("000000000000"), "\(screen.output)")
      #expect(!screen.output.contains("Reading 0 accounts"), "\(screen.output)")
    }
  }

  /// An invitation to an address, and two to an account, as their sender listed them.
  private func mailed() throws -> String {
    let records = try ["h-0000000000000001", "h-7d1f0c2a9b44e8aa", "h-0000000000000003"].map { id in
      var fixture = InvitationFixture()
      fixture.id = id
      return String(decoding: try fixture.make().json(.wire), as: UTF8.self)
    }
    let address = records[0]
      .replacing(
        "\"222233334444\",\"Type\":\"ACCOUNT\"",
        with: "\"owner@shop.example\",\"Type\":\"EMAIL\"")
    #expect(!address.contains("222233334444"))
    return "{\"Handshakes\":[\(address),\(records[1]),\(records[2])]}"
  }

  @Test(
    "a document says nothing about accounts that it does not name: neither the recipient nor the reader"
  )
  func recipients() async throws {
    let world = try TestWorld()
    let path = try world.file("saved.json", try mailed())
    let list = await world.run("list", "--input", path, "--sort", "id")
    let rows = list.output.split(separator: "\n").filter { $0.hasPrefix("h-") }
    #expect(rows.count == 3)
    #expect(rows.first?.contains("owner@shop.example") == true)
    #expect(rows.first?.contains("222233334444") == false)
    let show = await world.run("show", "h-0000000000000001", "--input", path)
    #expect(!show.output.contains("222233334444") && !show.output.contains("Seen by"))
    let given = await world.run(
      "show", "h-0000000000000001", "--input", path, "--account", "222233334444")
    #expect(!given.output.contains("222233334444"))
    for keys in ["", "<Enter>", "<Enter><End>", "j<Enter>", "j<Enter><End>", "G", "4", "5", "?"] {
      let screen = await world.run(
        "render", "--input", path, "--size", "120x60", "--keys", keys)
      for claim in ["read from the service", "STS ok", "3x", "not one of your accounts"] {
        #expect(!screen.output.contains(claim), "\(claim) after \(keys):\n\(screen.output)")
      }
    }
  }

  @Test("--account leaves out records that name other accounts, and says so")
  func account() async throws {
    let world = try TestWorld()
    var other = InvitationFixture()
    other.id = "h-0000000000000001"
    other.recipient = "555566667777"
    let path = try world.file("saved.json", try document([InvitationFixture(), other]))
    let run = await world.run("list", "--input", path, "--account", "555566667777")
    #expect(run.status == 0)
    #expect(run.output.contains("h-0000000000000001"))
    #expect(!run.output.contains("h-7d1f0c2a9b44e8aa"))
    #expect(run.errors.contains("1 of 2 are not of account 555566667777"))
  }

  @Test(
    "the output of show and list is a document",
    arguments: [["--json"], [], ["--plain"], ["--ascii"]])
  func roundTrip(_ flags: [String]) async throws {
    let world = try TestWorld()
    var fixture = InvitationFixture()
    fixture.notes = "CHG-4411 <b>\u{202E}z\u{FC}rich\ttab\nline\u{1B}[1m"
    let path = try world.file("saved.json", try document([fixture]))
    let shown = await world.run(["show", "h-7d1f0c2a9b44e8aa", "--input", path] + flags)
    #expect(shown.status == 0)
    let again = await world.run("list", "--json", "--input", "-", input: shown.output)
    let first = await world.run("list", "--json", "--input", path)
    #expect(again.output == first.output, "\(again.errors) of\n\(shown.output)")
    #expect(again.status == 0)
  }

  @Test(
    "a file without handshakes is described by its content",
    arguments: [
      ("{\"version\":4,\"resources\":[{\"type\":\"t\",\"instances\":[]}]}", "Terraform"),
      ("Handshakes:\n- Id: h-1\n", "YAML"), ("{'Handshakes': []}", "Python"), ("", "empty"),
      ("{\"UserId\":\"A\",\"Account\":\"1\",\"Arn\":\"a\"}", "get-caller-identity"),
      ("{\"eventVersion\":\"1\",\"eventSource\":\"organizations.amazonaws.com\"}", "CloudTrail"),
    ])
  func named(_ text: String, _ word: String) async throws {
    let world = try TestWorld()
    let run = await world.run("list", "--input", "-", input: text)
    #expect(run.status == 1)
    #expect(run.errors.contains(word), "\(run.errors)")
    #expect(word == "CloudTrail" || !run.errors.contains("CloudTrail"))
  }

  @Test("CloudTrail's events are listed, and named as such")
  func events() async throws {
    let world = try TestWorld()
    let record = String(decoding: try InvitationFixture().make().json(.wire), as: UTF8.self)
    let text =
      "{\"Records\":[{\"eventVersion\":\"1.08\",\"eventSource\":\"organizations.amazonaws.com\","
      + "\"responseElements\":{\"handshake\":\(record)}}]}"
    let run = await world.run("list", "--input", "-", input: text)
    #expect(run.status == 0)
    #expect(run.output.contains("h-7d1f0c2a9b44e8aa"))
    #expect(run.errors.contains("CloudTrail events"))
  }
}
