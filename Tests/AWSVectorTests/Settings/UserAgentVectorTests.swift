import TestSupport
import Testing
import Text
import Wire

@testable import AWSBackend

@Suite struct UserAgentVectorTests {
  /// The letters of our features, by the names in the table.
  private static let names: [UserAgent.Feature: String] = [
    .paginator: "PAGINATOR", .retryModeStandard: "RETRY_MODE_STANDARD",
    .retryModeAdaptive: "RETRY_MODE_ADAPTIVE", .endpointOverride: "ENDPOINT_OVERRIDE",
    .credentialsCode: "CREDENTIALS_CODE", .credentialsEnvironment: "CREDENTIALS_ENV_VARS",
    .credentialsEnvironmentWebIdentity: "CREDENTIALS_ENV_VARS_STS_WEB_ID_TOKEN",
    .credentialsAssumeRole: "CREDENTIALS_STS_ASSUME_ROLE",
    .credentialsWebIdentity: "CREDENTIALS_STS_ASSUME_ROLE_WEB_ID",
    .credentialsProfile: "CREDENTIALS_PROFILE",
    .credentialsProfileSourceProfile: "CREDENTIALS_PROFILE_SOURCE_PROFILE",
    .credentialsProfileNamedProvider: "CREDENTIALS_PROFILE_NAMED_PROVIDER",
    .credentialsProfileWebIdentity: "CREDENTIALS_PROFILE_STS_WEB_ID_TOKEN",
    .credentialsProfileSSO: "CREDENTIALS_PROFILE_SSO", .credentialsSSO: "CREDENTIALS_SSO",
    .credentialsProfileSSOLegacy: "CREDENTIALS_PROFILE_SSO_LEGACY",
    .credentialsSSOLegacy: "CREDENTIALS_SSO_LEGACY",
    .credentialsProfileProcess: "CREDENTIALS_PROFILE_PROCESS",
    .credentialsProcess: "CREDENTIALS_PROCESS", .credentialsContainer: "CREDENTIALS_HTTP",
    .credentialsInstanceMetadata: "CREDENTIALS_IMDS", .ssoLoginDevice: "SSO_LOGIN_DEVICE",
    .credentialsProfileLogin: "CREDENTIALS_PROFILE_LOGIN", .credentialsLogin: "CREDENTIALS_LOGIN",
  ]

  @Test("counts its features by the letters of AWS's table")
  func letters() throws {
    let path = "user-agent/smithy-rs/test_data/feature_id_to_metric_value.json"
    let table = try VectorFile.read(path).texts
    #expect(Self.names.count == UserAgent.Feature.allCases.count)
    var count = CaseCount()
    for (name, letter) in table.sorted(by: { $0.key < $1.key }) {
      guard let feature = Self.names.first(where: { $0.value == name })?.key else {
        count.leaveOut(name, "a feature that this program does not have")
        continue
      }
      count.run(name) {
        let text = UserAgent(version: "1.0", features: [feature]).text
        return feature.rawValue == letter && text.split(separator: " ").contains("m/\(letter)")
      }
    }
    #expect(count.cases == 68)
    #expect(count.passed == UserAgent.Feature.allCases.count)
    try count.record(path)
  }
}
