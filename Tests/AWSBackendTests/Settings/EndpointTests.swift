import Model
import TestSupport
import Testing
import Text

@testable import AWSBackend

@Suite struct EndpointTests {
  @Test("signs for the region that the address belongs to, or for the operator's")
  func signing() throws {
    let world = SettingsWorld(environment: ["AWS_REGION": "eu-west-1"])
    let settings = try world.settings()
    let organizations = try settings.endpoint(for: .organizations)
    #expect(organizations.url == "https://organizations.us-east-1.amazonaws.com")
    #expect(organizations.host == "organizations.us-east-1.amazonaws.com")
    #expect(organizations.signingRegion == "us-east-1")
    #expect(organizations.signingName == "organizations")
    #expect(!organizations.isCustom)
    let sts = try settings.endpoint(for: .sts)
    #expect(sts.host == "sts.eu-west-1.amazonaws.com")
    #expect(sts.signingRegion == "eu-west-1")
    let portal = try settings.endpoint(for: .sso, region: Untrusted("cn-north-1"))
    #expect(portal.host == "portal.sso.cn-north-1.amazonaws.com.cn")
    let custom = try world.settings(AWSOptions(endpointURL: "http://127.0.0.1:4566/"))
      .endpoint(for: .organizations)
    #expect(custom.url == "http://127.0.0.1:4566")
    #expect(custom.host == "127.0.0.1:4566")
    #expect(custom.signingRegion == "eu-west-1")
    #expect(custom.origin.text.plain == "--endpoint-url")
  }

  @Test(
    "one service is one endpoint, however its address is written",
    arguments: [
      ("https://organizations.us-east-1.amazonaws.com", nil),
      ("https://organizations.us-east-1.amazonaws.com.", nil),
      ("https://ORGANIZATIONS.us-east-1.AMAZONAWS.com.:443/", nil),
      ("https://organizations-fips.us-east-1.amazonaws.com", nil),
      ("https://organizations.us-east-1.api.aws.", nil),
      ("https://orgs.example", "https://orgs.example"),
      ("https://orgs.example.", "https://orgs.example"),
      ("https://orgs.example.:8443/api/", "https://orgs.example:8443/api"),
      (
        "https://organizations.cn-northwest-1.amazonaws.com.cn.",
        "https://organizations.cn-northwest-1.amazonaws.com.cn"
      ),
      ("http://127.0.0.1:4566", "http://127.0.0.1:4566"),
      ("http://localhost:4566", "http://127.0.0.1:4566"),
    ] as [(String, String?)])
  func places(_ url: String, _ place: String?) throws {
    let world = SettingsWorld(environment: ["AWS_REGION": "us-east-1"])
    let own = try world.settings().endpoint(for: .organizations).placeURL(of: .organizations)
    let custom = try world.settings(AWSOptions(endpointURL: url)).endpoint(for: .organizations)
    #expect(custom.placeURL(of: .organizations) == place ?? own)
  }

