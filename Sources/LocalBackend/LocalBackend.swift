import Model
import Text

/// The embedded organization service, as seen by one account of its store.
///
/// Every operation is one transaction: it is carried out completely, or refused without a change.
/// Commits of other processes are visible to the next call.
///
/// Every operation throws `BackendError` with one of these failures:
/// - `.service` with the exception of the service's rules; nothing was applied.
/// - `.service` with ConcurrentModificationException if another process holds the file too long, or
///   with ServiceException if the disk is full or fails. Only a failure while committing leaves the
///   result unknown.
/// - `.store` if the file is damaged, or after a commit with an unknown result.
/// - `.cancelled` if the task was cancelled before or during a read.
public struct LocalBackend: HandshakeBackend {
  /// The store that holds the organization.
  public let store: Store
  /// The account that every operation is called as.
  public let account: AccountID
  /// The ARN of the account's only principal, `arn:aws:sts::ACCOUNT:assumed-role/Operator/USER`.
  public let callerARN: String
  /// Whether an empty page with a token precedes each page of a listing.
  ///
  /// AWS may return empty pages at any time.
  public let emptyPages: Bool
  /// The number of items on a page if the request gives none.
  ///
  /// It is the service's own 20, or more for a reader in this process, for whom each page has a
  /// cost.
  public let pageLength: Int

  /// Creates a backend for `account`, whose caller ARN ends in `user`.
  ///
  /// `pageLength` defaults to the service's 20.
  public init(
    store: Store, account: AccountID, user: String, emptyPages: Bool = false,
    pageLength: Int? = nil
  ) {
    self.store = store
    self.account = account
    self.emptyPages = emptyPages
    self.pageLength = pageLength ?? Transaction.largestPage
    callerARN = "arn:aws:sts::\(account.text):assumed-role/Operator/\(user)"
  }
}

extension LocalBackend {
  /// Returns the caller's identity and organization: GetCallerIdentity and DescribeOrganization in
  /// one.
  ///
  /// - Throws: `BackendError`, as `LocalBackend` describes.
  public func identity() async throws(BackendError) -> Reply<Identity> {
    let arn = callerARN
    return try await read(.describeOrganization) { try $0.identity(callerARN: arn) }
  }

  /// Lists a page of the default length: ListHandshakesForAccount or ListHandshakesForOrganization.
  ///
  /// - Throws: `BackendError`, as `LocalBackend` describes.
  public func handshakes(_ query: Query, page: PageToken?) async throws(BackendError)
    -> Reply<Page>
  {
    try await handshakes(query, PageRequest(page))
  }

  /// Lists a page of a chosen length, 1 to 20 items.
  ///
  /// - Throws: `BackendError`, as `LocalBackend` describes.
  public func handshakes(_ query: Query, _ page: PageRequest) async throws(BackendError)
    -> Reply<Page>
  {
    try await read(query.operation) { try $0.list(query, page) }
  }

  /// Returns a handshake that the caller is a party to: DescribeHandshake.
  ///
  /// - Throws: `BackendError`, as `LocalBackend` describes; HandshakeNotFoundException also for a
  ///   handshake of others.
  public func handshake(_ id: HandshakeID) async throws(BackendError) -> Reply<Handshake> {
    try await handshake(Untrusted(id.text))
  }

  /// Returns a handshake by a text that need not be a valid id: DescribeHandshake.
  ///
  /// - Throws: `BackendError`, as `LocalBackend` describes; InvalidInputException if `id` is
  ///   invalid.
  public func handshake(_ id: Untrusted) async throws(BackendError) -> Reply<Handshake> {
    try await read(.describeHandshake) { try $0.describeHandshake(id) }
  }

  /// Accepts a handshake: AcceptHandshake.
  ///
  /// - Throws: `BackendError`, as `LocalBackend` describes.
  public func accept(_ id: Untrusted) async throws(BackendError) -> Reply<Handshake> {
    try await write(.acceptHandshake) { try $0.answer(.accept, id) }
  }

  /// Declines a handshake: DeclineHandshake.
  ///
  /// - Throws: `BackendError`, as `LocalBackend` describes.
  public func decline(_ id: Untrusted) async throws(BackendError) -> Reply<Handshake> {
    try await write(.declineHandshake) { try $0.answer(.decline, id) }
  }

  /// Cancels a handshake that the caller's organization sent: CancelHandshake.
  ///
  /// - Throws: `BackendError`, as `LocalBackend` describes.
  public func cancel(_ id: Untrusted) async throws(BackendError) -> Reply<Handshake> {
    try await write(.cancelHandshake) { try $0.answer(.cancel, id) }
  }

  /// Invites an account: InviteAccountToOrganization.
  ///
  /// - Throws: `BackendError`, as `LocalBackend` describes.
  public func invite(_ invitation: Invitation) async throws(BackendError) -> Reply<Handshake> {
    try await write(.inviteAccountToOrganization) { try $0.invite(invitation) }
  }

  /// Starts enabling all features and returns the parent handshake: EnableAllFeatures.
  ///
  /// - Throws: `BackendError`, as `LocalBackend` describes.
  public func enableAllFeatures() async throws(BackendError) -> Reply<Handshake> {
    try await write(.enableAllFeatures) { try $0.enableAllFeatures() }
  }
}

extension Query {
  var operation: Operation {
    direction == .received ? .listHandshakesForAccount : .listHandshakesForOrganization
  }
}

