import Model
import TestSupport
import Testing
import Text
import Wire

@testable import AWSBackend

@Suite struct IMDSVectorTests {
  @Test("finds the metadata service where the SDK for Kotlin does, in its 14 cases")
  func cases() throws {
    let path = "imds/kotlin-imds-test-suite.json"
    let file = try VectorFile.read(path)
    var count = CaseCount()
    for test in try #require(file["tests"]?.array) {
      count.run(test.ascii("name") ?? "") { try isRight(test) }
    }
    #expect(count.cases == 14)
    try count.record(path)
  }

  @Test("finds it where the SDK for Rust does, in its 14 cases")
  func casesOfRust() throws {
    let path = "credentials/smithy-rs/test-data/imds-config/imds-endpoint-tests.json"
    var count = CaseCount()
    for test in try #require(try VectorFile.read(path)["tests"]?.array) {
      count.run(test.ascii("docs") ?? "") { try isRight(test) }
    }
    #expect(count.cases == 14)
    try count.record(path)
  }

  private func isRight(_ test: JSONValue) throws -> Bool {
    let environment = test["env"]?.texts ?? [:]
    let config = test["fs"]?["config"]?.string?.bytes
    // The cases name their file `config`; the variable says where it is read.
    let set = try ProfileSet.read(
      config: config, credentials: nil, environment: environment, home: "/home/user")
    let settings = try AWSSettings(set, environment: environment, home: "/home/user")
    func override(_ name: String) -> Located<Untrusted>? {
      let said = test[name + "Override"] ?? test[name + "_override"]
      return said?.string.map { Located($0, .option(name)) }
    }
    do {
      let endpoint = try settings.lookup.metadataEndpoint(
        endpoint: override("endpoint"), mode: override("mode"))
      return endpoint.url + "/latest/api/token" == test["result"]?.ascii("Ok")
    } catch {
      // The fault must name the case's setting; its text is ours.
      let said = test["result"]?.ascii("Err") ?? ""
      let isAboutURL = said.contains("as a URL") || said.contains("uri")
      let setting = error.setting.asciiText?.lowercased() ?? ""
      return test["result"]?["Err"] != nil
        && setting.hasSuffix(isAboutURL ? "_service_endpoint" : "_service_endpoint_mode")
    }
  }
}