  @Test("a region from a file or a reply cannot become another host")
  func foreignRegion() throws {
    let settings = try SettingsWorld().settings()
    for region in ["evil.example/#", "", "a.b", "us-east-1\n", "@", "ü"] {
      #expect(throws: SettingsFault.self) {
        try settings.endpoint(for: .ssoOIDC, region: Untrusted(region))
      }
    }
  }

  @Test("a service has its own endpoint, the general one, or AWS's; none uses another's")
  func services() throws {
    let config = """
      [default]
      services = mine
      endpoint_url = https://profile.example
      [services mine]
      organizations =
        endpoint_url = https://orgs.example
      sso_oidc =
        endpoint_url = https://oidc.example
      """
    let file = try SettingsWorld(config: config).settings()
    #expect(try file.endpoint(for: .organizations).url == "https://orgs.example")
    #expect(
      try file.endpoint(for: .organizations).origin.text.plain == "~/.aws/config line 6")
    #expect(try file.endpoint(for: .ssoOIDC).url == "https://oidc.example")
    #expect(try file.endpoint(for: .sts).url == "https://profile.example")
    let mixed = try SettingsWorld(
      config: config,
      environment: [
        "AWS_ENDPOINT_URL_STS": "https://sts.env", "AWS_ENDPOINT_URL_SSO_OIDC": "https://oidc.env",
      ]
    ).settings()
    #expect(try mixed.endpoint(for: .sts).url == "https://sts.env")
    #expect(try mixed.endpoint(for: .ssoOIDC).url == "https://oidc.env")
    #expect(try mixed.endpoint(for: .sso).url == "https://profile.example")
    #expect(try mixed.endpoint(for: .organizations).url == "https://orgs.example")
  }

  @Test("a missing services section is a fault only if a profile names it")
  func missingServices() throws {
    let config = "[default]\nservices = nowhere"
    #expect {
      try SettingsWorld(config: config).settings().endpoint(for: .organizations)
    } throws: { error in
      let fault = error as? SettingsFault
      return fault?.setting.plain == "services" && fault?.origin.plain == "~/.aws/config line 2"
    }
    for variable in ["AWS_ENDPOINT_URL", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] {
      let value = variable == "AWS_ENDPOINT_URL" ? "https://e.example" : "true"
      let settings = try SettingsWorld(config: config, environment: [variable: value]).settings()
      #expect(throws: Never.self) { try settings.endpoint(for: .organizations) }
    }
  }

  @Test("a custom endpoint excludes FIPS and dual stack, and the setting is named")
  func contradictions() throws {
    for variable in ["AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT"] {
      let settings = try SettingsWorld(
        environment: [variable: "true", "AWS_ENDPOINT_URL": "https://e.example"]
      ).settings()
      #expect {
        try settings.endpoint(for: .organizations)
      } throws: { ($0 as? SettingsFault)?.setting.plain == variable }
    }
  }

  @Test("http is allowed for this machine only, and only plain URLs are accepted")
  func urls() throws {
    let good = [
      "http://localhost:8080", "http://LOCALHOST", "http://127.0.0.1", "http://127.9.9.9:1",
      "http://[::1]:443", "https://[2001:db8::1]:8443/base", "https://a_b.example:443/",
      "HTTPS://Example.com/a%20b",
    ]
    let bad = [
      "http://example.com", "http://localhost.example.com", "http://127.0.0.1.example.com",
      "http://128.0.0.1", "http://169.254.169.254", "ftp://localhost", "//localhost", "localhost",
      "https://", "https://user@example.com", "https://user:pw@example.com",
      "https://example.com?x", "https://example.com/#x", "https://example.com:0",
      "https://example.com:65536", "https://example.com:+1", "https://example.com:",
      "https://exa mple.com", "https://example.com/a b", "https://exämple.com", "https://.com",
      "https://a..b", "https://[::1", "https://::1", "https://[]", "https://example.com\n",
      "https://example.com\\@evil.com", "https://a%2eb",
    ]
    for url in good {
      let settings = try SettingsWorld(environment: ["AWS_ENDPOINT_URL": url]).settings()
      #expect(throws: Never.self, "\(url)") { try settings.endpoint(for: .sts) }
    }
    for url in bad {
      let settings = try SettingsWorld(environment: ["AWS_ENDPOINT_URL": url]).settings()
      #expect(throws: SettingsFault.self, "\(url)") { try settings.endpoint(for: .sts) }
    }
  }

  @Test("writes a URL and its host in one way only")
  func oneWay() throws {
    let cases = [
      ("HTTPS://Example.com:443/", "https://example.com", "example.com", ""),
      ("http://LocalHost:80/a/", "http://localhost/a", "localhost", "/a"),
      ("https://[2001:DB8::1]:8443/b", "https://[2001:db8::1]:8443/b", "[2001:db8::1]:8443", "/b"),
      ("http://127.0.0.1:443", "http://127.0.0.1:443", "127.0.0.1:443", ""),
    ]
    for (text, url, host, path) in cases {
      let settings = try SettingsWorld(environment: ["AWS_ENDPOINT_URL": text]).settings()
      let endpoint = try settings.endpoint(for: .organizations)
      #expect(endpoint.url == url)
      #expect(endpoint.host == host)
      #expect(endpoint.path == path)
    }
  }

  @Test("warns about a region of no known partition")
  func unknownRegion() throws {
    for (region, isKnown) in [
      ("mars-north-1", false), ("us-east-1", true), ("us-east-99", true), ("fake", false),
      ("us-gov-east-1", true), ("aws-cn-global", true), ("eusc-de-west-2", true),
    ] {
      let settings = try SettingsWorld(environment: ["AWS_REGION": region]).settings()
      #expect(settings.warnings.isEmpty == isKnown, "\(region)")
    }
  }
}
