import Model
import TestSupport
import Testing
import Text
import Wire

@testable import AWSBackend

@Suite struct DefaultsVectorTests {
  @Test("uses the connection limits that AWS's SDKs share for their modes")
  func modes() throws {
    let path = "defaults/sdk-default-configuration.json"
    let file = try VectorFile.read(path)
    let base = try #require(file["base"])
    let modes = try #require(file["modes"]?.object)
    var count = CaseCount()
    for mode in modes {
      let name = try #require(mode.name.asciiText)
      count.run(name) {
        let settings = try settings(name)
        // One limit covers connection and TLS here: the file never distinguishes them.
        return try ["connectTimeoutInMillis", "tlsNegotiationTimeoutInMillis"].allSatisfy {
          let own = mode.value[$0]?["override"]?.number?.int
          let expected = try own ?? (try #require(base[$0]?.number?.int))
          return settings.connectTimeout == Span(milliseconds: expected)
        }
      }
    }
    for word in ["auto", "legacy"] {
      count.run(word) {
        try settings(word).connectTimeout == settings("standard").connectTimeout
          && file["documentation"]?["modes"]?[word] != nil
      }
    }
    count.run("base") {
      try settings("standard").retryMode.value.rawValue == base.ascii("retryMode")
        && base.ascii("stsRegionalEndpoints") == "regional"
        && !settings("standard").usesGlobalSTS.value
    }
    #expect(count.cases == 7)
    try count.record(path)
  }

  private func settings(_ mode: String) throws -> AWSSettings {
    try AWSSettings(
      try ProfileSet.read(config: nil, credentials: nil, home: "/home/user"),
      environment: ["AWS_DEFAULTS_MODE": mode], home: "/home/user")
  }
}
