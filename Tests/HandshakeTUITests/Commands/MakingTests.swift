import Model
import TestSupport
import Testing
import Text
import Wire

@testable import HandshakeTUI

@Suite("Commands that create a handshake") struct MakingTests {
  private static let manager = "999900005555"
  private static let acme = "999900001111"
  private let world: TestWorld

  init() async throws {
    world = try TestWorld()
    _ = await world.run("local", "init")
  }

  private func run(_ arguments: [String], _ more: String..., account: String = acme) async
    -> TestWorld.Run
  {
    await world.run(arguments + more + ["--account", account])
  }

  private func organization(_ account: String) async throws -> String {
    let accounts = try JSONValue.read(
      Array(await world.run("local", "accounts", "--json").output.utf8)
    ).array
    let found = accounts?.first { $0["Id"]?.string?.asciiText == account }
    return try #require(found?["Organization"]?.string?.asciiText)
  }

  /// Cancels the change to all features that the demonstration has begun.
  private func endMigration() async throws {
    let sent = await run(
      ["list", "--sent", "--json", "--filter", "action:enable"], account: Self.manager)
    let parent = try #require(
      try SavedDocument.read(Array(sent.output.utf8)).handshakes.first?.id?.text, "\(sent.output)")
    let ended = await run(["cancel", parent, "--reason", "x", "--yes"], account: Self.manager)
    try #require(ended.status == 0, "\(ended.errors)")
  }

  private func journal() async -> String { await world.run("journal").output }

  @Test("an invitation without a reason or without --yes is not sent")
  func invite() async throws {
    let call = ["invite", "someone@example.com", "--notes", "it\u{27}s"]
    for flags in [[], ["--yes"], ["--yes", "--reason", "\u{200B}"]] {
      let refused = await run(call + flags)
      #expect(refused.status == 4)
      #expect(refused.errors.contains("A reason is required"), "\(refused.errors)")
    }
    let unconfirmed = await run(call, "--reason", "CHG-1")
    #expect(unconfirmed.status == 4)
    #expect(unconfirmed.errors.contains("Would invite: someone@example.com"))
    #expect(
      unconfirmed.errors.contains(
        "handshake invite someone@example.com --notes 'it'\\''s' --reason CHG-1 --account "
          + "\(Self.acme) --yes"), "\(unconfirmed.errors)")
    #expect(await journal().isEmpty)
    #expect(await run(call, "--reason", "CHG-1", "--yes").status == 0)
    let written = await journal()
    #expect(written.contains("CHG-1"))
  }

  @Test("enable-all-features needs the organization, a reason and --yes")
  func ladder() async throws {
    let call = ["enable-all-features"]
    let id = try await organization(Self.manager)
    let whole = ["--expect-org", id, "--reason", "CHG-1", "--yes"]
    let refused: [([String], String)] = [
      (["--reason", "CHG-1", "--yes"], "--expect-org"),
      (["--expect-org", id, "--yes"], "A reason is required"),
      (["--expect-org", id, "--reason", "CHG-1"], "--yes"),
      (["--expect-org", "o-zzzzzzzzzz", "--reason", "CHG-1", "--yes"], "not the organization"),
      (whole + ["--read-only"], "read-only"),
    ]
    for (flags, says) in refused {
      let run = await run(call + flags, account: Self.manager)
      #expect(run.status == 4, "\(flags)")
      #expect(run.errors.contains(says), "\(run.errors)")
      #expect(run.output.isEmpty)
    }
    #expect(await journal().isEmpty)
    try await endMigration()
    let done = await run(call + whole, account: Self.manager)
    #expect(done.status == 0, "\(done.errors)")
    #expect(done.errors.contains("Asks: "))
  }

  @Test("the accounts asked and the invitations cancelled are printed before, and match the result")
  func preview() async throws {
    let id = try await organization(Self.manager)
    try await endMigration()
    let invited = await run(
      ["invite", "new@example.com", "--reason", "x", "--yes", "--json"], account: Self.manager)
    let made = try SavedDocument.read(Array(invited.output.utf8)).handshakes
    let open = try #require(made.first?.id?.text)
    let call = ["enable-all-features", "--expect-org", id, "--reason", "x"]
    let dry = await run(call, "--dry-run", "--json", account: Self.manager)
    #expect(dry.status == 0, "\(dry.errors)")
    let told = try JSONValue.read(Array(dry.output.utf8))
    let asks = told["Asks"]?.array?.compactMap { $0["Id"]?.string?.asciiText } ?? []
    let cancels = told["Cancels"]?.array?.compactMap { $0.string?.asciiText } ?? []
    #expect(cancels.contains(open))
    let unconfirmed = await run(call, account: Self.manager)
    #expect(unconfirmed.status == 4)
    for text in asks + cancels { #expect(unconfirmed.errors.contains(text)) }
    #expect(await run(call, "--yes", account: Self.manager).status == 0)
    for account in asks {
      let consents = await run(
        ["list", "--filter", "action:approve", "--json"], account: account
      ).output
      #expect(try SavedDocument.read(Array(consents.utf8)).handshakes.count == 1)
    }
    for cancelled in cancels {
      let shown = await run(["show", cancelled, "--json"], account: Self.manager).output
      #expect(
        try SavedDocument.read(Array(shown.utf8)).handshakes.map(\.state) == [.canceled])
    }
  }

  @Test("a dry run of an invitation prints it and sends nothing")
  func dryRun() async throws {
    let told = await run(["invite", "111122223333", "--dry-run"])
    #expect(told.status == 0, "\(told.errors)")
    #expect(told.output.contains("111122223333"))
    #expect(await journal().isEmpty)
  }
}

