import Model
import Signing
import TestSupport
import Testing
import Text

@testable import AWSBackend

@Suite struct RoleSourceTests {
  private static let keys = """
    [base]
    aws_access_key_id = AKIABASE
    aws_secret_access_key = base-secret

    """
  private static let role = """
    [profile role]
    role_arn = arn:aws:iam::111122223333:role/Reader
    source_profile = base
    region = eu-west-1

    """

  @Test(
    "assumes a role with the credentials of the source profile, signed for the profile's region")
  func assume() async throws {
    let world = RolesWorld(config: Self.role, credentials: Self.keys)
    let found = try await world.credentials("role")
    #expect(found.keys.id == "ASIA1")
    #expect(found.keys.sessionToken == Secret("minted-token-1"))
    #expect(found.account == AccountID("111122223333"))
    #expect(found.expires == ManualTime.mockup + .hours(1))
    #expect(found.source == .assumeRole)
    let request = try #require(world.requests.first)
    #expect(request.http.url == "https://sts.eu-west-1.amazonaws.com/")
    #expect(request.fields["Action"] == "AssumeRole")
    #expect(request.fields["RoleSessionName"]?.hasPrefix("handshake-") == true)
    #expect(request.fields["DurationSeconds"] == nil)
    let names = Dictionary(
      request.http.headers.map { ($0.name.lowercased(), $0.value) }, uniquingKeysWith: { $1 })
    #expect(
      names["authorization"]?.contains("Credential=AKIABASE/20261122/eu-west-1/sts/") == true)
    #expect(names["x-amz-security-token"] == nil)
  }

  @Test("sends the session settings of the profile")
  func settings() async throws {
    let world = RolesWorld(
      config: Self.role + """
        role_session_name = ops
        external_id = secret/id
        duration_seconds = 3600
        """, credentials: Self.keys)
    _ = try await world.credentials("role")
    let fields = try #require(world.requests.first).fields
    #expect(fields["RoleSessionName"] == "ops")
    #expect(fields["ExternalId"] == "secret%2Fid")
    #expect(fields["DurationSeconds"] == "3600")
  }

  @Test("refuses durations that STS does not accept", arguments: ["899", "43201", "1h", "-1", ""])
  func durations(text: String) async throws {
    let world = RolesWorld(
      config: Self.role + "duration_seconds = \(text)\n", credentials: Self.keys)
    let fault = try await world.fault("role")
    // A key without a value is ignored.
    #expect((fault?.problem == .misconfigured) == !text.isEmpty)
  }

  @Test("follows a chain of roles, each with the credentials of the one before")
  func chain() async throws {
    let world = RolesWorld(
      config: Self.role + """
        [profile outer]
        role_arn = arn:aws:iam::111122223333:role/Outer
        source_profile = role
        """, credentials: Self.keys)
    #expect(try await world.credentials("outer").keys.id == "ASIA2")
    let signers = world.requests.map { request in
      request.http.headers.first { $0.name == "Authorization" }?.value ?? ""
    }
    #expect(signers.count == 2)
    #expect(signers[0].contains("Credential=AKIABASE/"))
    #expect(signers[1].contains("Credential=ASIA1/"))
  }

  @Test("asks for a code at each refresh, and keeps none")
  func codes() async throws {
    let world = RolesWorld(
      config: Self.role + "mfa_serial = arn:aws:iam::111122223333:mfa/me\n",
      credentials: Self.keys)
    world.giveCodes(["123456", "654321"])
    let cache = try world.chain("role").cache()
    #expect(try await cache.credentials().keys.id == "ASIA1")
    #expect(try await cache.credentials().keys.id == "ASIA1")
    world.time.pass(.hours(1))
    #expect(try await cache.credentials().keys.id == "ASIA2")
    #expect(world.requests.map { $0.fields["TokenCode"] } == ["123456", "654321"])
    #expect(
      world.requests.map { $0.fields["SerialNumber"] }
        == Array(repeating: "arn%3Aaws%3Aiam%3A%3A111122223333%3Amfa%2Fme", count: 2))
    let question = "arn:aws:iam::111122223333:mfa/me|role"
    #expect(world.questions == [question, question])
  }

  @Test("reports an error when no code was given, and does not ask STS")
  func noCode() async throws {
    let world = RolesWorld(config: Self.role + "mfa_serial = device\n", credentials: Self.keys)
    let fault = try await world.fault("role")
    #expect(fault?.problem == .codeNotGiven)
    #expect(fault?.profile == Untrusted("role"))
    #expect(world.requests.isEmpty)
  }

  @Test(
    "reports the message of STS",
    arguments: [
      (403, "AccessDenied", CredentialsFault.Problem.refused),
      (400, "ExpiredToken", .expired), (400, "ExpiredTokenException", .expired),
      (400, "ValidationError", .refused), (403, "InvalidClientTokenId", .refused),
    ])
  func refusals(status: Int, code: String, problem: CredentialsFault.Problem) async throws {
    let world = RolesWorld(config: Self.role, credentials: Self.keys)
    world.answer(status, RolesWorld.error(code, "no &amp; never"))
    let fault = try await world.fault("role")
    #expect(fault?.problem == problem)
    #expect(fault?.source == .assumeRole)
    #expect(fault?.detail == Untrusted("\(code): no & never"))
    #expect(world.requests.count == 1)
  }

  @Test("retries transient errors, each attempt signed anew, at most three times")
  func retries() async throws {
    let world = RolesWorld(config: Self.role, credentials: Self.keys)
    world.answer(503, "")
    world.answer(.failure(HTTPFailure(.interrupted, sent: true, detail: Untrusted("reset"))))
    #expect(try await world.credentials("role").keys.id == "ASIA1")
    #expect(world.requests.count == 3)
    for _ in 0..<3 { world.answer(503, "<html>") }
    let fault = try await world.fault("role")
    #expect(fault?.problem == .unreachable)
    #expect(world.requests.count == 6)
    world.answer(.failure(HTTPFailure(.tls, sent: false, detail: Untrusted("bad certificate"))))
    #expect(try await world.fault("role")?.problem == .unreachable)
    #expect(world.requests.count == 7)
  }

  @Test("signs once more with the service's time when ours is off")
  func skew() async throws {
    let world = RolesWorld(config: Self.role, credentials: Self.keys)
    world.answer(
      403, RolesWorld.error("SignatureDoesNotMatch", "Signature expired"),
      headers: [("date", Untrusted("Sun, 22 Nov 2026 15:32:10 GMT"))])
    _ = try await world.credentials("role")
    let dates = world.requests.map { request in
      request.http.headers.first { $0.name == "X-Amz-Date" }?.value
    }
    #expect(dates == ["20261122T143210Z", "20261122T153210Z"])
  }

  @Test(
    "accepts only a reply of the service's form",
    arguments: [
      "", "<html></html>", "{}", "<AssumeRoleResponse></AssumeRoleResponse>",
      RolesWorld.reply("AssumeRoleWithWebIdentity", 1),
      RolesWorld.reply("AssumeRole", 1).replacing(
        "<SessionToken>minted-token-1</SessionToken>", with: ""),
      RolesWorld.reply("AssumeRole", 1).replacing("2026-11-22T15", with: "soon"),
      String(RolesWorld.reply("AssumeRole", 1).dropLast(8)),
    ])
  func strange(body: String) async throws {
    let world = RolesWorld(config: Self.role, credentials: Self.keys)
    world.answer(200, body)
    #expect(try await world.fault("role")?.problem == .unreadable)
  }

  @Test("reads a web identity's token at each load, and signs nothing")
  func webIdentity() async throws {
    let world = RolesWorld(
      config: """
        [profile pod]
        role_arn = arn:aws:iam::111122223333:role/Pod
        web_identity_token_file = /token
        """, files: ["/token": "header.payload.signature"])
    #expect(try await world.credentials("pod").source == .webIdentity)
    let request = try #require(world.requests.first)
    #expect(request.fields["Action"] == "AssumeRoleWithWebIdentity")
    #expect(request.fields["WebIdentityToken"] == "header.payload.signature")
    #expect(!request.http.headers.contains { $0.name.lowercased() == "authorization" })
    world.answer(400, RolesWorld.error("IDPCommunicationError", "try again"))
    _ = try await world.credentials("pod")
    #expect(world.requests.count == 3)
    world.answer(400, RolesWorld.error("ExpiredTokenException", "Token expired"))
    #expect(try await world.fault("pod")?.problem == .expired)
    #expect(world.requests.count == 4)
  }
}
