import Model
import Signing
import TestSupport
import Testing
import Text

@testable import AWSBackend

@Suite struct RowsTests {
  private static let full = SettingsWorld(
    config: """
      [profile a]
      region = eu-west-1
      credential_process = /bin/give --password hush1
      aws_secret_access_key = hush2
      external_id = hush3
      """,
    credentials: "[a]\naws_access_key_id = AKIDEXAMPLE\naws_session_token = hush4",
    environment: [
      "AWS_PROFILE": "a", "AWS_SECRET_ACCESS_KEY": "hush5", "AWS_SESSION_TOKEN": "hush6",
      "https_proxy": "http://user:hush7@proxy.example:3128", "ALL_PROXY": "hush8@hush9@p:1",
      "HTTP_PROXY": "http://http.example/", "no_proxy": "localhost,.internal",
      "AWS_CONTAINER_AUTHORIZATION_TOKEN": "hush0", "AWS_MAX_ATTEMPTS": "5",
      "AWS_ENDPOINT_URL_STS": "https://sts.example", "AWS_SDK_UA_APP_ID": "my app",
    ])

  @Test("shows every setting with its origin")
  func rows() throws {
    let rows = try Self.full.settings().rows
    let shown = rows.map { "\($0.name)=\($0.value.plain) (\($0.origin.plain))" }
    for expected in [
      "profile=a (AWS_PROFILE)", "region=eu-west-1 (~/.aws/config line 2)",
      "credential_process=set (~/.aws/config line 3)",
      "aws_access_key_id=set (~/.aws/credentials line 2)",
      "aws_secret_access_key=set (~/.aws/config line 4)", "external_id=set (~/.aws/config line 5)",
      "AWS_SECRET_ACCESS_KEY=set (AWS_SECRET_ACCESS_KEY)",
      "partition=aws (~/.aws/config line 2)", "config file=~/.aws/config (built in)",
      "endpoint of organizations=https://organizations.us-east-1.amazonaws.com (built in)",
      "endpoint of sts=https://sts.example (AWS_ENDPOINT_URL_STS)",
      "https proxy=http://***@proxy.example:3128 (https_proxy)",
      "proxy=***@p:1 (ALL_PROXY)",
      "no proxy for=localhost,.internal (no_proxy)", "attempts=5 (AWS_MAX_ATTEMPTS)",
      "instance metadata=http://169.254.169.254 (built in)",
      "application id=my-app (AWS_SDK_UA_APP_ID)",
      "certificates=the system's (built in)", "connection limit=3100 ms (built in)",
    ] {
      #expect(shown.contains(expected), "\(expected)")
    }
  }

  @Test("holds no secret in rows, descriptions or reflections")
  func secrets() throws {
    let settings = try Self.full.settings()
    var dumped = ""
    dump(settings.lookup, to: &dumped)
    dump(settings.proxies, to: &dumped)
    dump(settings.rows, to: &dumped)
    dumped += "\(settings.proxies) \(settings.lookup) \(settings.rows)"
    #expect(!dumped.contains("hush"))
    #expect(!settings.rows.contains { "\($0.value.plain) \($0.origin.plain)".contains("hush") })
    #expect(settings.proxies.https?.value.url.revealedText.contains("hush7") == true)
  }

  @Test("shows an invalid setting in its row instead of failing")
  func wrong() throws {
    let rows = try SettingsWorld(environment: [
      "AWS_ENDPOINT_URL": "nonsense", "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE": "IPv5",
    ]).settings().rows
    let endpoint = try #require(rows.first { $0.name == "endpoint of organizations" })
    #expect(endpoint.value.plain.contains("not the URL"))
    let metadata = try #require(rows.first { $0.name == "instance metadata" })
    #expect(metadata.value.plain.contains("IPv5"))
  }

  @Test("takes a lower-case proxy variable before an upper-case one, and the scheme's before all")
  func proxies() throws {
    let proxies = try SettingsWorld(environment: [
      "https_proxy": "http://low:1", "HTTPS_PROXY": "http://up:2", "all_proxy": "http://all:3",
    ]).settings().proxies
    #expect(proxies.chosen?.value.shown == Untrusted("http://low:1"))
    #expect(try SettingsWorld().settings().proxies.chosen == nil)
  }

