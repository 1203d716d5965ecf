import Text

/// CreateAccount's input. Text is as it was given: the service checks it.
public struct AccountRequest: Hashable, Sendable {
  public var email: Untrusted
  public var name: Untrusted
  /// The role that the service makes in the account; its own choice when nil.
  public var roleName: Untrusted?
  /// ALLOW or DENY; ALLOW when nil.
  public var billingAccess: Untrusted?
  public var tags: [Invitation.Tag]

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

/// How far the making of an account is (AWS Organizations API reference, `CreateAccountStatus`).
public struct AccountCreation: Hashable, Sendable {
  /// `car-…`: what DescribeCreateAccountStatus is asked with.
  public var id: Untrusted
  public var name: Untrusted
  public var state: State
  public var requested: Timestamp
  /// Nil while it is going on.
  public var completed: Timestamp?
  /// The account, once it is made.
  public var account: AccountID?
  public var failure: Failure?

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

  /// AWS Organizations API reference, `CreateAccountState`.
  public enum State: Hashable, Sendable {
    case inProgress
    case succeeded
    case failed
    case unknown(Untrusted)
  }

  /// AWS Organizations API reference, `CreateAccountFailureReason`: those that can be met without a
  /// seller's business validation.
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
  public static let named: [(name: StaticString, value: Self)] = [
    ("IN_PROGRESS", .inProgress), ("SUCCEEDED", .succeeded), ("FAILED", .failed),
  ]

  public var unknownText: Untrusted? {
    if case .unknown(let text) = self { text } else { nil }
  }
}

extension AccountCreation.Failure: WireName {
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

  public var unknownText: Untrusted? {
    if case .unknown(let text) = self { text } else { nil }
  }
}
