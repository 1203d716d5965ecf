import Model
import Signing
import Text

/// Access keys with their expiry, account and source, published as one value.
public struct Credentials: Hashable, Sendable {
  /// The access key, with its session token if it is temporary.
  public var keys: AccessKeys
  /// The expiry; nil if the keys do not expire.
  public var expires: Timestamp?
  /// The account, if the source states it; only STS proves it.
  public var account: AccountID?
  /// The source that the keys were loaded from.
  public var source: CredentialsFault.Source

  /// Creates credentials.
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

/// A provider of credentials for signing.
///
/// It hands out credentials with at least a minute left, unless their source has none that last
/// longer.
public protocol CredentialsProvider: Sendable {
  /// Returns the current credentials, fetching them if necessary.
  ///
  /// - Throws: `CredentialsFault` if the source is misconfigured, fails or refuses, or the task is
  ///   cancelled while waiting.
  func credentials() async throws(CredentialsFault) -> Credentials
  /// Discards credentials that the service considers expired; the next call fetches others, if
  /// there are any.
  func drop(_ ended: Credentials) async
  /// Sets the time by which the service's clock is ahead of ours; expiry is judged by its time.
  func adjust(skew: Span) async
}

extension CredentialsProvider {
  /// Does nothing, for a provider whose credentials do not depend on the clock.
  public func adjust(skew: Span) async {}
}

/// A source that fetches credentials anew at each call.
///
/// `CredentialsCache` keeps what it returns.
protocol CredentialsSource: Sendable {
  /// Whether a person is asked for something at each load; such a source is never loaded in the
  /// background.
  var asksPerson: Bool { get }
  /// Fetches the credentials.
  ///
  /// - Throws: `CredentialsFault` if the source is misconfigured, cannot be reached, refuses, or
  ///   returns invalid credentials.
  func load() async throws(CredentialsFault) -> Credentials
  /// Reports credentials that the service considers expired, whatever expiry their source states.
  func drop(_ ended: Credentials) async
}

extension CredentialsSource {
  var asksPerson: Bool { false }
  func drop(_ ended: Credentials) async {}
}

/// The source of keys in environment variables.
struct EnvironmentSource: CredentialsSource {
  let context: SourceContext

  /// Whether at least one of the two keys is set; one without the other is a mistake, not an
  /// absence.
  var isConfigured: Bool { id != nil || secret != nil }

  private var id: String? { context.variable("AWS_ACCESS_KEY_ID") }
  private var secret: String? { context.variable("AWS_SECRET_ACCESS_KEY") }

  /// Returns the keys of the environment.
  ///
  /// - Throws: `CredentialsFault` if one of the keys or both are not set, or a value is invalid or
  ///   expired.
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

  /// Returns a fault that names no profile.
  private func fault(_ problem: CredentialsFault.Problem, _ detail: String) -> CredentialsFault {
    CredentialsFault(problem, from: .environment, detail: Untrusted(detail))
  }
}

/// The source of keys in the shared configuration files.
struct StaticSource: CredentialsSource {
  let credentials: Credentials
  /// Returns the keys as they were read; never throws.
  func load() async throws(CredentialsFault) -> Credentials { credentials }
}
