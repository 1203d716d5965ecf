import Model
import Signing
import TestSupport
import Testing
import Text

@testable import AWSBackend

@Suite("Profile files of common tools are read as the AWS CLI reads them")
struct FieldProfileTests {
  /// The profiles that botocore 1.44.8 finds in each file, and its sessions.
  private static let rows: [(file: String, profiles: [String], sessions: [String])] = [
    ("01-aws-configure-sso.ini", ["AdministratorAccess-111122223333"], ["acme"]),
    ("02-aws-sso-util.ini", ["Workload_Prod.AdministratorAccess"], []),
    ("03-aws-sso-cli.ini", ["000111122223:AdministratorAccess", "r&d:ReadOnly"], []),
    ("04-granted.ini", ["acme-prod/AdministratorAccess"], []),
    ("06-saml2aws.config.ini", ["live", "target"], []),
    ("07-leapp.ini", ["acme-prod"], []),
    ("08-role-template.ini", ["base", "mig-444455556666", "mig-444455556667"], ["acme"]),
    ("10-indented.ini", ["base", "prod"], []),
    ("11-colon.ini", ["base"], []),
    ("12-process-quotes.ini", ["hash", "inline", "semicolon", "several-lines", "tilde"], []),
    ("14-token-only.ini", ["bootstrap", "default"], ["sso"]),
    (
      "16-many-portals.ini", [],
      ["customer-a", "customer-a-again", "customer-a-hash", "customer-b", "customer-gov"]
    ),
  ]

  private func read(_ file: String, credentials: String? = nil) throws -> ProfileSet {
    try ProfileSet.read(
      config: try SharedFolder.bytes("profiles/" + file),
      credentials: try credentials.map { try SharedFolder.bytes("profiles/" + $0) }, home: "/home")
  }

  @Test("names", arguments: rows)
  func names(_ row: (file: String, profiles: [String], sessions: [String])) throws {
    let set = try read(row.file)
    #expect(set.names == row.profiles)
    #expect(set.ssoSessionNames == row.sessions)
  }

  @Test("ignored settings are reported")
  func remarks() throws {
    let remarks = try read("03-aws-sso-cli.ini").remarks
    #expect(remarks.map(\.header) == [Untrusted("profile Acme Prod:ReadOnly")])
    #expect(remarks.first?.origin.text == Untrusted("~/.aws/config line 11"))
  }

  @Test("commands reach the program as they are written, without a comment")
  func commands() throws {
    let set = try read("12-process-quotes.ini")
    let commands = [
      "hash": ["/bin/sh", "-c", "exec leapp session generate 9 # prod"],
      "semicolon": ["/bin/sh", "-c", "cd / ; exec leapp session generate 10"],
      "several-lines": ["leapp", "session", "generate", "11"],
      "tilde": ["~/bin/leapp", "session", "generate", "12"],
    ]
    for (name, words) in commands {
      guard case .process(let command) = try ProfilePlan.read(set, name)?.base else {
        Issue.record("\(name) has no command")
        continue
      }
      let arguments = CommandLineSplit.arguments(command.value.bytes)
      #expect(arguments == words.map { Array($0.utf8) })
    }
  }

  @Test(
    "SSO comes before a command, a login without an account gives no credentials, roles find their source"
  )
  func plans() throws {
    let both = try read("02-aws-sso-util.ini")
    guard case .sso = try ProfilePlan.read(both, both.names[0])?.base else {
      Issue.record("the command was taken")
      return
    }
    let tokens = try read("14-token-only.ini")
    for name in tokens.names { #expect(try ProfilePlan.read(tokens, name) == nil) }
    let roles = try read("08-role-template.ini")
    let plan = try #require(try ProfilePlan.read(roles, "mig-444455556667"))
    #expect(plan.roles.first?.sessionName == Untrusted("CHG-4411"))
    let saml = try read("06-saml2aws.config.ini", credentials: "06-saml2aws.credentials.ini")
    #expect(saml.names == ["Acme Prod", "autoawsume-acme-prod", "live", "saml", "target"])
    guard case .keys(let keys) = try ProfilePlan.read(saml, "target")?.base else {
      Issue.record("no keys")
      return
    }
    #expect(keys.keys.secret.revealedText == "example=with/equals")
    #expect(keys.expires == Timestamp(iso8601: "2026-11-30T08:00:00Z".utf8))
  }
}
