import Foundation
import LocalBackend
import Model
import Signing
import TestSupport
import Testing
import Text
import Wire

@testable import Sandbox

private let account = "111122223333"

@Suite("Signatures")
struct SignatureTests {
  private struct Codes: Equatable {
    var organizations: String?
    var status: Int?
    var sts: String?
    var stsStatus: Int?
  }

  /// The two services' answers to requests with the same defect.
  private func codes(
    _ world: World, keys: AccessKeys? = nil, at now: Timestamp? = nil, scope: String? = nil,
    _ spoil: (String) -> String = { $0 }
  ) async throws -> Codes {
    let keys = try keys ?? world.keys(account)
    let json = try await world.send(
      spoil(
        world.signed(
          [
            ("X-Amz-Target", ServiceProtocol.target(of: .describeOrganization)),
            ("Content-Type", ServiceProtocol.contentType),
          ], "{}", keys: keys, service: scope ?? "organizations", at: now)))
    let query = try await world.send(
      spoil(
        world.signed(
          [("Content-Type", "application/x-www-form-urlencoded")],
          "Action=GetCallerIdentity&Version=2011-06-15", keys: keys, service: scope ?? "sts",
          at: now)))
    return Codes(
      organizations: json?.code, status: json?.status, sts: query?.code, stsStatus: query?.status)
  }

  private static let mismatch = Codes(
    organizations: "InvalidSignatureException", status: 400, sts: "SignatureDoesNotMatch",
    stsStatus: 403)
  private static let unknown = Codes(
    organizations: "UnrecognizedClientException", status: 400, sts: "InvalidClientTokenId",
    stsStatus: 403)

  @Test("that are valid are accepted")
  func good() async throws {
    #expect(
      try await codes(World()) == Codes(organizations: nil, status: 200, sts: nil, stsStatus: 200))
  }

  @Test("that are missing, in another format or incomplete have different errors")
  func missing() async throws {
    let world = try World()
    func without(_ start: String, _ replacement: String = "") -> (String) -> String {
      { request in
        request.components(separatedBy: "\r\n").compactMap {
          $0.hasPrefix(start) ? (replacement.isEmpty ? nil : replacement) : $0
        }.joined(separator: "\r\n")
      }
    }
    #expect(
      try await codes(world, without("Authorization"))
        == Codes(
          organizations: "MissingAuthenticationTokenException", status: 400,
          sts: "MissingAuthenticationToken", stsStatus: 403))
    let incomplete = Codes(
      organizations: "IncompleteSignatureException", status: 400, sts: "IncompleteSignature",
      stsStatus: 400)
    #expect(
      try await codes(world, without("Authorization", "Authorization: AWS4-HMAC-SHA256 x"))
        == incomplete)
    #expect(
      try await codes(world, without("Authorization", "Authorization: Basic eDp5")) == incomplete)
    #expect(try await codes(world, without("X-Amz-Date")) == incomplete)
  }

  @Test("by an unknown key, or with a wrong secret, are refused")
  func keys() async throws {
    let world = try World()
    let stranger = AccessKeys(id: "AKIAIOSFODNN7EXAMPLE", secret: Secret("x"))
    #expect(try await codes(world, keys: stranger) == Self.unknown)
    var wrong = try world.keys(account)
    wrong.secret = Secret("x")
    #expect(try await codes(world, keys: wrong) == Self.mismatch)
    let gone = try world.keys("123456789012")
    #expect(try await codes(world, keys: gone) == Self.unknown, "an account of another store")
  }

  @Test("of a request that was changed on the way are refused")
  func changed() async throws {
    let world = try World()
    let changes: [(String, String)] = [
      ("\r\n\r\n{}", "\r\n\r\n[]"), ("Version=2011-06-15", "Version=2011-06-16"),
      ("application/x-", "application/y-"), ("POST / HTTP", "POST /?a=b HTTP"),
    ]
    for (text, other) in changes {
      let found = try await codes(world) { $0.replacingOccurrences(of: text, with: other) }
      #expect(found.organizations == Self.mismatch.organizations || found.status == 200)
      #expect(found.sts == Self.mismatch.sts || found.stsStatus != 403)
      #expect(found != Codes(organizations: nil, status: 200, sts: nil, stsStatus: 200))
    }
  }

  @Test("for another service, and dates that are too far away, are refused")
  func scopeAndDate() async throws {
    let world = try World()
    let now = world.time.now()
    #expect(try await codes(world, scope: "s3") == Self.mismatch)
    #expect(try await codes(world, at: now - .minutes(6)) == Self.mismatch)
    #expect(try await codes(world, at: now + .minutes(6)) == Self.mismatch)
    #expect(try await codes(world, at: now - .minutes(4)).status == 200)
    #expect(try await codes(world, at: now + .minutes(4)).status == 200)
  }

  @Test("report by how much a date was off, in AWS's words")
  func words() async throws {
    let world = try World()
    let old = try await world.send(
      world.signed(
        [("X-Amz-Target", ServiceProtocol.target(of: .describeOrganization))], "{}",
        keys: try world.keys(account), service: "organizations",
        at: world.time.now() - .hours(1)))
    #expect(
      old?.json["message"]?.string
        == Untrusted(
          "Signature expired: 20261122T133210Z is now earlier than 20261122T142710Z "
            + "(20261122T143210Z - 5 min.)"))
  }

  @Test(
    "are checked with the machine's clock however far the store was advanced, and with the store's")
  func advanced() async throws {
    let world = try World()
    try await world.store.advance(.days(16))
    let now = world.time.now()
    #expect(try await codes(world, at: now).status == 200)
    #expect(try await codes(world, at: now + .days(16)).status == 200)
    #expect(try await codes(world, at: now + .days(8)) == Self.mismatch)
  }

  @Test("and replies use a wrong clock when that is switched on")
  func skewed() async throws {
    var options = SandboxServer.Options()
    options.faults = [try FaultRule("skew,by=10m")]
    let world = try World(options)
    #expect(try await codes(world) == Self.mismatch)
    #expect(try await codes(world, at: world.time.now() + .minutes(10)).status == 200)
    let reply = try await world.call(.describeOrganization)
    #expect(reply?.fields["date"] == "Sun, 22 Nov 2026 14:42:10 GMT")
  }
}

