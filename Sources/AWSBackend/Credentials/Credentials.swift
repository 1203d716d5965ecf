import Model
import Signing
import Text

/// Keys with what is known of them: one value, published together.
public struct Credentials: Hashable, Sendable {
  public var keys: AccessKeys
  /// Nil for those that do not end.
  public var expires: Timestamp?
  /// Whose they are, where the source says so; STS alone proves it.
  public var account: AccountID?
  public var source: CredentialsFault.Source

  public init(
    _ keys: AccessKeys, expires: Timestamp? = nil, account: AccountID? = nil,
    source: CredentialsFault.Source
  ) {
    self.keys = keys
    self.expires = expires
    self.account = account
    self.source = source
  }
}

/// Where requests get what they are signed with, good for at least the next minute.
public protocol CredentialsProvider: Sendable {
  func credentials() async throws(CredentialsFault) -> Credentials
  /// The service says that these have ended: the next call gets others, if there are any.
  func drop(_ ended: Credentials) async
  /// By how much the service's clock is ahead of ours: ends are judged by its time.
  func adjust(skew: Span) async
}

extension CredentialsProvider {
  public func adjust(skew: Span) async {}
}

/// One place that credentials come from, asked anew at each call. `CredentialsCache` keeps what it
/// gives.
protocol CredentialsSource: Sendable {
  /// Whether a person is asked for something at each call: never in the background then.
  var asksPerson: Bool { get }
  func load() async throws(CredentialsFault) -> Credentials
  /// The service says that these have ended, whatever their source says.
  func drop(_ ended: Credentials) async
}

extension CredentialsSource {
  var asksPerson: Bool { false }
  func drop(_ ended: Credentials) async {}
}

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
