import Text

/// Who is calling: from STS, and from what DescribeOrganization says to that caller.
public struct Identity: Hashable, Sendable {
  public var account: AccountID
  /// The caller's ARN (STS GetCallerIdentity).
  public var caller: Untrusted
  public var membership: Membership
  /// When the credentials end that the request was signed with; nil for those that do not.
  public var credentialsEnd: Timestamp?

  public init(
    account: AccountID, caller: Untrusted, membership: Membership,
    credentialsEnd: Timestamp? = nil
  ) {
    self.account = account
    self.caller = caller
    self.membership = membership
    self.credentialsEnd = credentialsEnd
  }

  /// - Parameter organization: What the account is in; nil for none.
  public init(
    account: AccountID, caller: Untrusted, organization: Organization?,
    credentialsEnd: Timestamp? = nil
  ) {
    self.init(
      account: account, caller: caller,
      membership: organization.map { .member(of: $0) } ?? .standalone,
      credentialsEnd: credentialsEnd)
  }

  /// Of which no more than the account is known: that of a saved document, or of credentials that could
  /// not be asked.
  public static func untold(_ account: AccountID) -> Identity {
    Identity(account: account, caller: Untrusted(""), membership: .untold)
  }

  /// What an account is in.
  public enum Membership: Hashable, Sendable {
    /// Nobody said. Neither staying out of organizations nor leaving one may be told of it.
    case untold
    case standalone
    case member(of: Organization)
  }

  /// The organization that the account is in, as far as that was told.
  public var organization: Organization? {
    if case .member(let organization) = membership { organization } else { nil }
  }

  public var role: Role {
    switch membership {
    case .untold: .unknown
    case .standalone: .standalone
    case .member(let organization):
      organization.managementAccount == account ? .management : .member
    }
  }

  public enum Role: String, Hashable, CaseIterable, Sendable {
    case unknown
    case standalone
    case member
    case management
  }
}

/// What DescribeOrganization tells a caller about the organization it is in. It has no name.
public struct Organization: Hashable, Sendable {
  public var id: OrganizationID
  public var managementAccount: AccountID
  public var managementEmail: Untrusted
  public var featureSet: FeatureSet

  public init(
    id: OrganizationID, managementAccount: AccountID, managementEmail: Untrusted,
    featureSet: FeatureSet
  ) {
    self.id = id
    self.managementAccount = managementAccount
    self.managementEmail = managementEmail
    self.featureSet = featureSet
  }
}

/// What an organization can do with its members (AWS Organizations API reference,
/// `OrganizationFeatureSet`).
public enum FeatureSet: Hashable, Sendable {
  /// Policies of the organization bind its members.
  case all
  case consolidatedBilling
  case unknown(Untrusted)
}

extension FeatureSet: WireName {
  public static let named: [(name: StaticString, value: FeatureSet)] = [
    ("ALL", .all), ("CONSOLIDATED_BILLING", .consolidatedBilling),
  ]

  public var unknownText: Untrusted? {
    if case .unknown(let text) = self { text } else { nil }
  }
}
