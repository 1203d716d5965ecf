import Model
import ReviewAnswering
import ReviewInbox
import ReviewWording
import TestSupport
import Testing
import Text

@testable import HandshakeUI

@Suite("Look-alikes, kinds and damage on the screens") struct LookAlikeTests {
  private static let sizes = [(60, 16), (80, 24), (120, 40), (200, 50)]

  @Test("a look-alike is marked wherever it is answered", arguments: sizes)
  func marked(columns: Int, rows: Int) async throws {
    for keys in [
      "", "<Enter>", "t", "aC<Wait:1s>", "dC<Wait:1s>",
      "dC<Wait:1s>decline 1<Enter><Wait:1s>",
    ] {
      var stage = try await Stage.open(columns: columns, rows: rows)
      try await stage.press(keys)
      #expect(stage.shows("like!"), "\(columns) \(keys)\n\(stage.text)")
    }
    var plan = try await Stage.open(columns: 120, rows: 40)
    try await plan.press("d")
    #expect(plan.lines.contains { $0.contains("decline") && $0.contains("like!") }, "\(plan.text)")
  }

  @Test("the banner and the review name the organization whose name is imitated")
  func named() async throws {
    for keys in ["<Enter>", "aC<Wait:1s>", "dC<Wait:1s>", "t"] {
      var stage = try await Stage.open(columns: 120, rows: 40)
      try await stage.press(keys)
      #expect(stage.shows("Acme Holdings"), "\(keys)\n\(stage.text)")
      #expect(stage.shows("LOOK-ALIKE"), "\(keys)\n\(stage.text)")
    }
  }

  @Test("the title of a review gives the reason for a separate confirmation", arguments: sizes)
  func title(columns: Int, rows: Int) async throws {
    for (keys, words) in [
      ("aC<Wait:1s>", ["LOOK-ALIKE", "LEAVES ITS ORG"]),
      ("/h-4444000077<Enter>aC<Wait:1s>", ["NOT TRUSTED"]),
      ("/h-e0e0<Enter>aC<Wait:1s>", ["ALLFEAT", "ENABLES ALL FEATURES"]),
    ] {
      var stage = try await Stage.open(columns: columns, rows: rows)
      try await stage.press(keys)
      let title = try #require(stage.lines.first { $0.contains("REVIEW: ") }, "\(stage.text)")
      for word in words { #expect(title.contains(word), "\(columns)\n\(title)") }
    }
  }

  @Test("the filter and the order by trust find look-alikes")
  func found() async throws {
    var stage = try await Stage.open(columns: 120, rows: 40)
    try await stage.press("/trust:like<Enter>")
    #expect(stage.shows("like!"))
    #expect(!stage.shows("new?"))
  }

  @Test("the command that lists a sender quotes its name for a shell")
  func command() async throws {
    var stage = try await Stage.open(columns: 120, rows: 40)
    try await stage.press("t")
    #expect(
      stage.shows("handshake trust add o-zz9y8x7w6v 888800002222 --name 'Acme Ho1dings'"),
      "\(stage.text)")
  }

