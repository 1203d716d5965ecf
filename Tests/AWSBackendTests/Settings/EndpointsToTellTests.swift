import TestSupport
import Testing

@testable import AWSBackend

@Suite("Endpoints that are not AWS's own are reported") struct EndpointsToTellTests {
  private func told(_ world: SettingsWorld) throws -> [String] {
    try world.settings().endpointsToTell.map { "\($0.service.rawValue) \($0.endpoint.host)" }
  }

  @Test("AWS's own are not, nor where everything is one sandbox")
  func quiet() throws {
    #expect(try told(SettingsWorld()) == [])
    let all = SettingsWorld(environment: ["AWS_ENDPOINT_URL": "http://127.0.0.1:4566"])
    #expect(try told(all) == [])
    // Credentials of the profile need no login: there are two services only.
    let two = [
      "AWS_ENDPOINT_URL_ORGANIZATIONS": "http://127.0.0.1:4566",
      "AWS_ENDPOINT_URL_STS": "http://127.0.0.1:4566",
    ]
    #expect(try told(SettingsWorld(environment: two)) == [])
  }

  @Test(
    "one service on this machine is, whichever it is and wherever it was set",
    arguments: [
      ("STS", "sts"), ("SSO", "sso"), ("SSO_OIDC", "sso_oidc"), ("SIGNIN", "signin"),
      ("ORGANIZATIONS", "organizations"),
    ])
  func single(_ row: (variable: String, service: String)) throws {
    let url = "http://127.0.0.1:9999"
    let expected = ["\(row.service) 127.0.0.1:9999"]
    let variable = ["AWS_ENDPOINT_URL_\(row.variable)": url]
    #expect(try told(SettingsWorld(environment: variable)) == expected)
    let section = """
      [default]
      services = here
      [services here]
      \(row.service) =
        endpoint_url = \(url)
      """
    #expect(try told(SettingsWorld(config: section)) == expected)
  }

  @Test("two servers on this machine are not one sandbox, nor is one beside AWS's login services")
  func mixed() throws {
    let ports = [
      "AWS_ENDPOINT_URL": "http://127.0.0.1:4566", "AWS_ENDPOINT_URL_STS": "http://127.0.0.1:4567",
    ]
    #expect(try told(SettingsWorld(environment: ports)).count == 5)
    let login = """
      [default]
      sso_start_url = https://corp.awsapps.com/start
      sso_region = us-east-1
      sso_account_id = 111122223333
      sso_role_name = Operator
      """
    let two = [
      "AWS_ENDPOINT_URL_ORGANIZATIONS": "http://127.0.0.1:4566",
      "AWS_ENDPOINT_URL_STS": "http://127.0.0.1:4566",
    ]
    #expect(
      try told(SettingsWorld(config: login, environment: two))
        == ["organizations 127.0.0.1:4566", "sts 127.0.0.1:4566"])
  }

  @Test("another machine's always are")
  func foreign() throws {
    let world = SettingsWorld(environment: ["AWS_ENDPOINT_URL": "https://evil.example"])
    #expect(try told(world).count == 5)
  }
}
