import Model
import Signing
import TestSupport
import Testing
import Text
import Wire

@testable import AWSBackend

@Suite struct ConfigVectorTests {
  private static let folder = "config/smithy-rs/test-data/"

  @Test("reads the 65 texts of the shared grammar as the SDK for Rust does")
  func grammar() throws {
    let file = try VectorFile.read(Self.folder + "profile-parser-tests.json")
    var count = CaseCount()
    for test in try #require(file["tests"]?.array) {
      count.run(test.ascii("name") ?? "") { try isRight(test) }
    }
    #expect(count.cases == 65)
    try count.record(Self.folder + "profile-parser-tests.json")
  }

  private func isRight(_ test: JSONValue) throws -> Bool {
    let input = test["input"]
    let output = try #require(test["output"])
    do {
      let set = try ProfileSet.read(
        config: input?["configFile"]?.string?.bytes,
        credentials: input?["credentialsFile"]?.string?.bytes, home: "/home/user")
      let config = output["config"]
      return config != nil
        && isSame(config?["profiles"], set.names, set.profile)
        && isSame(config?["sso_sessions"], set.ssoSessionNames, set.ssoSession)
    } catch {
      guard let expected = output.ascii("errorContaining") else { return false }
      let detail = String(decoding: error.detail.bytes, as: UTF8.self)
      let origin = String(decoding: error.origin.bytes, as: UTF8.self)
      return detail.contains(expected) && origin.contains("~/.aws/config line ")
    }
  }

  /// No member: nothing is said of such sections. Values are compared with their lines.
  private func isSame(
    _ expected: JSONValue?, _ names: [String], _ section: (String) -> ConfigSection?
  ) -> Bool {
    guard let expected = expected?.object else { return true }
    let expectedNames = expected.compactMap(\.name.asciiText).sorted()
    guard expectedNames == names else { return false }
    return expected.allSatisfy { member in
      guard let section = section(member.name.asciiText ?? "") else { return false }
      let texts = section.properties.mapValues { property in
        switch property.value {
        case .text(let text): text.bytes
        case .secret(let secret): secret.revealed
        }
      }
      return texts == member.value.texts.mapValues { Array($0.utf8) }
    }
  }

  @Test("looks for files and profile where the environment says, on Linux")
  func locations() throws {
    let file = try VectorFile.read(Self.folder + "file-location-tests.json")
    var count = CaseCount()
    for (index, test) in try #require(file["tests"]?.array).enumerated() {
      let name = "\(index + 1): \(test.ascii("name") ?? "")"
      guard test.ascii("platform") == "linux" else {
        count.leaveOut(name, "of Windows, where this program does not run")
        continue
      }
      count.run(name) {
        let environment = test["environment"]?.texts ?? [:]
        let found = ProfileSet.locate(environment, home: environment["HOME"] ?? "")
        let profile = AWSSettings.chosenProfile(environment, AWSOptions())
        return found.config.path == test.ascii("configLocation")
          && found.credentials.path == test.ascii("credentialsLocation")
          && (test["profile"] == nil || profile.value == test.ascii("profile"))
      }
    }
    #expect(count.cases == 9)
    try count.record(Self.folder + "file-location-tests.json")
  }

  @Test("counts the cases of a program that runs inside AWS Lambda as left out")
  func recursion() throws {
    let path = Self.folder + "recursion-detection.json"
    var count = CaseCount()
    for (index, _) in try #require(try VectorFile.read(path).array).enumerated() {
      count.leaveOut(
        "\(index + 1)", "of AWS Lambda, where a program for people at a terminal does not run")
    }
    #expect(count.cases == 5)
    try count.record(path)
  }
}
