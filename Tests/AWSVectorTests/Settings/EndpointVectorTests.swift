import Model
import TestSupport
import Testing
import Text
import Wire

@testable import AWSBackend

@Suite struct EndpointVectorTests {
  private static let services: [(folder: String, service: AWSService, cases: Int)] = [
    ("organizations", .organizations, 29), ("sts", .sts, 69), ("sso", .sso, 40),
    ("sso-oidc", .ssoOIDC, 40), ("signin", .signin, 22),
  ]

  @Test("finds the address that AWS's own cases expect", arguments: 0..<5)
  func cases(index: Int) throws {
    let (folder, service, cases) = Self.services[index]
    let path = "endpoints/\(folder)/endpoint-tests-1.json"
    let file = try VectorFile.read(path)
    var count = CaseCount()
    for (index, test) in try #require(file["testCases"]?.array).enumerated() {
      let name = "\(index + 1): \(test.ascii("documentation") ?? "")"
      let parameters = Parameters(test["params"])
      if let reason = parameters.reasonToLeaveOut {
        count.leaveOut(name, reason)
      } else {
        count.run(name) {
          let expected = Outcome(expected: try #require(test["expect"]), parameters)
          return try parameters.outcome(service) == expected
        }
      }
    }
    #expect(count.cases == cases)
    try count.record(path)
  }

  @Test("agrees with AWS's rules for every region, plain, FIPS, dual-stack and both")
  func rules() throws {
    let partitions = try PartitionTable(try VectorFile.read("endpoints/partitions.json"))
    let regions = partitions.regions + ["us-east-99", "eusc-de-west-1", "mars-north-1", "x"]
    for (folder, service, _) in Self.services {
      let path = "endpoints/\(folder)/endpoint-rule-set-1.json"
      let rules = RuleSet(try VectorFile.read(path), partitions)
      var count = CaseCount()
      for region in regions {
        for flags in 0..<8 where flags < 4 || service == .sts {
          let parameters = Parameters(
            region: region, fips: flags & 1 != 0, dualStack: flags & 2 != 0,
            globalSTS: flags & 4 != 0)
          count.run("\(folder) \(region) \(flags)") {
            try parameters.outcome(service) == (try rules.outcome(parameters))
          }
        }
      }
      try count.record(path)
    }
  }

  @Test("knows the partitions with their names, suffixes, regions and patterns")
  func partitions() throws {
    let file = try VectorFile.read("endpoints/partitions.json")
    var random = SeededRandom(seed: 4)
    var count = CaseCount()
    for entry in try #require(file["partitions"]?.array) {
      let id = try #require(entry.ascii("id"))
      let pattern = try Regex(try #require(entry.ascii("regionRegex")))
      count.run(id) {
        let partition = try #require(Partition.all.first { $0.id == id })
        let outputs = try #require(entry["outputs"])
        let names = Set(entry["regions"]?.object?.compactMap(\.name.asciiText) ?? [])
        let tries = (0..<5_000).map { _ in Self.regionLike(&random) } + names
        return outputs.ascii("dnsSuffix") == partition.dnsSuffix
          && outputs.ascii("dualStackDnsSuffix") == partition.dualStackDNSSuffix
          && outputs.ascii("implicitGlobalRegion") == partition.implicitGlobalRegion
          && outputs["supportsFIPS"]?.bool == partition.supportsFIPS
          && outputs["supportsDualStack"]?.bool == partition.supportsDualStack
          && names == partition.regions
          && names.allSatisfy { Partition.of(region: $0) == partition }
          && tries.allSatisfy { partition.matches($0) == ($0.wholeMatch(of: pattern) != nil) }
      }
    }
    #expect(count.cases == Partition.all.count)
    try count.record("endpoints/partitions.json")
  }

  /// Names made of the parts of region names, valid and invalid.
  private static func regionLike(_ random: inout SeededRandom) -> String {
    let parts = [
      "us", "eu", "cn", "gov", "iso", "isob", "isoe", "isof", "eusc", "de", "il", "mx", "east",
      "south_1", "1", "22", "", "x1", "West",
    ]
    let count = Int.random(in: 1...5, using: &random)
    return (0..<count).map { _ in parts.randomElement(using: &random) ?? "" }
      .joined(separator: "-")
  }
}
