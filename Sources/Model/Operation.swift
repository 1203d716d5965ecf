/// An operation of the services that this program knows, by AWS's own name.
///
/// Those of AWS Organizations are listed first, then those of STS.
public enum Operation: String, Hashable, CaseIterable, Sendable {
  case acceptHandshake = "AcceptHandshake"
  case declineHandshake = "DeclineHandshake"
  case cancelHandshake = "CancelHandshake"
  case describeHandshake = "DescribeHandshake"
  case listHandshakesForAccount = "ListHandshakesForAccount"
  case listHandshakesForOrganization = "ListHandshakesForOrganization"
  case inviteAccountToOrganization = "InviteAccountToOrganization"
  case enableAllFeatures = "EnableAllFeatures"
  case inviteOrganizationToTransferResponsibility = "InviteOrganizationToTransferResponsibility"
  case listInboundResponsibilityTransfers = "ListInboundResponsibilityTransfers"
  case listOutboundResponsibilityTransfers = "ListOutboundResponsibilityTransfers"
  case describeResponsibilityTransfer = "DescribeResponsibilityTransfer"
  case updateResponsibilityTransfer = "UpdateResponsibilityTransfer"
  case terminateResponsibilityTransfer = "TerminateResponsibilityTransfer"
  case leaveOrganization = "LeaveOrganization"
  case removeAccountFromOrganization = "RemoveAccountFromOrganization"
  case describeOrganization = "DescribeOrganization"
  case createOrganization = "CreateOrganization"
  case createAccount = "CreateAccount"
  case describeCreateAccountStatus = "DescribeCreateAccountStatus"
  case listAccounts = "ListAccounts"
  case getCallerIdentity = "GetCallerIdentity"
  case assumeRole = "AssumeRole"
  case assumeRoleWithWebIdentity = "AssumeRoleWithWebIdentity"

  /// Returns the operation that sends `answer`.
  public static func sending(_ answer: Answer) -> Operation {
    switch answer {
    case .accept: .acceptHandshake
    case .decline: .declineHandshake
    case .cancel: .cancelHandshake
    }
  }
}

extension Operation {
  /// A row of the table of operations: the effect, and the service's rates.
  private struct Traits {
    var effect: Effect
    var rates: Rates?

    init(_ effect: Effect, _ rates: Rates? = nil) {
      self.effect = effect
      self.rates = rates
    }
  }

  private enum Effect {
    case reads
    /// Reads page by page.
    case lists
    case writes
    /// Gives out credentials.
    case signsIn
  }

  /// The service's rates for one operation, as token buckets.
  ///
  /// Each account has a bucket, and the accounts of an organization share another.
  public struct Rates: Hashable, Sendable {
    /// The rate of each account.
    public var account: Rate
    /// The rate that the accounts of an organization share; nil if the quotas have none.
    public var organization: Rate?

    fileprivate init(account: (Int64, Int64), organization: (Int64, Int64)? = nil) {
      self.account = Rate(perSecond: account.0, burst: account.1)
      self.organization = organization.map { Rate(perSecond: $0.0, burst: $0.1) }
    }
  }

  /// A token bucket's rate and size.
  public struct Rate: Hashable, Sendable {
    /// The tokens added in a second.
    public var perSecond: Int64
    /// The tokens that a full bucket holds, so the most calls at once.
    public var burst: Int64

    /// Creates a rate; both counts must be positive.
    public init(perSecond: Int64, burst: Int64) {
      self.perSecond = perSecond
      self.burst = burst
    }
  }

  /// This operation's row of the table.
  ///
  /// Rates are those of the AWS Organizations User Guide's quotas; nil where it has none.
  private var traits: Traits {
    switch self {
    case .acceptHandshake: Traits(.writes, Rates(account: (1, 2), organization: (5, 5)))
    case .declineHandshake: Traits(.writes, Rates(account: (1, 1), organization: (5, 5)))
    case .cancelHandshake: Traits(.writes, Rates(account: (2, 3)))
    case .describeHandshake: Traits(.reads, Rates(account: (1, 2), organization: (6, 10)))
    case .listHandshakesForAccount, .listHandshakesForOrganization:
      Traits(.lists, Rates(account: (5, 8), organization: (6, 10)))
    case .inviteAccountToOrganization: Traits(.writes, Rates(account: (3, 5)))
    case .enableAllFeatures: Traits(.writes, Rates(account: (1, 1)))
    case .leaveOrganization: Traits(.writes, Rates(account: (1, 1), organization: (5, 5)))
    case .removeAccountFromOrganization: Traits(.writes, Rates(account: (2, 2)))
    case .describeOrganization: Traits(.reads, Rates(account: (1, 2)))
    case .inviteOrganizationToTransferResponsibility, .updateResponsibilityTransfer,
      .terminateResponsibilityTransfer, .createOrganization, .createAccount:
      Traits(.writes)
    case .listInboundResponsibilityTransfers, .listOutboundResponsibilityTransfers, .listAccounts:
      Traits(.lists)
    case .describeResponsibilityTransfer, .describeCreateAccountStatus, .getCallerIdentity:
      Traits(.reads)
    case .assumeRole, .assumeRoleWithWebIdentity: Traits(.signsIn)
    }
  }

  /// Whether the operation changes nothing, however often it is sent.
  public var isReadOnly: Bool { traits.effect == .reads || traits.effect == .lists }

  /// Whether the operation changes something when it is carried out.
  public var isWriting: Bool { traits.effect == .writes }

  /// Whether the operation replies page by page.
  public var isListing: Bool { traits.effect == .lists }

  /// The rates at which the service accepts the operation; nil if its quotas do not name it.
  public var rates: Rates? { traits.rates }
}