/// The operations besides handshakes, as far as handshakes depend on them.
extension LocalBackend {
  /// Returns the caller's organization: DescribeOrganization.
  ///
  /// - Throws: `BackendError`, as `LocalBackend` describes; AWSOrganizationsNotInUseException if
  ///   the account is standalone.
  public func describeOrganization() async throws(BackendError) -> Reply<Organization> {
    try await read(.describeOrganization) { transaction in
      try transaction.authorise()
      guard let organization = try transaction.callersOrganization() else { throw Refusal.notInUse }
      return try transaction.describe(organization)
    }
  }

  /// Lists the organization's members in the order of their ids: ListAccounts.
  ///
  /// - Throws: `BackendError`, as `LocalBackend` describes.
  public func accounts(_ page: PageRequest = PageRequest()) async throws(BackendError)
    -> Reply<MemberPage>
  {
    try await read(.listAccounts) { try $0.listAccounts(page) }
  }

  /// Lists a page of members of the default length: ListAccounts.
  ///
  /// - Throws: `BackendError`, as `LocalBackend` describes.
  public func members(page: PageToken?) async throws(BackendError) -> Reply<MemberPage> {
    try await accounts(PageRequest(page))
  }

  /// Creates an organization with the caller as its management account: CreateOrganization.
  ///
  /// - Throws: `BackendError`, as `LocalBackend` describes; AlreadyInOrganizationException if the
  ///   caller is in an organization.
  public func createOrganization(_ features: FeatureSet = .all) async throws(BackendError)
    -> Reply<Organization>
  {
    try await write(.createOrganization) { try $0.createOrganization(features) }
  }

  /// Creates a member account: CreateAccount.
  ///
  /// The reply says that the creation is in progress; `accountCreation` returns its result.
  ///
  /// - Throws: `BackendError`, as `LocalBackend` describes.
  public func createAccount(_ request: AccountRequest) async throws(BackendError)
    -> Reply<AccountCreation>
  {
    try await write(.createAccount) { try $0.createAccount(request) }
  }

  /// Returns the state of an account's creation: DescribeCreateAccountStatus.
  ///
  /// - Throws: `BackendError`, as `LocalBackend` describes.
  public func accountCreation(_ id: Untrusted) async throws(BackendError)
    -> Reply<AccountCreation>
  {
    try await read(.describeCreateAccountStatus) { try $0.describeCreation(id) }
  }

  /// Makes the caller a standalone account: LeaveOrganization.
  ///
  /// - Throws: `BackendError`, as `LocalBackend` describes.
  public func leaveOrganization() async throws(BackendError) -> Reply<Void> {
    try await write(.leaveOrganization) { try $0.leaveOrganization() }
  }

  /// Makes a member a standalone account: RemoveAccountFromOrganization.
  ///
  /// - Throws: `BackendError`, as `LocalBackend` describes.
  public func remove(_ account: Untrusted) async throws(BackendError) -> Reply<Void> {
    try await write(.removeAccountFromOrganization) { try $0.removeAccount(account) }
  }

  /// Refuses a request whose input `operation` cannot represent.
  ///
  /// The caller's permission is checked before, as the service does.
  ///
  /// - Throws: `BackendError`, always: InvalidInputException with the fault's reason, or an error
  ///   that comes before it, as `LocalBackend` describes.
  public func refuse(_ operation: Operation, for fault: InputFault) async throws(BackendError)
    -> Reply<Void>
  {
    try await read(operation) { try $0.refuse(fault) }
  }
}

/// Responsibility transfers: paying another organization's bill.
extension LocalBackend {
  /// Offers to pay another organization's bill: InviteOrganizationToTransferResponsibility.
  ///
  /// - Throws: `BackendError`, as `LocalBackend` describes.
  public func inviteToTransferBilling(_ request: TransferRequest) async throws(BackendError)
    -> Reply<Handshake>
  {
    try await write(.inviteOrganizationToTransferResponsibility) {
      try $0.inviteToTransfer(request)
    }
  }

  /// Lists transfers: ListInboundResponsibilityTransfers or ListOutboundResponsibilityTransfers.
  ///
  /// - Throws: `BackendError`, as `LocalBackend` describes.
  public func transfers(
    _ query: TransferQuery, _ page: PageRequest = PageRequest()
  ) async throws(BackendError) -> Reply<TransferPage> {
    try await read(query.operation) { try $0.listTransfers(query, page) }
  }

  /// Returns a transfer that the caller manages a side of: DescribeResponsibilityTransfer.
  ///
  /// - Throws: `BackendError`, as `LocalBackend` describes.
  public func transfer(_ id: Untrusted) async throws(BackendError)
    -> Reply<ResponsibilityTransfer>
  {
    try await read(.describeResponsibilityTransfer) { try $0.describeTransfer(id) }
  }

  /// Changes a transfer's name, as its payer: UpdateResponsibilityTransfer.
  ///
  /// - Throws: `BackendError`, as `LocalBackend` describes.
  public func renameTransfer(_ id: Untrusted, to name: Untrusted) async throws(BackendError)
    -> Reply<ResponsibilityTransfer>
  {
    try await write(.updateResponsibilityTransfer) { try $0.updateTransfer(id, name: name) }
  }

  /// Ends a transfer at the end of this month or the next: TerminateResponsibilityTransfer.
  ///
  /// `end` is the last millisecond of the month; nil means this month.
  ///
  /// - Throws: `BackendError`, as `LocalBackend` describes.
  public func terminateTransfer(_ id: Untrusted, end: Timestamp? = nil) async throws(BackendError)
    -> Reply<ResponsibilityTransfer>
  {
    try await write(.terminateResponsibilityTransfer) { try $0.terminateTransfer(id, end: end) }
  }
}

extension TransferQuery {
  var operation: Operation {
    direction == .inbound
      ? .listInboundResponsibilityTransfers : .listOutboundResponsibilityTransfers
  }
}
