import Text

/// The input of CreateAccount.
///
/// Text is passed on as given; the service validates it.
public struct AccountRequest: Hashable, Sendable {
  /// The address of the new account's root user.
  public var email: Untrusted
  /// The friendly name of the new account.
  public var name: Untrusted
  /// The role that the service creates in the account; nil for the service's default.
  public var roleName: Untrusted?
  /// `ALLOW` or `DENY`: whether IAM users may see the bill; `ALLOW` if nil.
  public var billingAccess: Untrusted?
  /// The tags of the new account, in the order given.
  public var tags: [Invitation.Tag]

  /// Creates a request; a nil member leaves the choice to the service.
  public init(
    email: Untrusted, name: Untrusted, roleName: Untrusted? = nil,
    billingAccess: Untrusted? = nil, tags: [Invitation.Tag] = []
  ) {
    self.email = email
    self.name = name
    self.roleName = roleName
    self.billingAccess = billingAccess
    self.tags = tags
  }
}

/// The status of a request to create an account (AWS Organizations API reference,
/// `CreateAccountStatus`).
public struct AccountCreation: Hashable, Sendable {
  /// The id to pass to DescribeCreateAccountStatus, `car-…`.
  public var id: Untrusted
  /// The name that the request gave to the account.
  public var name: Untrusted
  /// Whether the creation is in progress, has succeeded or has failed.
  public var state: State
  /// The time at which the service took the request.
  public var requested: Timestamp
  /// The time at which the creation succeeded or failed; nil while it is in progress.
  public var completed: Timestamp?
  /// The new account's id; nil until the account exists.
  public var account: AccountID?
  /// The reason why the creation failed; nil unless `state` is `.failed`.
  public var failure: Failure?

  /// Creates a status from the members of a reply.
  public init(
    id: Untrusted, name: Untrusted, state: State, requested: Timestamp,
    completed: Timestamp? = nil, account: AccountID? = nil, failure: Failure? = nil
  ) {
    self.id = id
    self.name = name
    self.state = state
    self.requested = requested
    self.completed = completed
    self.account = account
    self.failure = failure
  }

  /// The progress of the creation (AWS Organizations API reference, `CreateAccountState`).
  public enum State: Hashable, Sendable {
    case inProgress
    case succeeded
    case failed
    case unknown(Untrusted)
  }

  /// The reason of a failed creation (AWS Organizations API reference,
  /// `CreateAccountFailureReason`).
  ///
  /// Only those that can occur without a seller's business validation have a case.
  public enum Failure: Hashable, Sendable {
    case accountLimitExceeded
    case emailAlreadyExists
    case invalidAddress
    case invalidEmail
    case concurrentAccountModification
    case internalFailure
    case missingPaymentInstrument
    case invalidPaymentInstrument
    case unknown(Untrusted)
  }
}

extension AccountCreation.State: WireName {
  /// The names in AWS's `CreateAccountState`, each with its case.
  public static let named: [(name: StaticString, value: Self)] = [
    ("IN_PROGRESS", .inProgress), ("SUCCEEDED", .succeeded), ("FAILED", .failed),
  ]

  /// The name as the service wrote it, if it has no case here.
  public var unknownText: Untrusted? {
    if case .unknown(let text) = self { text } else { nil }
  }
}

extension AccountCreation.Failure: WireName {
  /// The names in AWS's `CreateAccountFailureReason`, each with its case.
  public static let named: [(name: StaticString, value: Self)] = [
    ("ACCOUNT_LIMIT_EXCEEDED", .accountLimitExceeded),
    ("EMAIL_ALREADY_EXISTS", .emailAlreadyExists),
    ("INVALID_ADDRESS", .invalidAddress),
    ("INVALID_EMAIL", .invalidEmail),
    ("CONCURRENT_ACCOUNT_MODIFICATION", .concurrentAccountModification),
    ("INTERNAL_FAILURE", .internalFailure),
    ("MISSING_PAYMENT_INSTRUMENT", .missingPaymentInstrument),
    ("INVALID_PAYMENT_INSTRUMENT", .invalidPaymentInstrument),
  ]

  /// The name as the service wrote it, if it has no case here.
  public var unknownText: Untrusted? {
    if case .unknown(let text) = self { text } else { nil }
  }
}
