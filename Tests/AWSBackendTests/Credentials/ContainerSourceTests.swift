import Model
import Signing
import TestSupport
import Testing
import Text

@testable import AWSBackend

@Suite("Credentials from a container's agent")
struct ContainerSourceTests {
  private static let relative = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
  private static let full = "AWS_CONTAINER_CREDENTIALS_FULL_URI"
  private static let token = "AWS_CONTAINER_AUTHORIZATION_TOKEN"
  private static let document =
    #"{"AccessKeyId":"AKIDCONTAINER","SecretAccessKey":"container-secret","#
    + #""Token":"container-token","Expiration":"2026-11-22T20:00:00Z","AccountId":"999900001111"}"#

  private func scene(
    _ environment: [String: String], files: FilesOfTexts? = nil,
    _ reply: @escaping ScriptedTransport.Reply = { _, _ in .text(200, document) }
  ) throws -> (SourceScene, ContainerSource) {
    let scene = try SourceScene(environment: environment, files: files, reply)
    return (scene, ContainerSource(context: scene.context))
  }

  @Test(
    "the relative address is the agent's, the full one is used as it is",
    arguments: [
      ([relative: "/credentials"], "http://169.254.170.2/credentials"),
      ([relative: "/credentials?a=1"], "http://169.254.170.2/credentials?a=1"),
      ([full: "https://mypersonalsite:8080/c"], "https://mypersonalsite:8080/c"),
      ([full: "http://localhost:8080/c"], "http://localhost:8080/c"),
      ([full: "http://127.9.9.9/c?x=y"], "http://127.9.9.9/c?x=y"),
      ([full: "http://[::1]:90/c"], "http://[::1]:90/c"),
      ([full: "http://169.254.170.2/c"], "http://169.254.170.2/c"),
      ([full: "http://169.254.170.23/v1/c"], "http://169.254.170.23/v1/c"),
      ([full: "http://[fd00:ec2::23]/v1/c"], "http://[fd00:ec2::23]/v1/c"),
      (
        [full: "http://localhost/other", relative: "/credentials"],
        "http://169.254.170.2/credentials"
      ),
      ([full: "http://localhost/other", relative: "  "], "http://localhost/other"),
    ] as [([String: String], String)])
  func asked(_ row: (environment: [String: String], url: String)) async throws {
    let (scene, source) = try scene(row.environment)
    #expect(source.isConfigured)
    let credentials = try await source.load()
    #expect(credentials.keys.id == "AKIDCONTAINER")
    #expect(credentials.keys.secret == Secret("container-secret"))
    #expect(credentials.keys.sessionToken == Secret("container-token"))
    #expect(credentials.expires == Timestamp(iso8601: "2026-11-22T20:00:00Z".utf8))
    #expect(credentials.account == AccountID("999900001111"))
    #expect(scene.transport.lines == ["GET " + row.url])
    let request = try #require(scene.transport.requests.first)
    #expect(!request.usesProxy)
    #expect(request.connectTimeout == .seconds(2))
    #expect(request.attemptTimeout == .seconds(5))
    #expect(request.header("Authorization") == nil)
  }

  @Test(
    "no other host is asked",
    arguments: [
      [relative: "credentials"], [relative: "@evil.example/"], [relative: ":80/"],
      [relative: "/a b"], [relative: "/a\r\nX: y"], [relative: "/a#b"],
      [full: "/credentials"], [full: "ftp://localhost/"], [full: "http://"],
      [full: "http://evil.example/c"], [full: "http://localhost.evil.example/c"],
      [full: "http://127.0.0.1.evil.example/c"], [full: "http://169.254.169.254/c"],
      [full: "http://169.254.170.3/c"], [full: "http://10.0.0.1/c"], [full: "http://[::2]/c"],
      [full: "http://localhost@evil.example/c"], [full: "http://2130706434/c"],
      [full: "http://[::ffff:10.0.0.1]/c"], [full: "https://site/c\r\nX: y"],
    ])
  func refused(_ environment: [String: String]) async throws {
    let (scene, source) = try scene(environment)
    #expect(await source.fault()?.problem == .misconfigured)
    #expect(scene.transport.requests.isEmpty)
  }

