import Model
import TestSupport
import Testing
import Text

@testable import AWSBackend

@Suite struct PrecedenceTests {
  @Test("takes the region from option, environment, profile, or us-east-1, in this order")
  func region() throws {
    let config = "[default]\nregion = eu-west-1\n[profile b]\nregion = eu-west-2"
    let cases: [(AWSOptions, [String: String], String, String)] = [
      (AWSOptions(region: "EU-North-1"), ["AWS_REGION": "x-1"], "eu-north-1", "--region"),
      (
        AWSOptions(), ["AWS_REGION": "ap-south-1", "AWS_DEFAULT_REGION": "ap-east-1"],
        "ap-south-1", "AWS_REGION"
      ),
      (AWSOptions(), ["AWS_DEFAULT_REGION": "ap-east-1"], "ap-east-1", "AWS_DEFAULT_REGION"),
      (AWSOptions(), ["AWS_REGION": " "], "eu-west-1", "~/.aws/config line 2"),
      (AWSOptions(profile: "b"), [:], "eu-west-2", "~/.aws/config line 4"),
    ]
    for (options, environment, region, origin) in cases {
      let settings = try SettingsWorld(config: config, environment: environment).settings(options)
      #expect(settings.region.value == region)
      #expect(settings.region.origin.text.plain == origin)
    }
    let none = try SettingsWorld().settings()
    #expect(none.region == Located("us-east-1", .builtIn))
    #expect(none.region.origin.text.plain == "built in")
  }

  @Test("takes the profile from option, AWS_PROFILE, AWS_DEFAULT_PROFILE, or default")
  func profile() throws {
    let config = "[profile a]\n[profile b]\n[profile c]"
    let all = ["AWS_PROFILE": "b", "AWS_DEFAULT_PROFILE": "c"]
    let cases: [(AWSOptions, [String: String], String, String)] = [
      (AWSOptions(profile: "a"), all, "a", "--profile"),
      (AWSOptions(), all, "b", "AWS_PROFILE"),
      (AWSOptions(), ["AWS_DEFAULT_PROFILE": "c"], "c", "AWS_DEFAULT_PROFILE"),
      (AWSOptions(), [:], "default", "built in"),
    ]
    for (options, environment, name, origin) in cases {
      let settings = try SettingsWorld(config: config, environment: environment).settings(options)
      #expect(settings.profile.value == name)
      #expect(settings.profile.origin.text.plain == origin)
      #expect(settings.profile.origin.isOption == (options.profile != nil))
      #expect((settings.section == nil) == (name == "default"))
    }
    let warnings = try SettingsWorld(config: config, environment: all).settings().warnings
    #expect(warnings.map(\.setting.plain) == ["AWS_DEFAULT_PROFILE"])
  }

  @Test("refuses an unknown profile, wherever it was named")
  func missingProfile() throws {
    let cases: [(AWSOptions, [String: String], String)] = [
      (AWSOptions(profile: "nobody"), [:], "--profile"),
      (AWSOptions(), ["AWS_PROFILE": "nobody"], "AWS_PROFILE"),
      (AWSOptions(), ["AWS_DEFAULT_PROFILE": "nobody"], "AWS_DEFAULT_PROFILE"),
    ]
    for (options, environment, setting) in cases {
      let fault = try #require(SettingsWorld(environment: environment).fault(options))
      #expect(fault.setting.plain == setting)
      #expect(fault.detail.plain.contains("nobody"))
    }
    #expect(SettingsWorld().fault(AWSOptions(profile: "default")) == nil)
  }

  @Test("the environment comes before the profile, the credentials file before the config file")
  func order() throws {
    let config = """
      [default]
      max_attempts = 4
      retry_mode = adaptive
      use_fips_endpoint = true
      use_dualstack_endpoint = TRUE
      ca_bundle = ~/config.pem
      sdk_ua_app_id = from config
      defaults_mode = mobile
      sts_regional_endpoints = legacy
      """
    let profileOnly = try SettingsWorld(
      config: config, credentials: "[default]\nmax_attempts = 5\nsdk_ua_app_id = other"
    ).settings()
    #expect(profileOnly.maxAttempts.value == 5)
    #expect(profileOnly.maxAttempts.origin.isCredentialsFile)
    #expect(profileOnly.retryMode.value == .adaptive)
    #expect(profileOnly.usesFIPS.value)
    #expect(profileOnly.usesDualStack.value)
    #expect(profileOnly.usesGlobalSTS.value)
    #expect(profileOnly.caBundle?.value == "/home/operator/config.pem")
    #expect(profileOnly.appID?.value == "other")
    #expect(profileOnly.connectTimeout == .seconds(30))
    let both = try SettingsWorld(
      config: config,
      environment: [
        "AWS_MAX_ATTEMPTS": "7", "AWS_RETRY_MODE": "Legacy", "AWS_USE_FIPS_ENDPOINT": "no",
        "AWS_USE_DUALSTACK_ENDPOINT": "false", "AWS_CA_BUNDLE": "/e.pem",
        "AWS_SDK_UA_APP_ID": "e", "AWS_DEFAULTS_MODE": "in-region",
        "AWS_STS_REGIONAL_ENDPOINTS": "regional", "REQUESTS_CA_BUNDLE": "/never.pem",
      ]
    ).settings()
    #expect(both.maxAttempts == Located(7, .variable("AWS_MAX_ATTEMPTS")))
    #expect(both.retryMode.value == .standard)
    #expect(!both.usesFIPS.value && !both.usesDualStack.value && !both.usesGlobalSTS.value)
    #expect(both.caBundle?.value == "/e.pem")
    #expect(both.appID?.value == "e")
    #expect(both.connectTimeout == Span(milliseconds: 1_100))
    let requests = try SettingsWorld(environment: ["REQUESTS_CA_BUNDLE": "~/r.pem"]).settings()
    #expect(requests.caBundle?.value == "/home/operator/r.pem")
    #expect(try SettingsWorld().settings().maxAttempts == Located(3, .builtIn))
  }