  @Test("a thousand profiles are read with one read of the files")
  func many() throws {
    let config = (0..<1_000).map {
      "[profile p\($0)]\nregion = eu-west-1\nrole_arn = arn:\($0)\nsource_profile = default\n"
    }.joined()
    let world = SettingsWorld(config: config)
    let profiles = try world.profiles()
    #expect(profiles.names.count == 1_000)
    let settings = try profiles.names.map {
      try AWSSettings(
        profiles, environment: [:], home: SettingsWorld.home, AWSOptions(profile: $0))
    }
    #expect(Set(settings.compactMap { $0.section?.text("role_arn")?.value }).count == 1_000)
    #expect(profiles.namesWithCredentials.count == 1_000)
  }
}

@Suite struct ConfiguredIdentityTests {
  @Test("finds an identity in the environment and in the files, and none in an empty home")
  func environment() {
    #expect(!ConfiguredIdentity.isThere(in: SettingsWorld().world))
    #expect(
      !ConfiguredIdentity.isThere(
        in: SettingsWorld(
          config: "[default]\nregion = eu-west-1",
          environment: ["AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": " "]
        ).world))
    for variable in [
      "AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_WEB_IDENTITY_TOKEN_FILE",
      "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    ] {
      #expect(
        ConfiguredIdentity.isThere(in: SettingsWorld(environment: [variable: "x"]).world),
        "\(variable)")
    }
    #expect(ConfiguredIdentity.isThere(in: SettingsWorld().world, profile: "x"))
    // A broken file is reported, not skipped.
    #expect(ConfiguredIdentity.isThere(in: SettingsWorld(config: "broken").world))
  }

  @Test(
    "recognizes profiles that name a source of credentials",
    arguments: [
      ("aws_access_key_id = a\naws_secret_access_key = b", true),
      ("aws_access_key_id = a", false), ("region = eu-west-1", false), ("", false),
      ("role_arn = r", false), ("role_arn = r\nsource_profile = x", true),
      ("role_arn = r\ncredential_source = Environment", true),
      ("role_arn = r\nweb_identity_token_file = /t", true),
      ("sso_account_id = 1\nsso_role_name = r\nsso_session = s", true),
      ("login_session = arn", true),
      ("credential_process = /bin/x", true), ("credential_process =", false),
    ])
  func profiles(text: String, isUsable: Bool) throws {
    let world = SettingsWorld(config: "[profile a]\n" + text + "\n[profile other]\nregion = r")
    #expect(try world.profiles().namesWithCredentials == (isUsable ? ["a"] : []))
    #expect(ConfiguredIdentity.isThere(in: world.world) == isUsable)
  }

  @Test("an incomplete login is reported, and does not select the embedded organization")
  func halfLogin() throws {
    let world = SettingsWorld(config: "[profile a]\nsso_account_id = 1\nsso_session = s")
    #expect(try world.profiles().namesWithCredentials.isEmpty)
    #expect(ConfiguredIdentity.isThere(in: world.world))
  }
}

@Suite struct UserAgentTests {
  @Test("names program, system and features in AWS's format, and nothing of the operator's")
  func text() throws {
    let agent = UserAgent(
      version: "0.1.0", appID: "billing team/7\r\n",
      features: [.credentialsProfile, .retryModeStandard])
    let parts = agent.text.split(separator: " ")
    #expect(parts[0] == "handshake/0.1.0")
    #expect(parts[1] == "ua/2.1")
    #expect(parts[2].hasPrefix("os/"))
    #expect(parts.contains("lang/swift#6.3"))
    #expect(parts.contains("m/E,n"))
    #expect(parts.last == "app/billing-team-7--")
    #expect(agent.text.utf8.allSatisfy { (0x20...0x7E).contains($0) })
    #expect(!UserAgent(version: "1").text.contains("m/"))
    let long = UserAgent(version: "1", appID: String(repeating: "x", count: 80))
    #expect(long.text.hasSuffix(" app/" + String(repeating: "x", count: 50)))
  }
}