@Suite("Replies")
struct ReplyTests {
  @Test("carry AWS's headers")
  func headers() async throws {
    let world = try World()
    let reply = try present(try await world.call(.describeOrganization))
    #expect(reply.fields["content-type"] == "application/x-amz-json-1.1")
    #expect(reply.fields["date"] == "Sun, 22 Nov 2026 14:32:10 GMT")
    #expect(reply.fields["x-amzn-requestid"]?.utf8.count == 36)
    #expect(reply.json["Organization"]?["Id"] == .text("o-a1b2c3d4e5"))
  }

  @Test("to unknown operations are AWS's")
  func unknown() async throws {
    let world = try World()
    let keys = try world.keys(account)
    let json = try await world.send(
      world.signed(
        [("X-Amz-Target", "AWSOrganizationsV20161128.ListRoots")], "{}", keys: keys,
        service: "organizations"))
    #expect(json?.status == 400)
    #expect(json?.code == "UnknownOperationException")
    let query = try await world.sts("Action=GetSessionToken&Version=2011-06-15")
    #expect(query?.status == 400)
    #expect(query?.code == "InvalidAction")
    let bare = try await world.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    #expect(bare?.status == 404)
    #expect(bare?.text == "<UnknownOperationException/>\n")
  }

  @Test(
    "are for loopback names only, and for no browser",
    arguments: [
      ("Host: 127.0.0.1\r\n", 404), ("Host: LOCALHOST:1234\r\n", 404), ("Host: [::1]:9\r\n", 404),
      ("Host: rebound.example\r\n", 421), ("Host: 127.0.0.1.evil.example:80\r\n", 421),
      ("Host: 127.0.0.1:80:evil\r\n", 421), ("Host: localhost\r\nOrigin: null\r\n", 403),
      ("Host: localhost\r\nOrigin: http://localhost\r\n", 403),
    ])
  func hosts(_ fields: String, _ status: Int) async throws {
    let world = try World(empty: true)
    let reply = try await world.send("GET /nothing HTTP/1.1\r\n\(fields)\r\n")
    #expect(reply?.status == status)
  }
}
