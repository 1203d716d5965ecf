import Model
import Signing
import Text

/// Keys in variables of the environment.
struct EnvironmentSource: CredentialsSource {
  let context: SourceContext

  /// Whether any part of keys is there: half of them is a mistake, not an absence.
  var isConfigured: Bool { id != nil || secret != nil }

  private var id: String? { context.variable("AWS_ACCESS_KEY_ID") }
  private var secret: String? { context.variable("AWS_SECRET_ACCESS_KEY") }

  func load() async throws(CredentialsFault) -> Credentials {
    guard let id else { throw absent("AWS_ACCESS_KEY_ID") }
    guard let secret else { throw absent("AWS_SECRET_ACCESS_KEY") }
    let token = context.variable("AWS_SESSION_TOKEN") ?? context.variable("AWS_SECURITY_TOKEN")
    var expires: Timestamp?
    if let text = context.variable("AWS_CREDENTIAL_EXPIRATION") {
      guard let instant = Timestamp(reading: text.utf8) else {
        throw fault(.misconfigured, "AWS_CREDENTIAL_EXPIRATION is not a valid time")
      }
      expires = instant
      if instant <= context.world.time.now() {
        throw fault(.expired, "AWS_CREDENTIAL_EXPIRATION has passed")
      }
    }
    guard Header.isValue(id.utf8), Header.isValue(secret.utf8),
      token.map({ Header.isValue($0.utf8) }) ?? true
    else { throw fault(.misconfigured, "a key contains invalid characters") }
    return Credentials(
      AccessKeys(id: id, secret: Secret(secret), sessionToken: token.map { Secret($0) }),
      expires: expires, account: context.variable("AWS_ACCOUNT_ID").flatMap { AccountID($0) },
      source: .environment)
  }

  private func absent(_ name: String) -> CredentialsFault {
    fault(isConfigured ? .misconfigured : .missing, "\(name) is not set")
  }

  /// Of no profile.
  private func fault(_ problem: CredentialsFault.Problem, _ detail: String) -> CredentialsFault {
    CredentialsFault(problem, from: .environment, detail: Untrusted(detail))
  }
}

/// Keys that stand in the files.
struct StaticSource: CredentialsSource {
  let credentials: Credentials
  func load() async throws(CredentialsFault) -> Credentials { credentials }
}
