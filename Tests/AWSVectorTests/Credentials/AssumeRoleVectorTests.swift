import Model
import Signing
import TestSupport
import Testing
import Text
import Wire

@testable import AWSBackend

@Suite struct AssumeRoleVectorTests {
  /// What our fault must name where the case has other words; nil if the profile has no credentials
  /// and the chain goes on.
  private static let faults: [(said: String, words: [String]?)] = [
    ("profile must contain `source_profile`", ["role_arn", "source_profile"]),
    ("both source_profile and credential_source", ["source_profile", "credential_source"]),
    ("missing aws_secret_access_key", ["aws_secret_access_key"]),
    ("missing aws_access_key_id", ["aws_access_key_id"]),
    ("profile `B` did not contain", ["no credentials"]),
    ("profile `A` did not contain", nil),
    ("No profiles were defined", nil),
    ("could not find source profile B", ["no source profile", "\"B\""]),
    ("infinite loop", ["circular"]),
    ("`role_arn` was missing", ["role_arn"]),
    ("then `sso_account_id` must", ["sso_account_id"]),
    ("then `sso_role_name` must", ["sso_role_name"]),
    // A login without an account gives no credentials in the AWS CLI, with any session: its chain
    // goes on.
    ("`sso_region` can only", nil),
    ("sso-session named `oops`", nil),
  ]

  /// A login without an account gives no credentials in the AWS CLI; the SDK for Rust plans a token
  /// for it.
  private static let withoutKeys: Set = ["SSO token profile selected"]

  @Test("plans chains of roles as the SDK for Rust does, in its 28 cases")
  func cases() throws {
    let path = CaseFolder.root + "assume-role-tests.json"
    var count = CaseCount()
    for test in try #require(try VectorFile.read(path).array) {
      count.run(test.ascii("docs") ?? "") { try isRight(test) }
    }
    #expect(count.cases == 28)
    try count.record(path)
  }

  private func isRight(_ test: JSONValue) throws -> Bool {
    let input = try #require(test["input"])
    let text =
      sections(input["profiles"], "profile") + sections(input["sso_sessions"], "sso-session")
    let profiles = try ProfileSet.read(config: Array(text.utf8), credentials: nil, home: "/home")
    let output = try #require(test["output"])
    do throws(CredentialsFault) {
      let plan = try ProfilePlan.read(profiles, input.ascii("selected_profile") ?? "")
      if let chain = output["ProfileChain"]?.array {
        return plan.map { isSame($0, chain) }
          ?? Self.withoutKeys.contains(test.ascii("docs") ?? "")
      }
      return plan == nil && fault(output).map { $0.words == nil } ?? false
    } catch {
      let detail = String(decoding: error.detail.bytes, as: UTF8.self)
      guard let words = fault(output)?.words else { return false }
      return words.allSatisfy { detail.contains($0) }
    }
  }

  private func fault(_ output: JSONValue) -> (said: String, words: [String]?)? {
    guard let said = output.ascii("Error") else { return nil }
    return Self.faults.first { said.contains($0.said) }
  }

  private func sections(_ value: JSONValue?, _ kind: String) -> String {
    (value?.object ?? []).map { member in
      let keys = member.value.texts.map { "\($0.key) = \($0.value)\n" }.joined()
      return "[\(kind) \(member.name.asciiText ?? "")]\n\(keys)"
    }.joined()
  }

  private func isSame(_ plan: ProfilePlan, _ chain: [JSONValue]) -> Bool {
    guard let first = chain.first, plan.roles.count == chain.count - 1 else { return false }
    return isSame(plan.base, first)
      && zip(plan.roles, chain.dropFirst()).allSatisfy { role, expected in
        texts(expected["AssumeRole"])
          == [
            "role_arn": role.arn.text, "role_session_name": role.sessionName?.text,
            "external_id": role.externalID?.text,
          ].compactMapValues { $0 }
      }
  }

  private func isSame(_ base: ProfilePlan.Base, _ expected: JSONValue) -> Bool {
    switch base {
    case .keys(let credentials):
      texts(expected["AccessKey"])
        == [
          "access_key_id": credentials.keys.id,
          "secret_access_key": credentials.keys.secret.revealedText,
          "session_token": credentials.keys.sessionToken?.revealedText,
          "account_id": credentials.account?.text,
        ].compactMapValues { $0 }
    case .named(let source): expected.ascii("NamedSource") == source.rawValue
    case .webIdentity(let file, let arn, let name):
      texts(expected["WebIdentityToken"])
        == [
          "role_arn": arn.text, "web_identity_token_file": file.text,
          "role_session_name": name?.text,
        ].compactMapValues { $0 }
    case .sso(let sso):
      texts(expected["Sso"])
        == [
          "sso_session": sso.session, "sso_region": sso.region.text,
          "sso_start_url": sso.startURL.text, "sso_account_id": sso.account?.text,
          "sso_role_name": sso.role?.text,
        ].compactMapValues { $0 }
    case .login, .process: false
    }
  }

  private func texts(_ value: JSONValue?) -> [String: String]? { value?.texts }
}
