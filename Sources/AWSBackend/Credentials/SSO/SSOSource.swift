import Model
import Signing
import Text
import Wire

/// Keys of a role that IAM Identity Center hands out for a login.
struct SSOSource: CredentialsSource {
  let context: SourceContext
  let settings: SSOSettings
  private let tokens: SSOTokenSource

  init(_ context: SourceContext, _ settings: SSOSettings) {
    self.context = context
    self.settings = settings
    tokens = SSOTokenSource(context, settings)
  }

  func load() async throws(CredentialsFault) -> Credentials {
    guard let account = settings.account, let role = settings.role else {
      throw context.fault(
        .misconfigured, from: .sso, "sso_account_id and sso_role_name are not set")
    }
    let token = try await tokens.token()
    let portal = JSONService(
      context: context, service: .sso, region: settings.region, source: .sso)
    let reply = try await portal.get(
      "/federation/credentials?account_id=\(encode(account))&role_name=\(encode(role))",
      headers: [("x-amz-sso_bearer_token", token.accessToken.revealedText)])
    switch reply.status {
    case 200..<300: return try read(reply.value)
    case 401: throw context.fault(.expired, from: .sso, reply.detail)
    default: throw context.fault(reply.problem, from: .sso, reply.detail)
    }
  }

  private func read(_ value: JSONValue) throws(CredentialsFault) -> Credentials {
    let keys = value["roleCredentials"]
    guard let id = keys?["accessKeyId"]?.string?.asciiText,
      let secret = keys?["secretAccessKey"]?.string, let token = keys?["sessionToken"]?.string,
      let milliseconds = keys?["expiration"]?.number?.int, !id.isEmpty, !secret.isEmpty,
      Header.isValue(token.bytes)
    else { throw context.fault(.unreadable, from: .sso, "the portal's reply has incomplete keys") }
    return Credentials(
      AccessKeys(id: id, secret: Secret(secret.bytes), sessionToken: Secret(token.bytes)),
      expires: Timestamp(milliseconds: milliseconds),
      account: settings.account?.asciiText.flatMap { AccountID($0) }, source: .sso)
  }

  private func encode(_ text: Untrusted) -> String {
    String(decoding: PercentEncoding.encode(text.bytes), as: UTF8.self)
  }
}