  @Test("with neither variable it is not configured")
  func missing() async throws {
    let (_, source) = try scene([Self.full: " "])
    #expect(!source.isConfigured)
    #expect(await source.fault()?.problem == .missing)
  }

  @Test("the token's file goes before the token, and is read at each load")
  func tokens() async throws {
    let uri = [Self.relative: "/c"]
    let (inline, source) = try scene(uri.merging([Self.token: "inline"]) { $1 })
    _ = try await source.load()
    #expect(inline.transport.requests.first?.header("Authorization") == "inline")

    let both = uri.merging([Self.token: "inline", Self.token + "_FILE": "/run/token"]) { $1 }
    for text in ["first", "second"] {
      let (scene, source) = try scene(both, files: FilesOfTexts(["/run/token": Array(text.utf8)]))
      _ = try await source.load()
      #expect(scene.transport.requests.first?.header("Authorization") == text)
    }
    let (none, absent) = try scene(both)
    #expect(await absent.fault()?.problem == .missing)
    #expect(none.transport.requests.isEmpty)
  }

  @Test(
    "a token with a line break is neither sent nor printed",
    arguments: ["token-secret\n", "a\r\nHost: token-secret", "token-secret\r", "\u{7}token-secret"])
  func brokenToken(_ token: String) async throws {
    let files = FilesOfTexts(["/run/token": Array(token.utf8)])
    for setting in [[Self.token: token], [Self.token + "_FILE": "/run/token"]] {
      let (scene, source) = try scene(
        setting.merging([Self.relative: "/c"]) { $1 }, files: files)
      let fault = try await #require(source.fault())
      #expect(fault.problem == .misconfigured)
      #expect(!(shown(fault) + fault.detail.plain).contains("token-secret"))
      #expect(scene.transport.requests.isEmpty)
    }
  }

  @Test(
    "a transient failure is tried three times, a refusal once",
    arguments: [
      (.text(500), 3, .unreachable), (.text(503), 3, .unreachable),
      (.broken(.timeout), 3, .unreachable), (.broken(.connect, sent: false), 3, .unreachable),
      (.broken(.interrupted), 3, .unreachable),
      (.broken(.forbidden, sent: false), 1, .misconfigured),
      (.text(401), 1, .refused), (.text(404), 1, .refused), (.text(302), 1, .refused),
      (.text(200, "container-secret"), 1, .unreadable), (.text(200, "{}"), 1, .unreadable),
      (.text(200, #"{"AccessKeyId":"A","SecretAccessKey":"container-secret"}"#), 1, .unreadable),
      (
        .text(200, #"{"AccessKeyId":"A","SecretAccessKey":"container-secret","Token":"t"}"#), 1,
        .unreadable
      ),
    ] as [(Result<HTTPResponse, HTTPFailure>, Int, CredentialsFault.Problem)])
  func failures(
    _ row: (
      reply: Result<HTTPResponse, HTTPFailure>, tries: Int, problem: CredentialsFault.Problem
    )
  ) async throws {
    let (scene, source) = try scene([Self.relative: "/c", Self.token: "token-secret"]) { _, _ in
      row.reply
    }
    let fault = try await #require(source.fault())
    #expect(fault.problem == row.problem)
    #expect(fault.source == .container)
    #expect(scene.transport.requests.count == row.tries)
    let told = shown(fault) + fault.detail.plain
    #expect(!told.contains("container-secret") && !told.contains("token-secret"))
  }

  @Test("a success after transient failures is used")
  func recovered() async throws {
    let (scene, source) = try scene([Self.relative: "/c"]) { number, _ in
      number < 2 ? .text(503) : .text(200, Self.document)
    }
    #expect(try await source.load().keys.id == "AKIDCONTAINER")
    #expect(scene.transport.requests.count == 3)
  }
}
