import Model
import Text

/// One account whose eyes the operator can look through.
public struct Profile: Hashable, Sendable {
  public var account: AccountID
  /// What the operator calls it: from the store or the configuration, so it proves nothing.
  public var name: Untrusted

  public init(account: AccountID, name: Untrusted) {
    self.account = account
    self.name = name
  }
}
