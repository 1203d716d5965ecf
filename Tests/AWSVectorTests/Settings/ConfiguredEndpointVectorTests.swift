import Model
import TestSupport
import Testing
import Text
import Wire

@testable import AWSBackend

@Suite struct ConfiguredEndpointVectorTests {
  @Test("takes a configured endpoint from where botocore takes it, in its 39 cases")
  func cases() throws {
    let path = "endpoints/configured_endpoint_urls/profile-tests.json"
    let file = try VectorFile.read(path)
    var count = CaseCount()
    for suite in try #require(file["testSuites"]?.array) {
      let text = try configText(suite)
      for test in try #require(suite["endpointUrlTests"]?.array) {
        count.run(test.ascii("name") ?? "") {
          try url(test, in: suite, text) == test["output"]?.ascii("endpointUrl")
        }
      }
    }
    #expect(count.cases == 39)
    try count.record(path)
  }

  private func url(_ test: JSONValue, in suite: JSONValue, _ text: String) throws -> String? {
    let service = try #require(test.ascii("service"))
    let client = suite["client_configs"]?[try #require(test.ascii("client_config"))]
    let settings = try AWSSettings(
      try ProfileSet.read(config: Array(text.utf8), credentials: nil, home: "/home/user"),
      environment: suite["environments"]?[try #require(test.ascii("environment"))]?.texts ?? [:],
      home: "/home/user",
      AWSOptions(
        profile: test.ascii("profile"), endpointURL: client?.ascii("endpoint_url"),
        ignoresConfiguredEndpoints: client?["ignore_configured_endpoint_urls"]?.bool ?? false))
    if let said = try settings.customEndpoint(service) {
      return try #require(EndpointURL(said.value)).url
    }
    let region = settings.region.value
    let host = try EndpointRules(region: region).generic(
      service, region, Partition.of(region: region))
    return "https://" + host
  }

  /// The suite's profiles and services as a config file.
  private func configText(_ suite: JSONValue) throws -> String {
    var text = ""
    for profile in try #require(suite["profiles"]?.object) {
      text += "[profile \(profile.name.asciiText ?? "")]\n"
      for (key, value) in profile.value.texts { text += "\(key) = \(value)\n" }
    }
    for section in try #require(suite["services"]?.object) {
      text += "[services \(section.name.asciiText ?? "")]\n"
      for service in section.value.object ?? [] {
        text += "\(service.name.asciiText ?? "") =\n"
        for (key, value) in service.value.texts { text += "  \(key) = \(value)\n" }
      }
    }
    return text
  }
}
