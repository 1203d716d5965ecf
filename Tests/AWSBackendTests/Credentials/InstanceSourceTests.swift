import Model
import Signing
import Synchronization
import TestSupport
import Testing
import Text

@testable import AWSBackend

@Suite("Credentials of an EC2 instance, from its metadata service")
struct InstanceSourceTests {
  private static let root = "http://169.254.169.254"
  private static let token = "PUT \(root)/latest/api/token"
  private static let roles = "GET \(root)/latest/meta-data/iam/security-credentials/"
  private static let role = roles + "app-role"

  /// Credentials that expire at `end`; an hour after the scene's time if it is nil.
  private static func document(
    _ end: String = "2026-11-22T15:32:10Z", id: String = "AKIDINSTANCE", code: String = "Success"
  ) -> Result<HTTPResponse, HTTPFailure> {
    .text(
      200,
      #"{"Code":"\#(code)","Type":"AWS-HMAC","AccessKeyId":"\#(id)","#
        + #""SecretAccessKey":"instance-secret","Token":"instance-token","Expiration":"\#(end)"}"#)
  }

  /// Answers by path, as the service does, unless `special` has another answer.
  private func scene(
    environment: [String: String] = [:], isChosen: Bool = true,
    _ special: @escaping @Sendable (Int, String) -> Result<HTTPResponse, HTTPFailure>? = {
      _, _ in nil
    }
  ) throws -> (SourceScene, InstanceSource) {
    let scene = try SourceScene(environment: environment) { number, request in
      let line = "\(request.method) \(request.url)"
      if let reply = special(number, line) { return reply }
      switch line {
      case Self.token: return .text(200, "imds-token")
      case Self.roles: return .text(200, "app-role\nother-role")
      case Self.role: return Self.document()
      default: return .text(404)
      }
    }
    return (scene, InstanceSource(scene.context, isChosen: isChosen))
  }

  @Test(
    "a session token is requested first, then the first role's credentials with it; the token is kept"
  )
  func whole() async throws {
    let (scene, source) = try scene()
    let credentials = try await source.load()
    #expect(credentials.keys.id == "AKIDINSTANCE")
    #expect(credentials.keys.sessionToken == Secret("instance-token"))
    #expect(credentials.expires == scene.time.now() + .hours(1))
    #expect(credentials.source == .instanceMetadata)
    #expect(scene.transport.lines == [Self.token, Self.roles, Self.role])
    let requests = scene.transport.requests
    #expect(requests[0].header("x-aws-ec2-metadata-token-ttl-seconds") == "21600")
    #expect(requests[0].header("x-aws-ec2-metadata-token") == nil)
    for request in requests {
      #expect(!request.usesProxy)
      #expect(request.connectTimeout == .seconds(1))
      #expect(request.attemptTimeout == .seconds(1))
    }
    for request in requests.dropFirst() {
      #expect(request.header("x-aws-ec2-metadata-token") == "imds-token")
    }
    _ = try await source.load()
    #expect(scene.transport.lines.count { $0 == Self.token } == 1)
    scene.time.pass(.seconds(21_600))
    _ = try await source.load()
    #expect(scene.transport.lines.count { $0 == Self.token } == 2)
  }

  @Test("a session token that the service does not know is replaced once")
  func forgotten() async throws {
    let (scene, source) = try scene { number, _ in number == 1 ? .text(401) : nil }
    #expect(try await source.load().keys.id == "AKIDINSTANCE")
    #expect(
      scene.transport.lines == [Self.token, Self.roles, Self.token, Self.roles, Self.role])
    let (stubborn, refused) = try self.scene { _, line in line == Self.roles ? .text(401) : nil }
    #expect(await refused.fault()?.problem == .refused)
    #expect(stubborn.transport.lines.count { $0 == Self.token } == 2)
  }

