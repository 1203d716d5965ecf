import Model
import Text

/// One account whose eyes the operator can look through.
public struct Profile: Hashable, Sendable {
  public let account: AccountID
  /// What the operator calls it: from the store or the configuration, so it proves nothing. Several
  /// profiles of the AWS CLI may lead to one account.
  public private(set) var names: [Untrusted]

  public init(account: AccountID, name: Untrusted) {
    self.init(account: account, names: [name])
  }

  public init(account: AccountID, names: [Untrusted]) {
    self.account = account
    self.names = names
  }

  /// All its names, in one text.
  public var name: Untrusted {
    Untrusted(bytes: Array(names.map(\.bytes).joined(separator: ", ".utf8)))
  }

  mutating func add(_ name: Untrusted) {
    if !names.contains(name) { names.append(name) }
  }
}

/// A profile of the AWS CLI whose account is not known: STS has not said yet whose it is, or could
/// not be asked. What it would show is unknown, never empty.
public struct UnresolvedProfile: Hashable, Sendable {
  public let name: Untrusted
  public internal(set) var status = Status.waiting

  public enum Status: Hashable, Sendable {
    case waiting
    case asking
    case failed(BackendError)
  }

  /// Why it is not known.
  public var error: BackendError? {
    if case .failed(let error) = status { error } else { nil }
  }
}

/// A line of the list of profiles: it keeps its place when it turns out whose it is.
public enum ProfileKey: Hashable, Sendable {
  case account(AccountID)
  /// By its name.
  case unresolved(Untrusted)
}
