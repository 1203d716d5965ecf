import TestSupport
import Testing

/// Whoever is asked gets signed requests, so that it is too late to tell of it afterwards.
@Suite("A service that is not AWS's own") struct ForeignServiceTests {
  @Test("it and the certificates that vouch for it are named before it is asked")
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
    #expect(lines.first?.contains("endpoint: organizations.invalid") == true)
    #expect(lines.dropFirst().first?.contains("certificates: those in \(certificates)") == true)
  }
}
