import Text

/// The caller of requests, and the organization that its account is in.
///
/// The caller comes from STS GetCallerIdentity, the organization from DescribeOrganization.
public struct Identity: Hashable, Sendable {
  /// The account of the credentials.
  public var account: AccountID
  /// The caller's ARN (STS GetCallerIdentity).
  public var caller: Untrusted
  /// The organization that the account is in, or that it is in none, or that this is unknown.
  public var membership: Membership
  /// The expiry of the credentials that signed the request; nil for those that do not expire.
  public var credentialsEnd: Timestamp?

  /// Creates an identity with a membership that may be unknown.
  public init(
    account: AccountID, caller: Untrusted, membership: Membership,
    credentialsEnd: Timestamp? = nil
  ) {
    self.account = account
    self.caller = caller
    self.membership = membership
    self.credentialsEnd = credentialsEnd
  }

  /// Creates an identity with a known membership: in `organization`, or standalone if that is nil.
  public init(
    account: AccountID, caller: Untrusted, organization: Organization?,
    credentialsEnd: Timestamp? = nil
  ) {
    self.init(
      account: account, caller: caller,
      membership: organization.map { .member(of: $0) } ?? .standalone,
      credentialsEnd: credentialsEnd)
  }

  /// Returns an identity of which only the account is known.
  ///
  /// It is that of a saved document, or of credentials that could not be asked.
  public static func untold(_ account: AccountID) -> Identity {
    Identity(account: account, caller: Untrusted(""), membership: .untold)
  }

  /// The relation of an account to organizations.
  public enum Membership: Hashable, Sendable {
    /// The membership is unknown. An account must then not be described as standalone, nor as
    /// leaving an organization.
    case untold
    case standalone
    case member(of: Organization)
  }

  /// The organization that the account is in; nil if there is none or it is unknown.
  public var organization: Organization? {
    if case .member(let organization) = membership { organization } else { nil }
  }

  /// The account's part in its organization, derived from `membership`.
  public var role: Role {
    switch membership {
    case .untold: .unknown
    case .standalone: .standalone
    case .member(let organization):
      organization.managementAccount == account ? .management : .member
    }
  }

  /// The part of an account in its organization.
  public enum Role: String, Hashable, CaseIterable, Sendable {
    case unknown
    case standalone
    case member
    case management
  }
}

/// An organization as DescribeOrganization describes it to a caller that is in it.
///
/// The service gives no name for it (DOM-13.8).
public struct Organization: Hashable, Sendable {
  /// The organization's id, with its `o-`.
  public var id: OrganizationID
  /// The account that created the organization and pays for it.
  public var managementAccount: AccountID
  /// The address of the management account.
  public var managementEmail: Untrusted
  /// The features that the organization has enabled.
  public var featureSet: FeatureSet

  /// Creates an organization from the members of a reply.
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

/// The features of an organization (AWS Organizations API reference, `OrganizationFeatureSet`).
public enum FeatureSet: Hashable, Sendable {
  /// The organization's policies apply to its members.
  case all
  case consolidatedBilling
  case unknown(Untrusted)
}

extension FeatureSet: WireName {
  /// The names in AWS's `OrganizationFeatureSet`, each with its case.
  public static let named: [(name: StaticString, value: FeatureSet)] = [
    ("ALL", .all), ("CONSOLIDATED_BILLING", .consolidatedBilling),
  ]

  /// The name as the service wrote it, if it has no case here.
  public var unknownText: Untrusted? {
    if case .unknown(let text) = self { text } else { nil }
  }
}
