import Model
import Signing
import TestSupport
import Testing
import Text
import Wire

@testable import AWSBackend

@Suite("Credentials of a role from Identity Center")
struct SSOSourceTests {
  private static let reply = """
    {"roleCredentials": {"accessKeyId": "ASIAEXAMPLE", "secretAccessKey": "hidden-secret",\
     "sessionToken": "hidden-session", "expiration": 1795361530000}}
    """

  private func world(_ answers: [LoginWorld.Answer]) -> LoginWorld {
    let token = SSOTokenTests.token(until: "2027-01-01T00:00:00Z", access: "hidden-access")
    return LoginWorld(files: [LoginWorld.sessionFile: token], answers)
  }

  @Test("the portal is asked without a signature; its milliseconds are the credentials' expiry")
  func keys() async throws {
    let world = world([.reply(200, Self.reply)])
    let credentials = try await world.source().load()
    #expect(credentials.keys.id == "ASIAEXAMPLE")
    #expect(credentials.keys.secret.revealedText == "hidden-secret")
    #expect(credentials.keys.sessionToken?.revealedText == "hidden-session")
    #expect(credentials.expires == Timestamp(milliseconds: 1_795_361_530_000))
    #expect(credentials.account?.text == "111122223333")
    #expect(credentials.source == .sso)
    #expect(
      world.lines == [
        "GET https://portal.sso.eu-west-1.amazonaws.com/federation/credentials"
          + "?account_id=111122223333&role_name=Auditor"
      ])
    let request = try #require(world.requests.first)
    #expect(LoginWorld.header("x-amz-sso_bearer_token", of: request) == "hidden-access")
    #expect(LoginWorld.header("Authorization", of: request) == nil)
    #expect(!request.url.contains("hidden"))
    let shown =
      LoginWorld.everything(of: credentials) + LoginWorld.everything(of: request)
      + LoginWorld.everything(of: try world.source())
    #expect(!shown.contains("hidden-"))
  }

  @Test(
    "each refusal has its own fault, and none repeats a secret",
    arguments: [
      (LoginWorld.Answer.reply(401, #"{"message": "Session token not found"}"#), "expired"),
      (.reply(403, #"{"message": "No access"}"#), "refused"),
      (.reply(404, "{}"), "refused"),
      (.reply(429, #"{"message": "HTTP 429 Unknown Code"}"#), "throttled"),
      (.reply(400, #"{"__type": "TooManyRequestsException"}"#), "throttled"),
      (.reply(500, "<html>"), "unreachable"),
      (.broken(.timeout), "unreachable"),
      (.broken(.tooLarge), "unreadable"),
      (.broken(.certificates), "certificates"),
      (.broken(.untrusted), "certificates"),
      (.reply(200, "not JSON"), "unreadable"),
      (.reply(200, #"{"roleCredentials": {"secretAccessKey": "hidden-secret"}}"#), "unreadable"),
      (
        .reply(
          200,
          #"{"roleCredentials": {"accessKeyId": "A", "secretAccessKey": "hidden-secret", "#
            + #""sessionToken": "hidden\r\nx: y", "expiration": 1}}"#), "unreadable"
      ),
    ])
  func refusals(answer: LoginWorld.Answer, problem: String) async throws {
    let world = world([answer])
    let fault = await LoginWorld.fault { try await world.source().load() }
    #expect(fault?.problem.rawValue == problem)
    #expect(fault?.source == .sso)
    #expect(fault?.profile?.plain == "default")
    #expect(!LoginWorld.everything(of: fault).contains("hidden"))
  }

  @Test(
    "a login without an account gives no credentials: the portal is not asked, and the chain goes on"
  )
  func tokensOnly() async throws {
    let config = """
      [default]
      region = eu-west-1
      sso_session = corp
      [sso-session corp]
      sso_region = eu-west-1
      sso_start_url = https://corp.awsapps.com/start
      """
    let world = LoginWorld(config: config)
    #expect(await LoginWorld.fault { try await world.source().load() } != nil)
    #expect(!world.lines.contains { $0.contains("awsapps.com") })
  }
}