  @Test(
    "each missing document is a fault of its own kind, and no secret is reported",
    arguments: [
      (token, .text(400), .missing), (token, .text(429), .throttled),
      (roles, .text(429), .throttled),
      (token, .text(200, ""), .unreadable), (token, .text(200, "imds-token\r\nX: y"), .unreadable),
      (roles, .text(404), .missing), (roles, .text(200, ""), .unreadable),
      (roles, .text(200, "../../api/token"), .unreadable), (roles, .text(200, "a b"), .unreadable),
      (roles, .text(500), .unreachable), (role, document(code: "Failed"), .refused),
      (role, .text(200, "instance-secret"), .unreadable),
      (role, .text(200, #"{"Code":"Success","SecretAccessKey":"instance-secret"}"#), .unreadable),
      (role, .text(400), .refused), (role, .broken(.timeout), .unreachable),
      (token, .broken(.timeout, sent: false), .unreachable),
      (token, .broken(.forbidden, sent: false), .misconfigured),
    ] as [(String, Result<HTTPResponse, HTTPFailure>, CredentialsFault.Problem)])
  func faults(
    _ row: (
      line: String, reply: Result<HTTPResponse, HTTPFailure>, problem: CredentialsFault.Problem
    )
  ) async throws {
    let (_, source) = try scene { _, line in line == row.line ? row.reply : nil }
    let fault = try await #require(source.fault())
    #expect(fault.problem == row.problem)
    let told = shown(fault) + fault.detail.plain
    for secret in ["instance-secret", "instance-token", "imds-token"] {
      #expect(!told.contains(secret))
    }
    for request in [HTTPRequest("GET", "http://x", headers: [("t", "imds-token")])] {
      #expect(!shown(request).contains("imds-token"))
    }
  }

  @Test(
    "without a token, version 1 is used, as by the AWS CLI",
    arguments: [.text(403), .text(404), .text(405), .broken(.timeout)]
      as [Result<HTTPResponse, HTTPFailure>])
  func version1(_ reply: Result<HTTPResponse, HTTPFailure>) async throws {
    for isChosen in [true, false] {
      let (scene, source) = try scene(isChosen: isChosen) { _, line in
        line == Self.token ? reply : nil
      }
      #expect(try await source.load().keys.id == "AKIDINSTANCE")
      #expect(scene.transport.lines == [Self.token, Self.roles, Self.role])
      for request in scene.transport.requests {
        #expect(request.header("x-aws-ec2-metadata-token") == nil)
      }
    }
  }

  @Test("a token request that fails is reported as such, not as a missing instance")
  func hopLimit() async throws {
    for isChosen in [true, false] {
      let disabled = ["AWS_EC2_METADATA_V1_DISABLED": "true"]
      let (off, first) = try scene(environment: disabled, isChosen: isChosen) { _, line in
        line == Self.token ? .broken(.timeout) : nil
      }
      let (_, second) = try scene(isChosen: isChosen) { _, line in
        line == Self.token ? .broken(.timeout) : .text(401)
      }
      let (_, third) = try scene(isChosen: isChosen) { _, _ in .broken(.timeout) }
      for (source, problem) in [
        (first, CredentialsFault.Problem.refused), (second, .refused), (third, .unreachable),
      ] {
        let fault = await source.fault()
        #expect(fault?.problem == problem)
        #expect(fault?.source == .instanceMetadata)
        #expect(fault?.detail.plain.contains("hop limit must be 2") == true)
      }
      #expect(!off.transport.lines.contains(Self.roles))
      #expect(await first.fault()?.detail.plain.contains("AWS_EC2_METADATA_V1_DISABLED") == true)
    }
    let said = try SourceScene(config: "[default]\nec2_metadata_v1_disabled = True\n") { _, _ in
      .text(403)
    }
    let fault = await InstanceSource(said.context, isChosen: true).fault()
    #expect(fault?.problem == .refused)
    #expect(fault?.detail.plain.contains("~/.aws/config line 2") == true)
  }

  @Test("an absent service is asked once; a failing one as often as configured")
  func attempts() async throws {
    let three = ["AWS_METADATA_SERVICE_NUM_ATTEMPTS": "3"]
    for (reply, tries) in [
      (Result<HTTPResponse, HTTPFailure>.broken(.timeout, sent: false), 1),
      (.broken(.connect, sent: false), 1), (.text(503), 3),
      // Once for the token, then three times without it.
      (.broken(.timeout), 4),
    ] {
      let (scene, source) = try scene(environment: three) { _, _ in reply }
      #expect(await source.fault()?.problem == .unreachable)
      #expect(scene.transport.requests.count == tries)
    }
  }

  @Test("when disabled, or with invalid settings, nothing is asked")
  func off() async throws {
    for (environment, problem) in [
      (["AWS_EC2_METADATA_DISABLED": "TRUE"], CredentialsFault.Problem.missing),
      (["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE": "IPv7"], .misconfigured),
      (["AWS_METADATA_SERVICE_TIMEOUT": "soon"], .misconfigured),
    ] {
      let (scene, source) = try scene(environment: environment)
      #expect(await source.fault()?.problem == problem)
      #expect(scene.transport.requests.isEmpty)
    }
  }

  @Test("the address and the timeout come from the settings")
  func settings() async throws {
    let (scene, source) = try scene(environment: [
      "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE": "ipv6", "AWS_METADATA_SERVICE_TIMEOUT": "4",
    ])
    _ = await source.fault()
    let request = try #require(scene.transport.requests.first)
    #expect(request.url == "http://[fd00:ec2::254]/latest/api/token")
    #expect(request.connectTimeout == .seconds(4))
  }

  @Test("at the end of the chain, a missing instance is no configuration")
  func chain() async throws {
    let (_, source) = try scene(isChosen: false) { _, _ in .broken(.timeout, sent: false) }
    let fault = await source.fault()
    #expect(fault?.problem == .missing)
    #expect(fault?.source == .chain)
  }

  @Test("expired credentials are extended by 10 to 15 minutes, not for ever")
  func extended() async throws {
    let (scene, source) = try scene()
    var ends: Set<Timestamp> = []
    for _ in 0..<20 {
      scene.time.pass(.minutes(61))
      let end = try #require(try await source.load().expires)
      guard scene.time.now() < Self.end + InstanceSource.longestExtension else {
        #expect(end == Self.end)
        break
      }
      let extra = end - scene.time.now()
      #expect((Span.minutes(10)...Span.minutes(15)).contains(extra))
      ends.insert(Timestamp(milliseconds: extra.milliseconds))
    }
    #expect(ends.count > 5, "not all instances at once")
    #expect(scene.time.now() >= Self.end + InstanceSource.longestExtension)
  }

  private static let end = ManualTime.mockup + .hours(1)

  @Test("a transient failure after a first success is covered by extending it, a refusal is not")
  func bridged() async throws {
    let reply = Mutex<Result<HTTPResponse, HTTPFailure>?>(nil)
    let (_, source) = try scene { _, line in
      line == Self.role ? reply.withLock { $0 } : nil
    }
    let first = try await source.load()
    for trouble in [Result<HTTPResponse, HTTPFailure>.text(503), .broken(.timeout)] {
      reply.withLock { $0 = trouble }
      #expect(try await source.load().keys == first.keys)
    }
    reply.withLock { $0 = .text(403) }
    #expect(await source.fault()?.problem == .refused)
  }

  @Test("credentials that the service refused are never extended again; new ones are fetched")
  func dropped() async throws {
    let reply = Mutex<Result<HTTPResponse, HTTPFailure>?>(nil)
    let (scene, source) = try scene { _, line in
      line == Self.role ? reply.withLock { $0 } : nil
    }
    scene.time.pass(.hours(2))
    let cache = CredentialsCache(source, time: scene.time, random: SeededBytes())
    let old = try await cache.credentials()
    #expect(try #require(old.expires) > scene.time.now())
    await cache.drop(old)
    await #expect(throws: CredentialsFault.self) { try await cache.credentials() }
    #expect(await source.fault()?.problem == .expired)
    reply.withLock { $0 = .text(503) }
    #expect(await source.fault()?.problem == .unreachable)
    reply.withLock { $0 = Self.document("2026-11-22T22:00:00Z", id: "AKIDNEW") }
    #expect(try await cache.credentials().keys.id == "AKIDNEW")
  }
}
