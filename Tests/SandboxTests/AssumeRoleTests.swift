import LocalBackend
import Model
import Signing
import TestSupport
import Testing
import Text

@testable import Sandbox

private func form(_ role: String, _ more: String = "") -> String {
  "Action=AssumeRole&Version=2011-06-15&RoleSessionName=judge"
    + "&RoleArn=arn%3Aaws%3Aiam%3A%3A222233334444%3Arole%2F\(role)\(more)"
}

extension RawClient.Reply {
  /// The credentials that AssumeRole returned.
  fileprivate func keys() throws -> AccessKeys {
    AccessKeys(
      id: try present(element("AccessKeyId")),
      secret: Secret(try present(element("SecretAccessKey"))),
      sessionToken: Secret(try present(element("SessionToken"))))
  }
}

@Suite("STS")
struct AssumeRoleTests {
  private static let identity = "Action=GetCallerIdentity&Version=2011-06-15"

  @Test("returns the caller's identity")
  func identity() async throws {
    let reply = try await World().sts(Self.identity)
    #expect(reply?.status == 200)
    #expect(reply?.fields["content-type"] == "text/xml")
    #expect(reply?.element("Account") == "111122223333")
    #expect(
      reply?.element("Arn") == "arn:aws:sts::111122223333:assumed-role/Operator/sandbox")
  }

  @Test("returns credentials of another account, which act as it until they expire by the clock")
  func assume() async throws {
    let world = try World()
    let reply = try present(try await world.sts(form("path/Operator", "&DurationSeconds=900")))
    #expect(reply.status == 200)
    #expect(reply.element("Expiration") == "2026-11-22T14:47:10Z")
    let keys = try reply.keys()
    #expect(keys.id.hasPrefix("ASIA"))
    let who = try await world.sts(Self.identity, keys: keys)
    #expect(who?.element("Arn") == "arn:aws:sts::222233334444:assumed-role/Operator/judge")
    let listed = try await world.call(.listHandshakesForAccount, keys: keys)
    #expect(listed?.status == 200)
    let own = try await world.call(.listHandshakesForAccount, as: "222233334444")
    #expect(listed?.body == own?.body)

    world.time.pass(.minutes(15))
    let late = try await world.call(.listHandshakesForAccount, keys: keys)
    #expect(late?.status == 400)
    #expect(late?.code == "ExpiredTokenException")
    let lateIdentity = try await world.sts(Self.identity, keys: keys)
    #expect(lateIdentity?.status == 403)
    #expect(lateIdentity?.code == "ExpiredToken")
  }

  @Test("expires credentials by the store's clock when that is advanced")
  func advanced() async throws {
    let world = try World()
    let keys = try present(try await world.sts(form("Operator"))).keys()
    #expect(try await world.call(.describeOrganization, keys: keys)?.status != 403)
    try await world.store.advance(.hours(2))
    #expect(
      try await world.call(.describeOrganization, keys: keys)?.code == "ExpiredTokenException")
  }

  @Test("returns credentials that survive a restart, and that no other store accepts")
  func restart() async throws {
    let world = try World()
    let keys = try present(try await world.sts(form("Operator"))).keys()
    try await world.end()
    let again = try World(in: world.directory, time: world.time)
    #expect(try await again.sts(Self.identity, keys: keys)?.status == 200)
    let other = try World(empty: true)
    #expect(try await other.sts(Self.identity, keys: keys)?.status == 403)
  }

  @Test("refuses temporary credentials without their token, with another's, or with a changed one")
  func tokens() async throws {
    let world = try World()
    let keys = try present(try await world.sts(form("Operator"))).keys()
    let others = try present(try await world.sts(form("Operator"))).keys()
    var changed = try present(keys.sessionToken).revealed
    changed[10] = changed[10] == 0x41 ? 0x42 : 0x41
    let tokens: [Secret?] = [nil, others.sessionToken, Secret(changed), Secret("AAAA")]
    for token in tokens {
      var spoilt = keys
      spoilt.sessionToken = token
      #expect(
        try await world.call(.describeOrganization, keys: spoilt)?.code
          == "UnrecognizedClientException")
      #expect(try await world.sts(Self.identity, keys: spoilt)?.code == "InvalidClientTokenId")
    }
    var own = try world.keys("111122223333")
    own.sessionToken = keys.sessionToken
    #expect(try await world.sts(Self.identity, keys: own)?.code == "InvalidClientTokenId")
  }

  private static let mfa = "&SerialNumber=arn%3Aaws%3Aiam%3A%3A111122223333%3Amfa%2Fme"
  private static let conditions: [(String, String, String?)] = [
    ("OperatorWithMFA", "", "AccessDenied"),
    ("OperatorWithMFA", mfa, "AccessDenied"),
    ("OperatorWithMFA", "\(mfa)&TokenCode=000000", "AccessDenied"),
    ("OperatorWithMFA", "\(mfa)&TokenCode=12345", "ValidationError"),
    ("OperatorWithMFA", "\(mfa)&TokenCode=12345a", "ValidationError"),
    ("OperatorWithMFA", "\(mfa)&TokenCode=123456", nil),
    ("Operator", "\(mfa)&TokenCode=000000", "AccessDenied"),
    ("OperatorWithExternalId", "", "AccessDenied"),
    ("OperatorWithExternalId", "&ExternalId=wrong", "AccessDenied"),
    ("OperatorWithExternalId", "&ExternalId=sandbox-external-id", nil),
    ("NobodyMayAssume", "", "AccessDenied"),
    ("Operator", "&DurationSeconds=899", "ValidationError"),
    ("Operator", "&DurationSeconds=43201", "ValidationError"),
    ("Operator", "&DurationSeconds=43200", nil),
    ("Operator", "&DurationSeconds=x", "MalformedInput"),
    ("Operator", "&RoleArn=nonsense", "ValidationError"),
    ("Operator", "&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2FOperator", "AccessDenied"),
    ("Operator", "&RoleSessionName=a", "ValidationError"),
    ("Operator", "&RoleSessionName=a+b", "ValidationError"),
  ]

  @Test("enforces a role's trust policy and a request's format")
  func trust() async throws {
    let world = try World()
    for (role, more, code) in Self.conditions {
      let reply = try present(try await world.sts(form(role, more)))
      #expect(reply.code == code, "\(role) \(more)")
      #expect(reply.status == (code == nil ? 200 : code == "AccessDenied" ? 403 : 400))
    }
  }

  @Test("limits role chaining to an hour")
  func chaining() async throws {
    let world = try World()
    let keys = try present(try await world.sts(form("Operator"))).keys()
    let hour = try await world.sts(form("Operator", "&DurationSeconds=3600"), keys: keys)
    #expect(hour?.status == 200)
    let more = try await world.sts(form("Operator", "&DurationSeconds=3601"), keys: keys)
    #expect(more?.code == "ValidationError")
  }

  @Test("never repeats a code, and escapes what it repeats")
  func repeats() async throws {
    let world = try World()
    let reply = try await world.sts(form("OperatorWithMFA", "\(Self.mfa)&TokenCode=98765x"))
    #expect(reply?.text.contains("98765") == false)
    let hostile = try await world.sts("Action=%3C%2FMessage%3E%1B%5B&Version=2011-06-15")
    #expect(hostile?.text.contains("&lt;/Message&gt;\u{FFFD}[") == true)
  }
}
