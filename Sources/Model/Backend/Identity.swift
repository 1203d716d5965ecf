import Text

/// Who is calling: from STS, and from what DescribeOrganization says to that caller.
public struct Identity: Hashable, Sendable {
  public var account: AccountID
  /// The caller's ARN (STS GetCallerIdentity).
  public var caller: Untrusted
  /// The organization that the account is in; nil when it is in none.
  public var organization: Organization?
  /// When the credentials end that the request was signed with; nil for those that do not.
  public var credentialsEnd: Timestamp?
  /// Nobody said so: a saved document tells neither whose it is nor what the account is in. Then
  /// `organization` is no more than what the document needs to be read, and nothing may rest on it.
  public var isAssumed: Bool

  public init(
    account: AccountID, caller: Untrusted, organization: Organization?,
    credentialsEnd: Timestamp? = nil, isAssumed: Bool = false
  ) {
    self.account = account
    self.caller = caller
    self.organization = organization
    self.credentialsEnd = credentialsEnd
    self.isAssumed = isAssumed
  }

  public var role: Role {
    guard let organization else { return .standalone }
    return organization.managementAccount == account ? .management : .member
  }

  public enum Role: String, Hashable, CaseIterable, Sendable {
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
