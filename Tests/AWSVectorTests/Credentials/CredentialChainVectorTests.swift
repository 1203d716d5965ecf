import Model
import Signing
import TestSupport
import Testing
import Text
import Wire

@testable import AWSBackend

@Suite struct CredentialChainVectorTests {
  private static let suite = "default-credential-provider-chain"

  /// Recorded values that differ from the case's own files: they were removed before the recording
  /// was published, or (container) the file is newer than the recording.
  private static let rewritten: [String: Set<String>] = [
    "eks_pod_identity_credentials": ["authorization"],
    "ecs_assume_role": ["x-amz-security-token"],
    "web_identity_token_env": ["RoleArn", "WebIdentityToken"],
    "web_identity_token_profile": ["RoleArn", "WebIdentityToken"],
    "web_identity_token_source_profile": ["RoleArn", "WebIdentityToken", "x-amz-security-token"],
  ]

  /// A recording of one attempt.
  private static let added = ["sso_server_error": ["AWS_MAX_ATTEMPTS": "1"]]

  /// Our faults for the cases' errors, and the part of the cause that must be reported.
  private static let faults: [String: (CredentialsFault.Source, CredentialsFault.Problem, String)] =
    [
      "eks_pod_identity_no_token_file": (.container, .missing, "/token.jwt"),
      "imds_default_chain_error": (.chain, .missing, "no role"),
      "imds_disabled": (.chain, .missing, "instance metadata is disabled"),
      "imds_no_iam_role": (.instanceMetadata, .missing, "no role"),
      "profile_overrides_web_identity": (.environment, .missing, "AWS_ACCESS_KEY_ID"),
      "sso_no_token_file": (
        .sso, .missing, "/home/.aws/sso/cache/dace00cba5f8355ec9d274ceb2bcebdfbeed0e12.json"
      ),
      "sso_server_error": (.sso, .unreachable, "503"),
      "web_identity_source_profile_no_env": (.webIdentity, .misconfigured, "role_arn"),
      "web_identity_token_invalid_jwt": (
        .webIdentity, .refused, "No OpenIDConnect provider found in your account"
      ),
    ]

  @Test("finds what the SDK for Rust finds, with its recorded requests, in its 29 cases")
  func cases() async throws {
    var count = CaseCount()
    for name in try CaseFolder.names(Self.suite) {
      if name == "imds_token_fail" {
        count.leaveOut(
          name, "the AWS CLI asks version 1 where no token is given: InstanceSourceTests")
        continue
      }
      let test = try CaseFolder(
        Self.suite, name, rewritten: Self.rewritten[name] ?? [], adding: Self.added[name] ?? [:])
      let settings = try AWSSettings.load(world: test.world)
      let outcome: Result<Credentials, CredentialsFault>
      do throws(CredentialsFault) {
        let chain = CredentialsChain(world: test.world, settings: settings, userAgent: "test")
        outcome = .success(try await chain.source().load())
      } catch {
        outcome = .failure(error)
      }
      count.run(name) {
        #expect(test.transport.differences.isEmpty, "\(name): \(test.transport.differences)")
        return test.transport.differences.isEmpty && isRight(outcome, test)
      }
    }
    #expect(count.cases == 29)
    try count.record(CaseFolder.root + Self.suite)
  }

  private func isRight(
    _ outcome: Result<Credentials, CredentialsFault>, _ test: CaseFolder
  ) -> Bool {
    switch (outcome, test.expected["Ok"], Self.faults[test.name]) {
    case (.success(let found), let expected?, nil):
      // Some cases have accounts of 9 digits, which are invalid.
      let account = expected.ascii("account_id").flatMap { AccountID($0) }
      return found.keys.id == expected.ascii("access_key_id")
        && found.keys.secret.revealedText == expected.ascii("secret_access_key")
        && found.keys.sessionToken?.revealedText == expected.ascii("session_token")
        && found.account == account && found.expires == expected["expiry"]?.number?.epochSeconds
    case (.failure(let fault), nil, let (source, problem, words)?):
      let detail = String(decoding: fault.detail.bytes, as: UTF8.self)
      return fault.source == source && fault.problem == problem && detail.contains(words)
    default: return false
    }
  }

  @Test("reads the tokens of logins where the SDK for Rust does, in its 3 cases")
  func tokens() async throws {
    let suite = "default-token-provider-chain"
    var count = CaseCount()
    for name in try CaseFolder.names(suite) {
      let test = try CaseFolder(suite, name)
      let settings = try AWSSettings.load(world: test.world)
      let section = try #require(settings.section)
      guard let sso = try SSOSettings.read(section, settings.profiles) else {
        Issue.record("\(name): not a login")
        continue
      }
      let context = SourceContext(test.world, settings, userAgent: "test")
      let token = try await SSOTokenSource(context, sso).token()
      count.run(name) {
        let expected = test.expected["Ok"]
        return token.accessToken.revealedText == expected?.ascii("token")
          && token.expires
            == expected?["expiration"]?.string.flatMap {
              Timestamp(iso8601: $0.bytes)
            }
          && test.transport.differences.isEmpty
      }
    }
    #expect(count.cases == 3)
    try count.record(CaseFolder.root + suite)
  }

  @Test("uses containers' addresses where the SDK for Rust does, in its 11 cases")
  func containers() throws {
    let path = CaseFolder.root + "ecs-tests.json"
    var count = CaseCount()
    for test in try #require(try VectorFile.read(path)["tests"]?.array) {
      let environment = test["env"]?.texts ?? [:]
      let time = ManualTime()
      let world = AWSWorld(
        environment: environment, home: "/home", files: CaseFiles(root: "/nonexistent"),
        transport: ReplayTransport(try Traffic(.null), rewritten: []), processes: NoPrograms(),
        dialogue: NoDialogue(), time: time, random: SeededBytes(), sleeper: ManualSleeper(time))
      let settings = try AWSSettings.load(world: world)
      let source = ContainerSource(
        context: SourceContext(world, settings, userAgent: "test"))
      count.run(test.ascii("docs") ?? "") {
        do throws(CredentialsFault) {
          return try source.url() == test["result"]?.ascii("Ok") && source.isConfigured
        } catch {
          let isUnset = error.problem == .missing
          return test["result"]?["ErrorContains"] != nil && source.isConfigured == !isUnset
            && environment.isEmpty == isUnset
        }
      }
    }
    #expect(count.cases == 11)
    try count.record(path)
  }
}
