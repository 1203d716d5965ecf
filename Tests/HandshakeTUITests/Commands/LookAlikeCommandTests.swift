import Model
import TestSupport
import Testing
import Text
import Wire

@testable import HandshakeTUI

@Suite("Look-alikes and damage in commands") struct LookAlikeCommandTests {
  private static let trusted = ["trust", "add", "o-a1b2c3d4e5", "999900001111", "--yes"]

  private static func fake(_ name: String = "Acme Ho1dings") -> InvitationFixture {
    var fake = InvitationFixture()
    fake.id = "h-0000000000000001"
    fake.organization = "o-zz9y8x7w6v"
    fake.sender = "888800002222"
    fake.name = name
    return fake
  }

  /// A document with a known organization's record and a look-alike's, which is trusted in the list
  /// for AWS without a name.
  private func document(_ world: TestWorld) async throws -> String {
    let path = try world.file(
      "saved.json",
      String(
        decoding: try [InvitationFixture(), Self.fake()].map { try $0.make() }
          .document(.document), as: UTF8.self))
    let added = await world.run(Self.trusted + ["--input", path])
    try #require(added.status == 0, "\(added.errors)")
    return path
  }

  @Test(
    "list and show mark it without a name in the trust list, piped and on a terminal",
    arguments: [Set<StandardStream>(), [.output, .errors]])
  func shown(_ terminals: Set<StandardStream>) async throws {
    let world = try TestWorld()
    let path = try await document(world)
    for arguments in [["list"], ["show", "h-0000000000000001"]] {
      for layout in [[], ["--plain"]] {
        let run = await world.run(
          arguments + layout + ["--input", path], terminals: terminals)
        #expect(run.output.contains("like!"), "\(run.output)")
      }
    }
    let sound = await world.run("show", "h-7d1f0c2a9b44e8aa", "--input", path)
    #expect(!sound.output.contains("like!"))
    let filtered = await world.run("list", "--filter", "trust:like", "--input", path)
    #expect(filtered.output.contains("h-0000000000000001"))
    #expect(!filtered.output.contains("h-7d1f0c2a9b44e8aa"))
    let sorted = await world.run("list", "--sort", "-trust", "--input", path).output
    let ids = sorted.split(separator: "\n").map { $0.prefix(18) }
    #expect(ids.dropFirst() == ["h-7d1f0c2a9b44e8aa", "h-0000000000000001"])
  }

  @Test("JSON has look-alikes in a member beside the AWS CLI's, and is read back as before")
  func json() async throws {
    let world = try TestWorld()
    let path = try await document(world)
    let list = await world.run("list", "--json", "--input", path).output
    let value = try JSONValue.read(Array(list.utf8))
    #expect(value.object?.map(\.name) == [Untrusted("Handshakes"), Untrusted("LookAlikes")])
    let told = try #require(value["LookAlikes"]?.array)
    #expect(told.count == 1)
    #expect(told.first?["HandshakeId"]?.string == Untrusted("h-0000000000000001"))
    #expect(told.first?["Trust"]?.string == Untrusted("like!"))
    #expect(told.first?["LooksLike"]?.string == Untrusted("Acme Holdings"))
    let saved = try SavedDocument.read(Array(list.utf8))
    #expect(saved.handshakes.count == 2)
    #expect(saved.fault == nil && saved.recordFault == nil)
    let show = await world.run("show", "h-0000000000000001", "--json", "--input", path).output
    #expect(try JSONValue.read(Array(show.utf8))["LookAlikes"]?.array?.count == 1)
    #expect(try SavedDocument.read(Array(show.utf8)).handshakes.count == 1)
    // No member of ours where there is no look-alike.
    let one = await world.run("show", "h-7d1f0c2a9b44e8aa", "--json", "--input", path).output
    #expect(try JSONValue.read(Array(one.utf8)).object?.count == 1)
  }

  @Test(
    "a damaged record is listed by the id as it was written",
    arguments: [
      ("\"h-79d8…EXAMPLE\"", "~h-79d8…EXAMPLE"), ("7", "~7"), ("\"h-\\u001b[2J\"", "~h-"),
    ])
  func writtenID(_ id: String, _ expected: String) async throws {
    let world = try TestWorld()
    let text = String(
      decoding: try [InvitationFixture()].map { try $0.make() }.document(.document),
      as: UTF8.self
    ).replacing("\"Id\": \"h-7d1f0c2a9b44e8aa\"", with: "\"Id\": \(id)")
    for terminals in [Set<StandardStream>(), [.output, .errors]] {
      let run = await world.run("list", "--input", "-", terminals: terminals, input: text)
      #expect(run.output.contains(expected), "\(run.output)")
      #expect(run.output.contains("DAMGD"))
      #expect(!run.output.contains("(damaged)"))
      #expect(!run.output.utf8.contains(0x1B))
    }
  }

  private static let demoFake = ["trust", "add", "o-zz9y8x7w6v", "888800002222"]

  @Test(
    "trust add of a look-alike says so and asks for the id twice, with or without its name",
    arguments: [[], ["--name", "Acme Ho1dings"], ["--name", "Ácme Holdings"]])
  func twice(_ name: [String]) async throws {
    for (input, status) in [
      ("o-zz9y8x7w6v\no-zz9y8x7w6v\n", Int32(0)), ("o-zz9y8x7w6v\n", 4),
      ("o-zz9y8x7w6v\no-zz9y8x7w6w\n", 4),
    ] {
      let world = try TestWorld()
      _ = await world.run("list")
      let run = await world.run(
        Self.demoFake + name, terminals: [.input, .errors], input: input)
      #expect(run.status == status, "\(run.errors)")
      #expect(run.errors.contains("LOOK-ALIKE"), "\(run.errors)")
      #expect(run.errors.contains("o-a1b2c3d4e5"), "\(run.errors)")
      let list = await world.run("trust", "list").output
      #expect(list.contains("o-zz9y8x7w6v") == (status == 0))
    }
  }

  @Test("a known management account that would be replaced is named before the question")
  func replaced() async throws {
    let world = try TestWorld()
    _ = await world.run("list")
    let call = ["trust", "add", "o-a1b2c3d4e5", "111122223333"]
    let asked = await world.run(call, terminals: [.input, .errors], input: "no\n")
    let told = try #require(asked.errors.firstRange(of: "999900001111"))
    let question = try #require(asked.errors.firstRange(of: "type the organization's id again"))
    #expect(told.lowerBound < question.lowerBound)
    let refused = await world.run(call)
    #expect(refused.status == 4)
    #expect(refused.errors.contains("999900001111"))
  }

  @Test("trust list says where no name is known")
  func unnamed() async throws {
    let world = try TestWorld()
    _ = await world.run("local", "init", "--empty")
    let added = await world.run("trust", "add", "o-q7w8e9r0t1", "777700003333", "--yes")
    #expect(added.errors.contains("no name is known"), "\(added.errors)")
    let list = await world.run("trust", "list")
    #expect(list.output.contains("(no name known)"), "\(list.output)")
    #expect(list.errors.contains("--name"))
    _ = await world.run(
      "trust", "add", "o-q7w8e9r0t1", "777700003333", "--name", "Globex", "--yes")
    let named = await world.run("trust", "list")
    #expect(named.output.contains("Globex"))
    #expect(!named.output.contains("no name") && !named.errors.contains("no name"))
  }
}