  @Test(
    "a name that is not plain text is written byte by byte",
    arguments: [
      ("Acme $(rm)", "--name 'Acme $(rm)'"), ("it's", "--name 'it'\\''s'"),
      ("a\u{202E}b", "--name $'a\\xe2\\x80\\xaeb'"), ("-x", "--name=-x"), ("  ", "888800002222"),
      ("a\nb", "--name $'a\\x0ab'"),
    ])
  func quoted(name: String, expected: String) async throws {
    let world = try World.mockup()
    world.change { content in
      guard let first = content.handshakes.first else { return }
      var fixture = InvitationFixture()
      fixture.id = first.id?.text ?? ""
      fixture.organization = "o-zz9y8x7w6v"
      fixture.sender = "888800002222"
      fixture.recipient = "111122223333"
      fixture.name = name
      fixture.expires = ManualTime.mockup + .hours(42)
      if let made = try? fixture.make() { content.handshakes[0] = made }
    }
    let stage = try await Stage.open(world)
    let row = try #require(
      stage.interface.inbox.row(try Fixture.handshake("h-7d1f0c2a9b44e8aa")))
    let command = try #require(TrustExplanation(session: stage.interface.session, row: row).command)
    #expect(command.hasSuffix(expected), "\(command)")
  }

  /// An invitation of acme-prod's, changed.
  private static func world(_ change: @Sendable (inout Handshake) -> Void) throws -> World {
    let world = try World.mockup()
    world.change { change(&$0.handshakes[0]) }
    return world
  }

  private static let kinds: [(String, @Sendable (inout Handshake) -> Void)] = [
    (
      "BILLING",
      { handshake in
        handshake.action = .transferResponsibility
        handshake.resources.append(
          Resource(type: .transferType, value: Untrusted("BILLING")))
      }
    ),
    (
      "CONSENT",
      { handshake in
        handshake.action = .approveAllFeatures
        handshake.resources.append(
          Resource(type: .parentHandshake, value: Untrusted("h-abcdefgh12")))
      }
    ),
    ("UNKNOWN", { $0.action = .unknown(Untrusted("MOON")) }),
  ]

  @Test("any kind but an invitation is named at every width: list, pane, review, outcome")
  func kinds() async throws {
    for (kind, change) in Self.kinds {
      for (columns, rows) in Self.sizes {
        var stage = try await Stage.open(
          try Self.world(change), columns: columns, rows: rows)
        let row = stage.lines.dropFirst(2).first { $0.contains(">") && $0.contains(kind) }
        #expect(row != nil, "\(columns) \(kind)\n\(stage.text)")
        let pane = stage.lines.contains {
          $0.contains("h-7d1f0c2a9b44e8aa") && $0.contains(kind)
        }
        #expect(pane, "\(columns) \(kind)\n\(stage.text)")
        guard kind != "UNKNOWN" else { continue }
        try await stage.press("dC<Wait:1s>")
        #expect(stage.lines.contains { $0.contains("decline") && $0.contains(kind) })
        try await stage.press("<PgDn><PgDn>decline 1<Enter><Wait:1s>")
        #expect(
          stage.lines.contains { $0.contains("1 decline") && $0.contains(kind) },
          "\(columns) \(kind)\n\(stage.text)")
      }
    }
  }

  @Test("a record of unknown kind, or a damaged one, shows no effects")
  func noEffects() async throws {
    let damaged: @Sendable (inout Handshake) -> Void = { handshake in
      handshake.expires = nil
      handshake.damage = [
        Damage(.malformed, at: "ExpirationTimestamp", text: Untrusted("\"next tuesday\""))
      ]
    }
    let unknown: @Sendable (inout Handshake) -> Void = { $0.action = .unknown(Untrusted("MOON")) }
    for (change, told) in [(damaged, "next tuesday"), (unknown, "its kind is unknown")] {
      for (columns, rows) in [(80, 24), (120, 40), (200, 50)] {
        for keys in ["", "<Enter>", "<Enter><PgDn>"] {
          var stage = try await Stage.open(
            try Self.world(change), columns: columns, rows: rows)
          try await stage.press("/h-7d1f<Enter>" + keys)
          for word in ["leaves ", "joins ", "payer "] {
            #expect(!stage.shows(word), "\(columns) \(keys)\n\(stage.text)")
          }
        }
        var stage = try await Stage.open(try Self.world(change), columns: columns, rows: rows)
        try await stage.press("/h-7d1f<Enter><Enter>")
        let isShown = stage.shows(told)
        try await stage.press("<PgDn>")
        #expect(isShown || stage.shows(told), "\(columns)\n\(stage.text)")
        #expect(!stage.shows("malformed at"))
      }
    }
  }

  @Test("an unknown action is shown however long the unknown state beside it is")
  func unknownAction() async throws {
    let world = try Self.world {
      $0.state = .unknown(Untrusted(String(repeating: "x", count: 300)))
      $0.action = .unknown(Untrusted("MOON"))
    }
    for (columns, rows) in [(80, 24), (120, 40), (200, 50)] {
      var stage = try await Stage.open(world, columns: columns, rows: rows)
      try await stage.press("/h-7d1f<Enter><Enter>")
      #expect(stage.shows("action ~ MOON"), "\(columns)\n\(stage.text)")
      #expect(stage.lines.allSatisfy { !$0.drop { " >│".contains($0) }.hasPrefix("x") })
    }
  }

  @Test("a damaged record is named by the id as it was written")
  func writtenID() async throws {
    let world = try Self.world { handshake in
      handshake.id = nil
      handshake.damage = [Damage(.malformed, at: "Id", text: Untrusted("\"h-79d8EXAMPLE\""))]
    }
    var stage = try await Stage.open(world)
    try await stage.press("<Enter>")
    #expect(stage.shows("~h-79d8EXAMPLE"), "\(stage.text)")
    #expect(stage.shows("Id is malformed: ~ \"h-79d8EXAMPLE\""))
  }
}
