import Model
import Testing
import Text

@testable import AWSBackend

@Suite("The settings of a profile for IAM Identity Center")
struct SSOSettingsTests {
  private func read(_ config: String) throws -> SSOSettings? {
    let profiles = try SettingsWorld(config: config).profiles()
    let section = try #require(profiles.profile("p"))
    return try SSOSettings.read(section, profiles)
  }

  private static let session =
    "[sso-session corp]\nsso_region=eu-west-1\nsso_start_url=https://c/\n"

  @Test("both forms are read, each with the file name that the AWS CLI gives")
  func forms() throws {
    let new = try #require(
      try read("[profile p]\nsso_session=corp\nsso_account_id=1\nsso_role_name=r\n" + Self.session))
    #expect(new.session == "corp")
    #expect(new.region.plain == "eu-west-1")
    #expect(new.scopes.map(\.plain) == ["sso:account:access"])
    #expect(new.tokenFile(in: "/c") == "/c/ee0bfd2552fbd840c02cc48b6e823320543c450f.json")

    let legacy = try #require(
      try read(
        """
        [profile p]
        sso_start_url = https://corp.awsapps.com/start
        sso_region = eu-west-1
        sso_account_id = 111122223333
        sso_role_name = r
        """))
    #expect(legacy.session == nil)
    #expect(legacy.scopes.isEmpty)
    #expect(legacy.tokenFile(in: "/c") == "/c/a51746d4aa793ae07b25e90c3a5db96fc7832bd7.json")
  }

  @Test("the scopes of a session are requested as they are written")
  func scopes() throws {
    let settings = try read(
      "[profile p]\nsso_session=corp\n" + Self.session + "sso_registration_scopes = a:b, c:d\n")
    #expect(settings?.scopes.map(\.plain) == ["a:b", "c:d"])
  }

  @Test("a session for tokens only has neither account nor role")
  func tokensOnly() throws {
    let settings = try #require(try read("[profile p]\nsso_session=corp\n" + Self.session))
    #expect(settings.account == nil && settings.role == nil)
    #expect(try read("[profile p]\nregion=eu-west-1\n") == nil)
    #expect(
      try read("[profile p]\nsso_session=corp\ncredential_process=/bin/x\n" + Self.session) == nil)
  }

  @Test("a login without an account gives no credentials: the chain goes on")
  func noKeys() async throws {
    for keys in ["sso_session=corp\n", "sso_session=none\n", "sso_start_url=https://c/\n"] {
      for blank in ["", "sso_account_id =\nsso_role_name =\n"] {
        let world = SettingsWorld(config: "[default]\n" + keys + blank + Self.session)
        #expect(try ProfilePlan.read(try world.profiles(), "default") == nil)
        #expect(ConfiguredIdentity.isThere(in: world.world))
      }
    }
  }

  @Test(
    "incomplete and contradictory settings are faults that name the setting",
    arguments: [
      ("sso_session=corp\nsso_account_id=1\n", "sso_role_name"),
      ("sso_session=corp\nsso_role_name=r\n", "sso_account_id"),
      ("sso_session=other\nsso_account_id=1\nsso_role_name=r\n", "sso_session"),
      ("sso_session=corp\nsso_region=us-east-1\n", "sso_region"),
      ("sso_session=corp\nsso_start_url=https://d/\n", "sso_start_url"),
      ("sso_start_url=https://c/\nsso_account_id=1\nsso_role_name=r\n", "sso_region"),
      ("sso_region=eu-west-1\nsso_account_id=1\nsso_role_name=r\n", "sso_start_url"),
    ])
  func faults(profile: String, setting: String) async throws {
    let fault = await LoginWorld.fault { try read("[profile p]\n" + profile + Self.session) }
    #expect(fault?.problem == .misconfigured)
    #expect(fault?.source == .sso)
    #expect(fault?.profile?.plain == "p")
    #expect(fault?.detail.plain.contains(setting) == true)
  }

  @Test("the same setting in both places is valid if the values agree")
  func agreeing() throws {
    let settings = try read(
      "[profile p]\nsso_session=corp\nsso_region=eu-west-1\nsso_start_url=https://c/\n"
        + Self.session)
    #expect(settings?.session == "corp")
  }
}
