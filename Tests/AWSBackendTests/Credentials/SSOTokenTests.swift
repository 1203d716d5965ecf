import Model
import Signing
import TestSupport
import Testing
import Text
import Wire

@testable import AWSBackend

@Suite("The token of an Identity Center login")
struct SSOTokenTests {
  private static let file = LoginWorld.sessionFile

  /// The clock of these tests is at 14:32:10.
  static func token(
    until end: String = "2026-11-22T14:36:00Z", registration: String = "2027-01-01T00:00:00Z",
    access: String = "old-access"
  ) -> String {
    """
    {"startUrl": "https://corp.awsapps.com/start", "tool": {"kept": [1, null, 2.50]},\
     "accessToken": "\(access)", "expiresAt": "\(end)", "clientId": "client",\
     "clientSecret": "old-client-secret", "registrationExpiresAt": "\(registration)",\
     "refreshToken": "old-refresh", "behind": true}
    """
  }

  private func world(
    _ text: String = token(), _ answers: [LoginWorld.Answer] = []
  ) -> LoginWorld {
    LoginWorld(files: [Self.file: text], answers)
  }

  private static let renewed =
    #"{"accessToken": "new-access", "expiresIn": 3600, "refreshToken": "new-refresh"}"#

  @Test(
    "a token with more than five minutes left is used unchanged, in every format of its expiry",
    arguments: ["2026-11-22T14:37:11Z", "2026-11-22T14:37:11UTC", "2026-11-22T15:37:11+01:00"])
  func fresh(end: String) async throws {
    let world = world(Self.token(until: end))
    #expect(try await world.tokens().token().accessToken.revealedText == "old-access")
    #expect(world.requests.isEmpty)
  }

  @Test("a token with less is refreshed, and its file keeps unknown members in their order")
  func refresh() async throws {
    let world = world(Self.token(), [.reply(200, Self.renewed)])
    #expect(try await world.tokens().token().accessToken.revealedText == "new-access")
    #expect(world.lines == ["POST https://oidc.eu-west-1.amazonaws.com/token"])
    let request = try #require(world.requests.first)
    #expect(
      LoginWorld.body(request)
        == #"{"grantType":"refresh_token","clientId":"client","clientSecret":"old-client-secret","#
        + #""refreshToken":"old-refresh"}"#)
    #expect(LoginWorld.header("Authorization", of: request) == nil)
    #expect(
      world.text(Self.file)
        == #"{"startUrl":"https://corp.awsapps.com/start","tool":{"kept":[1,null,2.50]},"#
        + #""accessToken":"new-access","expiresAt":"2026-11-22T15:32:10Z","clientId":"client","#
        + #""clientSecret":"old-client-secret","registrationExpiresAt":"2027-01-01T00:00:00Z","#
        + #""refreshToken":"new-refresh","behind":true}"#)
    #expect(world.writings == 1)
  }

