import Model
import Signing
import TestSupport
import Testing
import Text
import Wire

@testable import AWSBackend

@Suite struct ConfigVectorTests {
  private static let folder = "config/smithy-rs/test-data/"

  /// The texts that the AWS CLI reads differently (checked with botocore 1.44.8), with its result.
  private static let otherwise: [String: (reason: String, profiles: [String: [String: String]])] = {
    let inline = "the AWS CLI has comments on lines of their own; behind a value they belong to it"
    let names = "the AWS CLI takes the words of a shell for a name"
    let credentials = "for the AWS CLI every section of the credentials file is a profile"
    return [
      "Profile names support alphanumeric characters and - / . % @ _ : +": (
        names, ["some-thing:long/the_one%only.foo@bar+": [:], "foo!bar": [:]]
      ),
      "Property definitions must contain an equals sign.": (
        "the AWS CLI takes a colon for an equals sign", ["foo": ["key": "value"]]
      ),
      "Pound sign comments are ignored.": (
        inline, ["foo": ["name": "value # Comment with # sign"]]
      ),
      "Semicolon sign comments are ignored.": (
        inline, ["foo": ["name": "value ; Comment with ; sign"]]
      ),
      "All comment types can be used together.": (
        inline, ["foo": ["name": "value # Comment with ; sign"]]
      ),
      "Comments can be empty.": (inline, ["foo": ["name": "value ;"]]),
      "Default profile with profile prefix overrides default profile without prefix when profile "
        + "prefix is first.": (
          "for the AWS CLI the last of the two holds", ["default": ["name2": "value2"]]
        ),
      "Invalid profile names are ignored.": (credentials, ["in valid 2": ["name2": "value2"]]),
      "Credentials profiles with prefix are ignored.": (
        credentials, ["profile foo": ["name": "value"]]
      ),
      "profile name with extra whitespace": (
        "the AWS CLI does not trim what is in the brackets", ["bar": [:]]
      ),
      "profile name with extra whitespace in credentials": (
        credentials, ["   foo    ": ["name": "value"], "profile bar": [:]]
      ),
    ]
  }()

  @Test("texts that the AWS CLI reads differently are read as the CLI reads them")
  func asTheCLI() throws {
    let file = try VectorFile.read(Self.folder + "profile-parser-tests.json")
    var seen: Set<String> = []
    for test in try #require(file["tests"]?.array) {
      guard let name = test.ascii("name"), let expected = Self.otherwise[name] else { continue }
      seen.insert(name)
      let set = try read(test)
      #expect(set.names == expected.profiles.keys.sorted(), "\(name)")
      for (profile, texts) in expected.profiles {
        let section = try #require(set.profile(profile), "\(name)")
        #expect(values(section) == texts.mapValues { Array($0.utf8) }, "\(name)")
      }
    }
    #expect(seen == Set(Self.otherwise.keys))
  }

  private func read(_ test: JSONValue) throws(SettingsFault) -> ProfileSet {
    try ProfileSet.read(
      config: test["input"]?["configFile"]?.string?.bytes,
      credentials: test["input"]?["credentialsFile"]?.string?.bytes, home: "/home/user")
  }

  private func values(_ section: ConfigSection) -> [String: [UInt8]] {
    section.properties.mapValues { property in
      switch property.value {
      case .text(let text): text.bytes
      case .secret(let secret): secret.revealed
      }
    }
  }

  @Test(
    "reads the 65 texts of the shared grammar as the SDK for Rust does, unless the CLI does not")
  func grammar() throws {
    let file = try VectorFile.read(Self.folder + "profile-parser-tests.json")
    var count = CaseCount()
    for test in try #require(file["tests"]?.array) {
      let name = test.ascii("name") ?? ""
      if let (reason, _) = Self.otherwise[name] {
        count.leaveOut(name, reason)
      } else {
        count.run(name) { try isRight(test) }
      }
    }
    #expect(count.cases == 65)
    try count.record(Self.folder + "profile-parser-tests.json")
  }

  private func isRight(_ test: JSONValue) throws -> Bool {
    let output = try #require(test["output"])
    do {
      let set = try read(test)
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

  /// Returns whether the sections are the expected ones, with equal values, line by line.
  ///
  /// Without the expected member the vector leaves them open, and everything is accepted.
  private func isSame(
    _ expected: JSONValue?, _ names: [String], _ section: (String) -> ConfigSection?
  ) -> Bool {
    guard let expected = expected?.object else { return true }
    let expectedNames = expected.compactMap(\.name.asciiText).sorted()
    guard expectedNames == names else { return false }
    return expected.allSatisfy { member in
      guard let section = section(member.name.asciiText ?? "") else { return false }
      return values(section) == member.value.texts.mapValues { Array($0.utf8) }
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

  @Test("reports the cases of a program inside AWS Lambda as left out")
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
