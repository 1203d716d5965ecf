import Model
import Signing
import TestSupport
import Testing
import Text
import Wire

@testable import AWSBackend

@Suite("Logging in with Identity Center and a browser on any machine")
struct SSOLoginTests {
  private static let registered = LoginWorld.Answer.reply(
    200,
    #"{"clientId": "client", "clientSecret": "hidden-client", "#
      + #""clientSecretExpiresAt": 1798761600}"#)
  private static let invited = LoginWorld.Answer.reply(
    200,
    #"{"deviceCode": "hidden-device", "userCode": "ABCD-EFGH", "interval": 2, "expiresIn": 600, "#
      + #""verificationUri": "https://device.sso/", "#
      + #""verificationUriComplete": "https://device.sso/?user_code=ABCD-EFGH"}"#)
  private static let pending = LoginWorld.Answer.reply(400, #"{"error": "authorization_pending"}"#)
  private static let granted = LoginWorld.Answer.reply(
    200,
    #"{"accessToken": "hidden-access", "refreshToken": "hidden-refresh", "expiresIn": 28800}"#)

  private func login(_ world: LoginWorld) throws -> SSOLogin {
    try #require(
      try SSOLogin(
        world: world.world, settings: try world.context.settings, userAgent: "test/1"))
  }

  @Test("registers, shows the address, polls at the given rate, and writes the CLI's file")
  func whole() async throws {
    let slow = LoginWorld.Answer.reply(400, #"{"error": "slow_down"}"#)
    let world = LoginWorld([
      Self.registered, Self.invited, Self.pending, slow, Self.pending, Self.granted,
    ])
    try await login(world).logIn()
    let host = "POST https://oidc.eu-west-1.amazonaws.com/"
    #expect(
      world.lines == [host + "client/register", host + "device_authorization"]
        + Array(repeating: host + "token", count: 4))
    #expect(world.sleeps == [.seconds(2), .seconds(2), .seconds(7), .seconds(7)])
    let invitation = BrowserLogin(
      profile: Untrusted("default"), url: Untrusted("https://device.sso/?user_code=ABCD-EFGH"),
      code: Untrusted("ABCD-EFGH"), validFor: .minutes(10))
    #expect(world.visits == [invitation])
    let bodies = world.requests.map { LoginWorld.body($0) }
    #expect(
      bodies[0]
        == #"{"clientName":"handshake-client-corp","clientType":"public","#
        + #""scopes":["sso:account:access"]}"#)
    #expect(
      bodies[1]
        == #"{"clientId":"client","clientSecret":"hidden-client","#
        + #""startUrl":"https://corp.awsapps.com/start"}"#)
    #expect(
      bodies[2]
        == #"{"grantType":"urn:ietf:params:oauth:grant-type:device_code","clientId":"client","#
        + #""clientSecret":"hidden-client","deviceCode":"hidden-device"}"#)
    // 18 seconds after 14:32:10, and eight hours.
    #expect(
      world.text(LoginWorld.sessionFile)
        == #"{"startUrl":"https://corp.awsapps.com/start","region":"eu-west-1","#
        + #""accessToken":"hidden-access","expiresAt":"2026-11-22T22:32:28Z","clientId":"client","#
        + #""clientSecret":"hidden-client","registrationExpiresAt":"2027-01-01T00:00:00Z","#
        + #""refreshToken":"hidden-refresh"}"#)
    #expect(!LoginWorld.everything(of: world.visits).contains("hidden"))
    #expect(try await world.tokens().token().accessToken.revealedText == "hidden-access")
  }

  @Test("unknown members of an existing file are kept; a broken file is replaced")
  func oldFile() async throws {
    let answers = [Self.registered, Self.invited, Self.granted]
    let known = LoginWorld(
      files: [LoginWorld.sessionFile: #"{"theirs": 1, "accessToken": "x"}"#], answers)
    try await login(known).logIn()
    #expect(known.text(LoginWorld.sessionFile)?.hasPrefix(#"{"theirs":1,"accessToken":"h"#) == true)
    let broken = LoginWorld(files: [LoginWorld.sessionFile: "{"], answers)
    try await login(broken).logIn()
    #expect(try await broken.tokens().token().accessToken.revealedText == "hidden-access")
  }

  @Test(
    "any error ends the login, and writes nothing",
    arguments: [
      ([.reply(400, #"{"error": "invalid_client_metadata"}"#)], "refused"),
      ([.reply(200, "{}")], "unreadable"),
      ([.broken(.connect)], "unreachable"),
      ([registered, .reply(400, #"{"error": "invalid_request"}"#)], "refused"),
      (
        [
          registered,
          .reply(
            200,
            #"{"deviceCode": "d", "userCode": "c", "expiresIn": 9, "verificationUri": "http://x/"}"#
          ),
        ], "unreadable"
      ),
      ([registered, invited, .reply(400, #"{"error": "access_denied"}"#)], "refused"),
      ([registered, invited, pending, .reply(400, #"{"error": "expired_token"}"#)], "expired"),
      ([registered, invited, .reply(500, "")], "unreachable"),
      ([registered, invited, .reply(200, #"{"accessToken": "hidden"}"#)], "unreadable"),
      (
        [registered, invited, .reply(200, #"{"accessToken": "hidden\n", "expiresIn": 9}"#)],
        "unreadable"
      ),
      (
        [registered, invited, .reply(200, #"{"accessToken": 7, "expiresIn": 9}"#)], "unreadable"
      ),
    ] as [([LoginWorld.Answer], String)])
  func failures(answers: [LoginWorld.Answer], problem: String) async throws {
    let world = LoginWorld(answers)
    let login = try login(world)
    let fault = await LoginWorld.fault { try await login.logIn() }
    #expect(fault?.problem.rawValue == problem)
    #expect(fault?.source == .sso)
    #expect(!LoginWorld.everything(of: fault).contains("hidden"))
    #expect(world.writings == 0)
  }

  @Test("it ends when the code has expired")
  func runsOut() async throws {
    let world = LoginWorld(
      [Self.registered, Self.invited] + Array(repeating: Self.pending, count: 400))
    let login = try login(world)
    #expect(await LoginWorld.fault { try await login.logIn() }?.problem == .expired)
    #expect(world.sleeps.count == 300)
  }

  @Test("a cancelled login is not polled again")
  func cancelled() async throws {
    let world = LoginWorld(
      [Self.registered, Self.invited] + Array(repeating: Self.pending, count: 400))
    let login = try login(world)
    world.cancel(afterSleeps: 2)
    let task = Task { await LoginWorld.fault { try await login.logIn() } }
    #expect(await task.value?.problem == .unreachable)
    #expect(world.requests.count == 3)
    #expect(world.writings == 0)
  }

  @Test("a profile with credentials of another kind has no such login")
  func another() throws {
    let world = LoginWorld(config: "[default]\nregion=eu-west-1\ncredential_process=/bin/x\n")
    #expect(
      try SSOLogin(world: world.world, settings: try world.context.settings, userAgent: "t") == nil)
  }
}
