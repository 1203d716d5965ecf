import TestSupport
import Testing

/// Compares our JSON with the output of the AWS CLI itself.
@Suite("JSON as the AWS CLI prints it") struct AWSCLIJudgeTests {
  private let stage: Stage

  init() throws {
    stage = try Stage()
  }

  /// `#filePath` is Tests/EndToEndTests/CommandLine/<this file> of the checkout.
  private static let root = #filePath.split(separator: "/").dropLast(4)
    .reduce(into: "") { $0 += "/" + $1 }

  /// The CLI's output for our own output.
  private func judged(_ printed: String, _ operation: String) throws -> String {
    try stage.write(printed, to: "printed.json")
    let run = try Spawned.run(
      [
        "/bin/sh", "-c",
        "\(Self.root)/.build/judges/clients/bin/python \(Self.root)/scripts/judge-json \(operation)"
          + " < \(stage.home.path)/printed.json",
      ], environment: stage.environment)
    try #require(run.exit == 0, "is the judge there? scripts/setup test makes it. \(run.errors)")
    return run.output
  }

  /// The output without our member, which is the last, beside the CLI's.
  private static func withoutOurs(_ printed: String) -> String {
    guard let ours = printed.firstRange(of: ",\n    \"LookAlikes\": [") else { return printed }
    return printed[..<ours.lowerBound] + "\n}\n"
  }

  @Test("a listing is identical byte for byte, hostile notes included")
  func list() throws {
    for arguments in [["--state", "all"], ["--sent", "--state", "all"]] {
      let run = try Spawned.run(
        [try Stage.program, "list", "--json"] + arguments, environment: stage.environment)
      #expect(run.output.contains("\\u202e") && run.output.contains("PARENT_HANDSHAKE"))
      #expect(try judged(run.output, "ListHandshakesForAccount") == Self.withoutOurs(run.output))
    }
  }

  @Test("one handshake is identical byte for byte")
  func show() throws {
    let list = try stage.run("list", "--json", "--filter", "account:acme-prod").output
    let id = try #require(list.split(separator: "\"").first { $0.hasPrefix("h-") })
    let shown = try stage.run("show", String(id), "--json").output
    #expect(try judged(shown, "DescribeHandshake") == Self.withoutOurs(shown))
  }
}
