import Model
import Signing
import TestSupport
import Testing
import Text
import Wire

@testable import AWSBackend

@Suite("Credentials of an aws login session")
struct LoginSourceTests {
  private static let renewed = LoginWorld.Answer.reply(
    200,
    #"{"accessToken": {"accessKeyId": "ASIANEW", "secretAccessKey": "hidden-new", "#
      + #""sessionToken": "hidden-new-session"}, "tokenType": "aws_sigv4", "expiresIn": 900, "#
      + #""refreshToken": "hidden-rotated", "idToken": "hidden-new-id"}"#)

  private func world(_ text: String, _ answers: [LoginWorld.Answer] = []) -> LoginWorld {
    LoginWorld(config: LoginFile.config, files: [LoginFile.path: text], answers)
  }

  @Test("with more than five minutes left they are used unchanged")
  func fresh() async throws {
    let world = world(LoginFile.text(until: "2026-11-22T14:37:11Z"))
    let credentials = try await world.source().load()
    #expect(credentials.keys.id == "ASIAOLD")
    #expect(credentials.keys.secret.revealedText == "hidden-secret")
    #expect(credentials.account?.text == "111122223333")
    #expect(credentials.source == .login)
    #expect(world.requests.isEmpty)
    #expect(!LoginWorld.everything(of: credentials).contains("hidden-"))
    #expect(!LoginWorld.everything(of: try world.source()).contains("hidden-"))
  }

  @Test("with less they are renewed, and the new refresh token is written at once")
  func renewal() async throws {
    let world = world(LoginFile.text(), [Self.renewed])
    let credentials = try await world.source().load()
    #expect(credentials.keys.id == "ASIANEW")
    #expect(credentials.keys.sessionToken?.revealedText == "hidden-new-session")
    #expect(credentials.expires == world.time.now() + .minutes(15))
    #expect(world.lines == ["POST https://eu-west-1.signin.aws.amazon.com/v1/token"])
    let request = try #require(world.requests.first)
    #expect(
      LoginWorld.body(request)
        == #"{"clientId":"arn:aws:signin:::devtools/same","grantType":"refresh_token","#
        + #""refreshToken":"hidden-refresh"}"#)
    #expect(LoginWorld.header("Authorization", of: request) == nil)
    let text = try #require(world.text(LoginFile.path))
    #expect(
      text.hasPrefix(
        #"{"theirs":[1,null],"accessToken":{"accessKeyId":"ASIANEW","#
          + #""secretAccessKey":"hidden-new","sessionToken":"hidden-new-session","#
          + #""accountId":"111122223333","more":true,"expiresAt":"2026-11-22T14:47:10Z"},"#
          + #""tokenType":"aws_sigv4","clientId":"arn:aws:signin:::devtools/same","#
          + #""refreshToken":"hidden-rotated","idToken":"hidden-new-id","dpopKey":"#))
    #expect(world.writings == 1)
    // The next load uses what was written.
    world.time.pass(.minutes(11))
    world.answer(.reply(400, #"{"error": "TOKEN_EXPIRED"}"#))
    _ = await LoginWorld.fault { try await world.source().load() }
    #expect(LoginWorld.body(try #require(world.requests.last)).contains("hidden-rotated"))
  }

  @Test("the session's own region is used, not the profile's")
  func region() async throws {
    let world = world(LoginFile.text(region: "us-east-2"), [Self.renewed])
    _ = try await world.source().load()
    #expect(world.lines == ["POST https://us-east-2.signin.aws.amazon.com/v1/token"])
  }

  @Test("either form of PEM gives a proof that the session's public key verifies")
  func proofs() async throws {
    #expect(LoginFile.pkcs8.contains("BEGIN PRIVATE KEY"))
    for pem in [LoginFile.pkcs8, LoginFile.sec1] {
      let world = world(LoginFile.text(pem: pem), [Self.renewed])
      _ = try await world.source().load()
      let request = try #require(world.requests.first)
      let proof = try Proof(try #require(LoginWorld.header("DPoP", of: request)))
      #expect(proof.isValid)
      #expect(proof.header["typ"]?.string?.plain == "dpop+jwt")
      #expect(proof.header["alg"]?.string?.plain == "ES256")
      #expect(proof.payload["htm"]?.string?.plain == "POST")
      #expect(proof.payload["htu"]?.string?.plain == request.url)
      #expect(proof.payload["iat"]?.number?.int == 1_795_357_930)
      #expect(proof.payload["jti"]?.string?.bytes.count == 36)
    }
  }

  @Test("no two attempts carry the same proof")
  func everyAttempt() async throws {
    let config = LoginFile.config.replacing("max_attempts = 1", with: "max_attempts = 3")
    let world = LoginWorld(
      config: config, files: [LoginFile.path: LoginFile.text()],
      [.reply(503, ""), .broken(.connect), Self.renewed])
    _ = try await world.source().load()
    let proofs = world.requests.compactMap { LoginWorld.header("DPoP", of: $0) }
    #expect(proofs.count == 3)
    #expect(Set(proofs).count == 3)
  }

  @Test(
    "each refusal of expired credentials has its own fault, and none repeats a secret",
    arguments: [
      (LoginWorld.Answer.reply(403, #"{"error": "TOKEN_EXPIRED"}"#), "expired"),
      (.reply(403, #"{"error": "USER_CREDENTIALS_CHANGED"}"#), "expired"),
      (.reply(403, #"{"error": "INSUFFICIENT_PERMISSIONS", "message": "m"}"#), "refused"),
      (.reply(400, #"{"error": "INVALID_REQUEST"}"#), "refused"),
      (.reply(500, ""), "unreachable"),
      (.broken(.interrupted), "unreachable"),
      (.reply(200, #"{"refreshToken": "hidden-rotated"}"#), "unreadable"),
    ])
  func refusals(answer: LoginWorld.Answer, problem: String) async throws {
    let world = world(LoginFile.text(until: "2026-11-22T14:00:00Z"), [answer])
    let fault = await LoginWorld.fault { try await world.source().load() }
    #expect(fault?.problem.rawValue == problem)
    #expect(fault?.source == .login)
    #expect(fault?.profile?.plain == "default")
    #expect(!LoginWorld.everything(of: fault).contains("hidden"))
    #expect(world.writings == 0)
  }

  @Test("old credentials are used until they expire if no server answers, and no longer")
  func survives() async throws {
    let world = world(LoginFile.text(), [.broken(.timeout), .broken(.timeout)])
    #expect(try await world.source().load().keys.id == "ASIAOLD")
    world.time.pass(.minutes(4))
    #expect(await LoginWorld.fault { try await world.source().load() }?.problem == .unreachable)
  }

  @Test("credentials that another program renewed while ours was refused are used")
  func raced() async throws {
    let world = world(LoginFile.text(), [.reply(403, #"{"error": "TOKEN_EXPIRED"}"#)])
    world.meanwhile(
      LoginFile.path, LoginFile.text(until: "2026-11-22T14:50:00Z", secret: "hidden-theirs"))
    #expect(try await world.source().load().keys.secret.revealedText == "hidden-theirs")
  }

  @Test("a file that cannot be written is reported, since the login would be lost")
  func unwritable() async throws {
    let world = world(LoginFile.text(), [Self.renewed])
    world.setReadOnly()
    let fault = await LoginWorld.fault { try await world.source().load() }
    #expect(fault?.problem == .unreadable)
    #expect(fault?.detail.plain == LoginFile.path + ": no space left on device")
  }

  @Test("a missing file, missing credentials and an unusable proof key are different faults")
  func files() async throws {
    let absent = LoginWorld(config: LoginFile.config)
    #expect(await LoginWorld.fault { try await absent.source().load() }?.problem == .missing)
    for text in [
      "", "[]", "{}", LoginFile.text(pem: "-----BEGIN hidden"), LoginFile.text(until: "x"),
    ] {
      let world = world(text)
      let fault = await LoginWorld.fault { try await world.source().load() }
      #expect(fault?.problem == .unreadable)
      #expect(!LoginWorld.everything(of: fault).contains("hidden"))
      #expect(world.requests.isEmpty)
    }
  }
}