@Suite("Trusting an organization") struct TrustQuestionTests {
  private static let id = "o-q7w8e9r0t1"
  private let call = ["trust", "add", id, "777700003333"]

  private func isListed(_ world: TestWorld) async -> Bool {
    await world.run("trust", "list").output.contains(Self.id)
  }

  @Test("it is listed when the id is typed or pasted a second time", arguments: ["", "  ", "\r"])
  func twice(_ end: String) async throws {
    let world = try TestWorld()
    _ = await world.run("local", "init")
    let run = await world.run(call, terminals: [.input, .errors], input: Self.id + end + "\n")
    #expect(run.status == 0, "\(run.errors)")
    // The question does not show the id.
    #expect(run.errors.hasPrefix("handshake: type the organization's id again, from the ticket: "))
    #expect(await isListed(world))
  }

  @Test(
    "another id, a part of it, or none lists nothing",
    arguments: [
      "o-q7w8e9r0t2\n", "o-q7w8e9r0t\n", "\n", "", "y\n", "o-q7w8e9r0t1x\no-q7w8e9r0t1\n",
    ])
  func other(_ input: String) async throws {
    let world = try TestWorld()
    _ = await world.run("local", "init")
    let run = await world.run(call, terminals: [.input, .errors], input: input)
    #expect(run.status == 4)
    #expect(run.errors.contains("the trust list was not changed"))
    #expect(await !isListed(world))
    #expect(await world.run("journal").output.isEmpty)
  }

  @Test("without a terminal there is no question: --yes is required")
  func pipe() async throws {
    let world = try TestWorld()
    _ = await world.run("local", "init")
    let terminals: [Set<StandardStream>] = [[], [.output], [.input], [.errors, .output]]
    for terminals in terminals {
      let run = await world.run(call, terminals: terminals, input: Self.id + "\n")
      #expect(run.status == 4)
      #expect(run.errors.contains("--yes"), "\(run.errors)")
    }
    #expect(await !isListed(world))
    #expect(await world.run(call + ["--yes"]).status == 0)
    #expect(await isListed(world))
  }
}