  @Test("a reply without a refresh token keeps the present one")
  func keepsRefreshToken() async throws {
    let world = world(
      Self.token(), [.reply(200, #"{"accessToken": "new-access", "expiresIn": 3600}"#)])
    _ = try await world.tokens().token()
    #expect(world.text(Self.file)?.contains(#""refreshToken":"old-refresh""#) == true)
  }

  @Test(
    "a valid token survives a failed refresh, which is repeated after thirty seconds",
    arguments: [
      LoginWorld.Answer.reply(400, #"{"error": "invalid_grant"}"#), .reply(500, ""),
      .broken(.timeout), .reply(200, "{}"),
    ])
  func survives(answer: LoginWorld.Answer) async throws {
    let world = world(Self.token(), [answer, .reply(200, Self.renewed)])
    let tokens = try world.tokens()
    for _ in 0..<3 {
      #expect(try await tokens.token().accessToken.revealedText == "old-access")
    }
    world.time.pass(.seconds(29))
    #expect(try await tokens.token().accessToken.revealedText == "old-access")
    #expect(world.requests.count == 1)
    #expect(world.writings == 0)
    world.time.pass(.seconds(1))
    #expect(try await tokens.token().accessToken.revealedText == "new-access")
  }

  @Test("a token that has expired and is refused requires a new login")
  func ended() async throws {
    let world = world(
      Self.token(until: "2026-11-22T14:32:10Z"), [.reply(400, #"{"error": "invalid_grant"}"#)])
    let fault = await LoginWorld.fault { try await world.tokens().token() }
    #expect(fault?.problem == .expired)
    #expect(fault?.source == .sso)
    #expect(fault?.profile?.plain == "default")
  }

  @Test(
    "a service that does not answer is not reported as an expired login, and is not asked at once again",
    arguments: [LoginWorld.Answer.reply(503, ""), .broken(.connect)])
  func unreachable(answer: LoginWorld.Answer) async throws {
    let world = world(Self.token(until: "2026-11-22T14:00:00Z"), [answer])
    let tokens = try world.tokens()
    for _ in 0..<2 {
      #expect(await LoginWorld.fault { try await tokens.token() }?.problem == .unreachable)
    }
    #expect(world.requests.count == 1)
  }

  @Test(
    "a token that another program wrote while ours failed is used",
    arguments: [LoginWorld.Answer.reply(400, #"{"error": "invalid_grant"}"#), .broken(.timeout)])
  func another(answer: LoginWorld.Answer) async throws {
    let world = world(Self.token(until: "2026-11-22T14:00:00Z"), [answer])
    world.meanwhile(
      Self.file, Self.token(until: "2026-11-22T20:00:00Z", access: "their-access"))
    #expect(try await world.tokens().token().accessToken.revealedText == "their-access")
  }

  @Test("without a valid registration nothing is refreshed")
  func registration() async throws {
    for registration in ["2026-11-22T14:32:10Z", "never"] {
      let world = world(Self.token(registration: registration))
      let tokens = try world.tokens()
      #expect(try await tokens.token().accessToken.revealedText == "old-access")
      world.time.pass(.minutes(4))
      #expect(await LoginWorld.fault { try await tokens.token() }?.problem == .expired)
      #expect(world.requests.isEmpty)
    }
  }

  @Test("the older form's token is never refreshed")
  func legacy() async throws {
    let config = """
      [default]
      region = eu-west-1
      sso_start_url = https://corp.awsapps.com/start
      sso_region = eu-west-1
      sso_account_id = 111122223333
      sso_role_name = Auditor
      """
    let file = LoginWorld.home + "/.aws/sso/cache/a51746d4aa793ae07b25e90c3a5db96fc7832bd7.json"
    let world = LoginWorld(config: config, files: [file: Self.token()])
    #expect(try await world.tokens().token().accessToken.revealedText == "old-access")
    #expect(world.requests.isEmpty)
  }

  @Test("where the file cannot be written the new token is used all the same, once")
  func unwritable() async throws {
    let world = world(
      Self.token(until: "2026-11-22T14:00:00Z"), [.reply(200, Self.renewed)])
    world.setReadOnly()
    let tokens = try world.tokens()
    for _ in 0..<2 {
      #expect(try await tokens.token().accessToken.revealedText == "new-access")
    }
    #expect(world.requests.count == 1)
    world.remove(Self.file)
    #expect(await LoginWorld.fault { try await tokens.token() }?.problem == .missing)
  }

  @Test(
    "the content of a file in an unknown format is not shown",
    arguments: [
      "", "[]", #"{"accessToken": "hidden-access"}"#,
      #"{"accessToken": "hidden-access", "expiresAt": "soon"}"#,
      #"{"accessToken": "hidden-access\r\nHost: evil", "expiresAt": "2027-01-01T00:00:00Z"}"#,
      #"{"accessToken": "", "expiresAt": "2027-01-01T00:00:00Z"}"#,
    ])
  func damaged(text: String) async throws {
    let world = world(text)
    let fault = await LoginWorld.fault { try await world.tokens().token() }
    #expect(fault?.problem == .unreadable)
    #expect(!LoginWorld.everything(of: fault).contains("hidden-access"))
  }

  @Test("no token appears in its description")
  func secrets() async throws {
    let token = try await world(Self.token(until: "2027-01-01T00:00:00Z")).tokens().token()
    let text = LoginWorld.everything(of: token)
    for secret in ["old-access", "old-refresh", "old-client-secret"] {
      #expect(!text.contains(secret))
    }
    #expect(text.contains("‹secret›"))
  }
}
