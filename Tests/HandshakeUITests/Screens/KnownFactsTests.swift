import Drawing
import Model
import ReviewAnswering
import ReviewInbox
import ReviewWording
import TestSupport
import Testing
import Text

@testable import HandshakeUI

/// Counts, times and results are the known ones, and no more.
@Suite struct KnownFactsTests {
  /// Accepted by its recipient, and still listed.
  private func world(
    _ state: HandshakeState, _ change: (inout Handshake) -> Void = { _ in }
  ) throws -> World {
    let world = try World.mockup()
    world.change { content in
      for index in content.handshakes.indices
      where content.handshakes[index].id?.text == "h-222200001111aaaa" {
        content.handshakes[index].state = state
        change(&content.handshakes[index])
      }
    }
    return world
  }

  @Test(
    "a closed handshake shows its outcome in place of checks",
    arguments: [HandshakeState.accepted, .declined, .canceled, .expired])
  func closed(_ state: HandshakeState) async throws {
    for (columns, rows) in [(80, 24), (120, 40), (200, 50)] {
      var stage = try await Stage.open(
        try world(state), columns: columns, rows: rows
      ) { $0.opening = HandshakeID("h-222200001111aaaa") }
      try await stage.press("<End>")
      let row = try #require(stage.interface.focusedRow)
      let told = HandshakeSections(session: stage.interface.session, row: row)
      #expect(told.title(of: .checks) == "OUTCOME")
      let lines = told.checkLines.map(\.text)
      #expect(lines.first?.hasPrefix(try #require(state.knownName)) == true)
      #expect(!stage.shows("CHECKS"))
      let timeline = told.lines(of: .timeline).map(\.text)
      let expiry = timeline.filter { $0.contains("expire") }
      #expect(expiry.count == (state == .expired ? 1 : 0), "\(timeline)")
      try await stage.press("<Esc>3")
      let facts = HandshakeFacts(session: stage.interface.session, row: row)
      #expect(facts.lines(columns: 80).map(\.text).contains { $0.hasPrefix("outcome  ") })
      #expect(facts.title(columns: 120).text.contains("expire") == (state == .expired))
    }
  }

  @Test("the timeline is in the order of its times")
  func timeline() async throws {
    for hours in [Int64(-2), 30] {
      let stage = try await Stage.open(
        try world(.open) { $0.expires = ManualTime.mockup + .hours(hours) }
      ) { $0.opening = HandshakeID("h-222200001111aaaa") }
      let row = try #require(stage.interface.focusedRow)
      let told = HandshakeSections(session: stage.interface.session, row: row)
      let words = told.lines(of: .timeline).map { line in
        line.text.split(separator: "  ").last.map { String($0) } ?? ""
      }
      let expected =
        hours < 0
        ? ["requested", "expired", "read from the service"]
        : ["requested", "read from the service", "expires"]
      #expect(words.map { $0.trimmed } == expected)
    }
  }

  @Test("r on a handshake whose parties are in another order says unchanged")
  func partyOrder() async throws {
    var stage = try await Stage.open()
    stage.world.change { content in
      for index in content.handshakes.indices { content.handshakes[index].parties.reverse() }
    }
    try await stage.press("jr")
    #expect(stage.shows("read again: unchanged"))
    stage.world.change { content in
      for index in content.handshakes.indices { content.handshakes[index].state = .canceled }
    }
    try await stage.press("r")
    #expect(stage.shows("has changed"))
  }

  @Test("reading all accounts again reports its end, and the result")
  func refreshEnds() async throws {
    var stage = try await Stage.open()
    try await stage.press("R")
    #expect(!stage.shows("reading all accounts again"))
    // One account of the mock-up cannot be read.
    #expect(stage.shows("read again, but for 1 of the accounts: nothing new"))
    stage.world.change { content in
      content.failures = [:]
      var copy = content.handshakes[1]
      copy.id = HandshakeID("h-00001111aaaa2222")
      content.handshakes.append(copy)
    }
    try await stage.press("R")
    #expect(stage.shows("everything was read again: "))
    #expect(stage.shows("1 new in Inbox"))
  }

  @Test("tab counts are those of the account, and nothing is hidden by a missing filter")
  func scopedCounts() async throws {
    var stage = try await Stage.open(columns: 120, rows: 40)
    try await stage.press("4jj<Enter>")
    #expect(stage.shows("looking through") || stage.shows("showing"))
    #expect(stage.lines[0].contains("1:Inbox 1]"))
    #expect(stage.lines[0].contains("2:Sent 0"))
    #expect(!stage.shows("the filter hides"))
    try await stage.press("2")
    #expect(!stage.shows("h-222200001111aaaa"))
    // Its own organization's manager sent the others' handshakes.
    try await stage.press("4<End><Enter>2")
    #expect(stage.lines[0].contains("2:Sent 5"))
    #expect(!stage.shows("the filter hides"))
  }

  @Test("an unread count is unknown, never zero")
  func unknownCounts() async throws {
    let world = try World.mockup()
    let error = BackendError(
      .transport(Untrusted("timed out")), in: .getCallerIdentity, applied: .notSent)
    world.change { content in
      content.handshakes = []
      for profile in world.profiles.dropFirst() { content.failures[profile.account] = error }
    }
    var stage = try await Stage.open(world, columns: 200, rows: 50)
    #expect(stage.lines[0].contains("1:Inbox ?"))
    #expect(stage.lines[0].contains("2:Sent ?"))
    #expect(stage.shows("? open (6 accounts not read)"))
    try await stage.press("4")
    let session = stage.interface.session
    for (key, expected) in [
      (ProfileKey?.none, "?"), (.account(world.profiles[0].account), "0"),
      (.account(world.profiles[1].account), "?"),
    ] {
      #expect(ProfileCells(session: session, key: key).cell(.open).text == expected)
    }
  }

  @Test("ten open invitations of one account are ten")
  func ten() async throws {
    let world = try World.mockup()
    world.change { content in
      for number in 0..<8 {
        var copy = content.handshakes[3]
        copy.id = HandshakeID("h-444400007777000\(number)")
        content.handshakes.append(copy)
      }
    }
    for (columns, rows) in FrameTests.sizes {
      let stage = try await Stage.open(world, columns: columns, rows: rows)
      #expect(stage.lines.count { $0.contains("10x") } > 0, "\(columns)")
      #expect(!stage.shows("9x"))
    }
  }

  @Test("the sender cancels: nobody else has to be asked")
  func sender() async throws {
    var stage = try await Stage.open(columns: 120, rows: 40)
    try await stage.press("2xC<Wait:1s>")
    #expect(stage.shows("you must invite again"))
    #expect(!stage.shows("sender must") && !stage.shows("the sender has to"))
    for impediment in [Ineligibility.settled(.accepted), .expired(ManualTime.mockup)] {
      let words = Explanation(impediment, to: .cancel, in: .utf8)
      #expect(!words.remedy.contains("sender"), "\(words.remedy)")
    }
  }
}

extension String {
  fileprivate var trimmed: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
