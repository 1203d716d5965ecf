import Drawing
import HandshakeUI
import Model
import TestSupport
import Testing
import Text

@Suite struct LoginTests {
  private let invitation = BrowserLogin(
    profile: World.expiredProfile,
    url: Untrusted("https://device.sso.eu-west-1.amazonaws.com/?user_code=WDDD-HHQX"),
    code: Untrusted("WDDD-\u{1B}[2KHHQX"), validFor: .minutes(10))

  private func logIn(_ stage: Stage) -> Token? {
    stage.player.effects.compactMap { effect -> Token? in
      if case .logIn(let token, World.expiredProfile) = effect { token } else { nil }
    }.last
  }

  @Test("L logs in as the profile whose login expired, and shows the address")
  func shown() async throws {
    var stage = try await Stage.live()
    try await stage.press("L")
    #expect(logIn(stage) != nil)
    #expect(stage.shows("LOG IN: legacy-old"))
    await stage.take { .loginInvited(invitation, at: $0) }
    #expect(stage.shows("https://device.sso.eu-west-1.amazonaws.com/?user_code=WDDD-HHQX"))
    #expect(stage.shows("valid for 10 min"))
    #expect(!stage.text.unicodeScalars.contains("\u{1B}"))
    try await stage.press("<Wait:1s>j")
    #expect(stage.shows("j: not used here"))
    try await stage.press("<Wait:1s>y")
    #expect(
      stage.player.effects.contains { effect in
        if case .copy(_, "https://device.sso.eu-west-1.amazonaws.com/?user_code=WDDD-HHQX") = effect
        {
          true
        } else {
          false
        }
      })
  }

  @Test("after the login, unknown sources are read again")
  func done() async throws {
    var stage = try await Stage.live()
    try await stage.press("L")
    let token = try #require(logIn(stage))
    let account = try Fixture.account("181818181818")
    stage.world.change { $0.owners[World.expiredProfile] = .success(account) }
    await stage.take { .loginEnded(token, .done, at: $0) }
    #expect(stage.shows("7/7 read"))
    #expect(!stage.shows("LOG IN:"))
  }

  @Test("a failed login gives the reason and the remedy")
  func failed() async throws {
    var stage = try await Stage.live()
    try await stage.press("L")
    let token = try #require(logIn(stage))
    await stage.take { .loginEnded(token, .failed(World.expired), at: $0) }
    #expect(stage.shows("NOT LOGGED IN: legacy-old"))
    #expect(stage.shows("aws sso login --profile legacy-old"))
  }

  @Test("Esc cancels the login; its late end is dropped")
  func givenUp() async throws {
    var stage = try await Stage.live()
    try await stage.press("L<Wait:1s><Esc>")
    let token = try #require(logIn(stage))
    #expect(stage.player.effects.contains(.abandon(token)))
    let before = stage.interface
    await stage.take { .loginEnded(token, .done, at: $0) }
    #expect(stage.interface == before)
  }

  @Test("L says why it is unavailable")
  func obstacles() async throws {
    var local = try await Stage.open()
    try await local.press("L")
    #expect(local.shows("login is for AWS only"))
    let world = try World.live()
    world.change { content in
      content.owners[World.expiredProfile] = content.owners[Untrusted("acme-dev")]
    }
    var stage = try await Stage.live(world)
    try await stage.press("L")
    #expect(stage.shows("no profile needs a login"))
  }

  @Test("the dialogs look as recorded", arguments: FrameTests.sizes)
  func frames(columns: Int, rows: Int) async throws {
    var stage = try await Stage.live(columns: columns, rows: rows)
    try FrameRecord.check(stage.player.frame, "live-\(columns)x\(rows)-utf8")
    try await stage.press("4<End>k")
    try FrameRecord.check(stage.player.frame, "live-profiles-\(columns)x\(rows)-utf8")
    try await stage.press("L")
    await stage.take { .loginInvited(invitation, at: $0) }
    try FrameRecord.check(stage.player.frame, "login-\(columns)x\(rows)-utf8")
    try await stage.press("<Esc>")
    let request = CodeRequest(
      number: 1, device: Untrusted("arn:aws:iam::111122223333:mfa/ops-user"),
      profile: Untrusted("acme-prod"))
    await stage.take { .codeAsked(request, at: $0) }
    try await stage.press("<Wait:1s>123")
    try FrameRecord.check(stage.player.frame, "code-\(columns)x\(rows)-utf8")
  }
}
