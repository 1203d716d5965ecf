import Foundation
import TestSupport
import Testing

/// Warnings must be printed before the first request: it is signed.
@Suite("A service that is not AWS's own") struct ForeignServiceTests {
  @Test("it and its certificates are named before the first request")
  func named() throws {
    let stage = try Stage()
    let certificates = "/etc/ssl/certs/ca-certificates.crt"
    let environment = stage.environment.merging([
      "AWS_ENDPOINT_URL": "https://organizations.invalid", "AWS_CA_BUNDLE": certificates,
      "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret",
      "AWS_MAX_ATTEMPTS": "1", "AWS_EC2_METADATA_DISABLED": "true",
    ]) { $1 }
    let run = try Spawned.run(
      [try Stage.program, "list", "--backend", "aws"], environment: environment)
    #expect(run.exit != 0 && run.output.isEmpty)
    let lines = run.errors.split(separator: "\n")
    #expect(lines.count > 2)
    #expect(lines.first?.contains("endpoint: signed requests go to organizations.invalid") == true)
    #expect(lines.dropFirst().first?.contains("certificates: \(certificates) replaces") == true)
  }

  private func list(_ stage: Stage, _ changes: [String: String] = [:]) throws -> Spawned {
    let keys = [
      "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret",
      "AWS_MAX_ATTEMPTS": "1", "AWS_EC2_METADATA_DISABLED": "true",
    ]
    return try Spawned.run(
      [try Stage.program, "list", "--backend", "aws"],
      environment: stage.environment.merging(keys) { $1 }.merging(changes) { $1 })
  }

  @Test("an STS on this machine is reported, unless Organizations is at the same server")
  func onThisMachine() throws {
    let stage = try Stage()
    let here = "http://127.0.0.1:9"
    let sts = try list(stage, ["AWS_ENDPOINT_URL_STS": here])
    #expect(
      sts.errors.contains("endpoint: signed requests go to sts 127.0.0.1:9, which is not AWS's own")
    )
    let sandbox = try list(stage, ["AWS_ENDPOINT_URL": here])
    #expect(!sandbox.errors.contains("endpoint:"), "\(sandbox.errors)")
  }

  @Test("a file of ~/.aws that others may write to is named first, with its mode and the remedy")
  func openFile() throws {
    let stage = try Stage()
    try stage.write("[default]\nregion = us-east-1\n", to: ".aws/config")
    let path = stage.home.path + "/.aws/config"
    #expect(chmod(path, 0o666) == 0)
    let run = try list(stage, ["AWS_ENDPOINT_URL": "http://127.0.0.1:9"])
    let told = "\(path): other users can write to \(path) (mode 666): chmod go-w \(path)"
    #expect(run.errors.hasPrefix("handshake: \(told)\n"), "\(run.errors)")
    #expect(run.errors.components(separatedBy: told).count == 2, "once")
  }

  @Test("so is a login's token, before it is used")
  func openToken() throws {
    let stage = try Stage()
    try stage.write(
      """
      [default]
      region = us-east-1
      sso_start_url = https://corp.awsapps.com/start
      sso_region = us-east-1
      sso_account_id = 111122223333
      sso_role_name = Operator

      """, to: ".aws/config")
    // `aws sso login` names it by the SHA-1 of the URL.
    let cache = ".aws/sso/cache/a51746d4aa793ae07b25e90c3a5db96fc7832bd7.json"
    try stage.write("{}", to: cache)
    #expect(chmod(stage.home.path + "/.aws/sso/cache", 0o777) == 0)
    let run = try Spawned.run(
      [try Stage.program, "list", "--backend", "aws"], environment: stage.environment)
    #expect(
      run.errors.contains("other users can write to \(stage.home.path)/.aws/sso/cache (mode 777)"))
  }
}
