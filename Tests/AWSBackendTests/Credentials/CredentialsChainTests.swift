import Model
import Signing
import TestSupport
import Testing
import Text

@testable import AWSBackend

@Suite struct CredentialsChainTests {
  private static let environment = [
    "AWS_ACCESS_KEY_ID": "AKIAENV", "AWS_SECRET_ACCESS_KEY": "env-secret",
    "AWS_SESSION_TOKEN": "env-token", "AWS_EC2_METADATA_DISABLED": "true",
  ]
  private static let file = """
    [default]
    aws_access_key_id = AKIADEFAULT
    aws_secret_access_key = default-secret
    [other]
    aws_access_key_id = AKIAOTHER
    aws_secret_access_key = other-secret

    """

  @Test("takes the environment's credentials first, unless a profile was named to the program")
  func environmentFirst() async throws {
    let world = RolesWorld(config: "", credentials: Self.file, environment: Self.environment)
    let found = try await world.credentials()
    #expect(found.keys.id == "AKIAENV")
    #expect(found.keys.sessionToken == Secret("env-token"))
    #expect(found.source == .environment)
    #expect(try await world.credentials("other").keys.id == "AKIAOTHER")
  }

  @Test(
    "takes the environment's credentials before a profile of the environment, as the AWS CLI does")
  func environmentOverItsProfile() async throws {
    var environment = Self.environment
    environment["AWS_PROFILE"] = "other"
    let world = RolesWorld(config: "", credentials: Self.file, environment: environment)
    #expect(try await world.credentials().keys.id == "AKIAENV")
  }

  @Test("refuses half of a key pair", arguments: ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"])
  func half(absent: String) async throws {
    var environment = Self.environment
    environment[absent] = " "
    let world = RolesWorld(config: "", credentials: Self.file, environment: environment)
    let fault = try await world.fault()
    #expect(fault?.source == .environment)
    #expect(fault?.problem == .misconfigured)
    #expect(fault?.detail == Untrusted("\(absent) is not set"))
  }

  @Test("refuses credentials that would break a header")
  func lineBreaks() async throws {
    var environment = Self.environment
    environment["AWS_SESSION_TOKEN"] = "a\r\nX-Evil: 1"
    let world = RolesWorld(config: "", environment: environment)
    #expect(try await world.fault()?.problem == .misconfigured)
  }

  @Test("returns the expiry of the environment's credentials")
  func expiration() async throws {
    var environment = Self.environment
    environment["AWS_CREDENTIAL_EXPIRATION"] = "2026-11-22T15:00:00+00:00"
    let world = RolesWorld(config: "", environment: environment)
    #expect(
      try await world.credentials().expires == Timestamp(iso8601: "2026-11-22T15:00:00Z".utf8))
    world.time.pass(.hours(1))
    #expect(try await world.fault()?.problem == .expired)
  }

  @Test("reports an error when nothing is configured")
  func nothing() async throws {
    let world = RolesWorld(config: "", environment: ["AWS_EC2_METADATA_DISABLED": "true"])
    let fault = try await world.fault()
    #expect(fault?.source == .chain)
    #expect(fault?.problem == .missing)
    #expect(world.requests.isEmpty)
  }

  @Test("tries no further source when a configured one fails")
  func noFallThrough() async throws {
    let world = RolesWorld(
      config: """
        [default]
        sso_start_url = https://d.awsapps.com/start
        sso_region = eu-west-1
        sso_account_id = 111122223333
        sso_role_name = Reader
        """,
      environment: ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/x"])
    #expect(try await world.fault()?.source == .sso)
    #expect(world.requests.isEmpty)
  }

  @Test(
    "takes the credentials file before a login and a process, the config file after them")
  func filesOrder() async throws {
    let others = "login_session = arn\ncredential_process = /bin/false\n"
    let keys = "aws_access_key_id = AKIA\naws_secret_access_key = s\n"
    let before = try ProfileSet.read(
      config: Array("[default]\n\(others)".utf8), credentials: Array("[default]\n\(keys)".utf8),
      home: RolesWorld.home)
    guard case .keys = try ProfilePlan.read(before, "default")?.base else {
      Issue.record("the credentials file's keys come first")
      return
    }
    let after = try ProfileSet.read(
      config: Array("[default]\n\(others)\(keys)".utf8), credentials: nil, home: RolesWorld.home)
    guard case .login = try ProfilePlan.read(after, "default")?.base else {
      Issue.record("the login comes before the config's keys")
      return
    }
  }

  @Test("refuses sessions that contradict the profile")
  func contradiction() throws {
    let text = """
      [sso-session s]
      sso_start_url = https://d.awsapps.com/start
      sso_region = eu-west-1
      [profile p]
      sso_session = s
      sso_region = REGION
      sso_account_id = 111122223333
      sso_role_name = Reader
      """
    for (region, isFault) in [("eu-west-1", false), ("eu-west-2", true)] {
      let profiles = try ProfileSet.read(
        config: Array(text.replacing("REGION", with: region).utf8), credentials: nil,
        home: RolesWorld.home)
      #expect((try? ProfilePlan.read(profiles, "p")) == nil ? isFault : !isFault)
    }
  }

  @Test("contains no secret in any description, reflection or fault")
  func secrets() async throws {
    let world = RolesWorld(
      config: """
        [profile role]
        role_arn = arn:aws:iam::111122223333:role/Reader
        source_profile = other
        mfa_serial = device
        """, credentials: Self.file, environment: Self.environment)
    world.giveCodes(["987654", "987654"])
    var shown = ""
    dump(try await world.credentials(), to: &shown)
    let found = try await world.credentials("role")
    dump(found, to: &shown)
    shown += String(reflecting: found) + "\(found)"
    dump(try ProfilePlan.read(try ProfileSet.load(world.world), "other"), to: &shown)
    dump(try world.chain().source(), to: &shown)
    dump(world.requests.map(\.http), to: &shown)
    dump(world.world, to: &shown)
    shown += "\(world.world)"
    world.answer(403, RolesWorld.error("AccessDenied", "no"))
    dump(try await world.fault("role"), to: &shown)
    for secret in [
      "env-secret", "env-token", "other-secret", "minted-secret", "minted-token", "987654",
    ] {
      #expect(!shown.contains(secret), "\(secret)")
    }
  }
}
