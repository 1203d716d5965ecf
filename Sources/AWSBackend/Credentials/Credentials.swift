import Model
import Signing

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
