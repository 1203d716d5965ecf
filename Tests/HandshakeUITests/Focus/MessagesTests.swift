import Model
import ReviewInbox
import ReviewWording
import TestSupport
import Testing
import Text

@testable import HandshakeUI

/// No message is cut without a place to read it completely.
@Suite struct MessagesTests {
  @Test("messages can be read again, the latest first", arguments: ["M", ":messages<Enter>"])
  func log(keys: String) async throws {
    for (columns, rows) in FrameTests.sizes {
      var stage = try await Stage.open(columns: columns, rows: rows)
      try await stage.press("jyAA" + keys)
      #expect(stage.shows("MESSAGES"))
      let copied = try #require(stage.lines.firstIndex { $0.contains("copied id") })
      let slip = try #require(stage.lines.firstIndex { $0.contains("A: not used here") })
      #expect(slip < copied)
      #expect(stage.shows("times)"))
    }
  }

  @Test("a message that is cut says where it is complete, and it is there")
  func whole() async throws {
    var stage = try await Stage.open(columns: 60, rows: 16)
    let path = "/tmp/" + String(repeating: "long/", count: 30) + "end.json"
    try await stage.press("e<C-u>\(path)<Enter>")
    #expect(stage.lines[14].contains("M: all"))
    #expect(!stage.shows("end.json"))
    try await stage.press("My")
    let copied = stage.player.effects.compactMap { effect -> String? in
      if case .copy(_, let text) = effect { text } else { nil }
    }
    #expect(copied.last?.contains("end.json") ?? false)
    let shown = stage.lines.filter { $0.contains("│") }.count
    #expect(shown >= 4, "it is wrapped")
  }

  @Test("it keeps the latest five hundred")
  func bounded() {
    var notices = Notices()
    for number in 0..<600 { notices.show(Notice("\(number)"), at: ManualTime.mockup) }
    #expect(notices.log.count == 500)
    #expect(notices.log.last?.notice.text == "599")
  }

  @Test("ids are complete in Audit, at every width, and the whole entry is below")
  func audit() async throws {
    let id = "h-" + String(repeating: "7", count: 32)
    for (columns, rows) in FrameTests.sizes {
      let world = try World.mockup()
      var fixture = InvitationFixture()
      fixture.id = id
      fixture.recipient = "333344445555"
      fixture.expires = ManualTime.mockup + .hours(1)
      let soon = try fixture.make()
      world.change { $0.handshakes.insert(soon, at: 0) }
      var stage = try await Stage.open(world, columns: columns, rows: rows)
      let reason = String(repeating: "because ", count: 20) + "of CHG-9"
      try await stage.press("dC<Wait:1s><Tab>\(reason)<Tab><End>decline 1<Enter><Wait:1s><Esc>5")
      let list = stage.lines[2...6].filter { $0.contains(id) }
      #expect(list.count == 2, "\(columns)x\(rows)")
      try await stage.press("j")
      var seen = stage.text
      try await stage.press("<Tab>")
      for _ in 0..<12 {
        try await stage.press("<Down>")
        seen += stage.text
      }
      #expect(seen.contains("CHG-9"), "\(columns)x\(rows)")
    }
  }

  @Test("a verdict that its banner cuts is complete in the handshake")
  func verdict() async throws {
    let id = try Fixture.organization("o-zz9y8x7w6v")
    let world = try World.mockup()
    let list = TrustList([
      TrustedOrganization(
        organization: id, managementAccount: try Fixture.account("121212121212"),
        name: Untrusted("Acme Ho1dings"), addedAt: ManualTime.mockup, addedBy: Untrusted("ops"))
    ])
    world.change { $0.trust = list }
    var stage = try await Stage.open(world, columns: 60, rows: 16)
    try await stage.press("<Enter>")
    let words = stage.lines[3...6].joined(separator: " ").split(separator: " ").joined(
      separator: " ")
    #expect(words.contains("with 121212121212"))
  }
}