  @Test("refuses an invalid value, and names setting and origin")
  func garbage() throws {
    let variables = [
      "AWS_MAX_ATTEMPTS": ["0", "-1", "three", "1.5", "99999999999999999999", "٣"],
      "AWS_RETRY_MODE": ["always"], "AWS_DEFAULTS_MODE": ["fast"],
      "AWS_STS_REGIONAL_ENDPOINTS": ["global"],
      "AWS_REGION": ["eu west 1", "evil.example/#", "-eu", "eu-", "é", "a\nb"],
    ]
    for (name, values) in variables {
      for value in values {
        let fault = try #require(
          SettingsWorld(environment: [name: value]).fault(), "\(name) = \(value)")
        #expect(fault.setting.plain == name)
        #expect(fault.origin.plain == "environment")
      }
    }
    let inFile = try #require(SettingsWorld(config: "[default]\nmax_attempts = x").fault())
    #expect(inFile.setting.plain == "max_attempts")
    #expect(inFile.origin.plain == "~/.aws/config line 2")
  }

  @Test("looks for the files and the caches where the environment says")
  func places() throws {
    let plain = try SettingsWorld().settings()
    #expect(plain.loginCache.value == "/home/operator/.aws/login/cache")
    #expect(plain.ssoCache == "/home/operator/.aws/sso/cache")
    let moved = try SettingsWorld(environment: [
      "AWS_CONFIG_FILE": "~/elsewhere", "AWS_SHARED_CREDENTIALS_FILE": "/c",
      "AWS_LOGIN_CACHE_DIRECTORY": "~/logins",
    ]).settings()
    #expect(moved.profiles.configFile.path == "/home/operator/elsewhere")
    #expect(moved.profiles.configFile.shownPath.plain == "~/elsewhere")
    #expect(moved.profiles.credentialsFile.shownPath.plain == "/c")
    #expect(moved.loginCache.value == "/home/operator/logins")
  }

  @Test("an unreadable file is a fault, a missing one has no profiles")
  func unreadable() throws {
    var world = SettingsWorld(config: "[default]\nregion = eu-west-1").world
    #expect(try AWSSettings.load(world: world).region.value == "eu-west-1")
    world.files = FilesOfTexts([:])
    #expect(try AWSSettings.load(world: world).profiles.names.isEmpty)
    var files = FilesOfTexts([:])
    files.unreadable = [SettingsWorld.home + "/.aws/credentials"]
    world.files = files
    #expect {
      try AWSSettings.load(world: world)
    } throws: { error in
      let fault = error as? SettingsFault
      return fault?.origin.plain == "~/.aws/credentials"
        && fault?.detail.plain == "permission denied"
    }
  }

  @Test("the metadata service's numbers are checked, and only when they are used")
  func metadata() throws {
    let plain = try SettingsWorld().settings().instanceMetadata()
    #expect(plain.timeout.value == .seconds(1))
    #expect(plain.attempts.value == 1)
    #expect(!plain.isDisabled.value)
    let set = try SettingsWorld(
      config: "[default]\nmetadata_service_timeout = 9\nmetadata_service_num_attempts = 2",
      environment: ["AWS_METADATA_SERVICE_TIMEOUT": "4", "AWS_EC2_METADATA_DISABLED": "True"]
    ).settings().instanceMetadata()
    #expect(set.timeout == Located(.seconds(4), .variable("AWS_METADATA_SERVICE_TIMEOUT")))
    #expect(set.attempts.value == 2)
    #expect(set.isDisabled.value)
    let bad = try SettingsWorld(environment: ["AWS_METADATA_SERVICE_NUM_ATTEMPTS": "0"]).settings()
    #expect(throws: SettingsFault.self) { try bad.instanceMetadata() }
  }
}
