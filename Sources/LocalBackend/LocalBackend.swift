import Model
import Text

/// The embedded organization service, as one account of its store sees it.
///
/// Every operation is one transaction: it is carried out whole, or refused and nothing has changed.
/// What another process has committed is seen by the next call.
public struct LocalBackend: HandshakeBackend {
  public let store: Store
  public let account: AccountID
  /// The account's one principal: `arn:aws:sts::ACCOUNT:assumed-role/Operator/USER`.
  public let callerARN: String
  /// Whether listings give a page without anything, and a token to go on, before each page that
  /// holds something: the service may do so at any time.
  public let emptyPages: Bool
  /// How many a page holds when nobody says: the service's own 20, or more for whoever reads in this
  /// process and pays for each page alone.
  public let pageLength: Int

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
  public func identity() async throws(BackendError) -> Reply<Identity> {
    let arn = callerARN
    return try await read(.describeOrganization) { try $0.identity(callerARN: arn) }
  }

  public func handshakes(_ query: Query, page: PageToken?) async throws(BackendError)
    -> Reply<Page>
  {
    try await handshakes(query, PageRequest(page))
  }

  /// The same with pages of a chosen length.
  public func handshakes(_ query: Query, _ page: PageRequest) async throws(BackendError)
    -> Reply<Page>
  {
    try await read(query.operation) { try $0.list(query, page) }
  }

  public func handshake(_ id: HandshakeID) async throws(BackendError) -> Reply<Handshake> {
    try await handshake(Untrusted(id.text))
  }

  /// The same by text that may be no id: `InvalidInputException`.
  public func handshake(_ id: Untrusted) async throws(BackendError) -> Reply<Handshake> {
    try await read(.describeHandshake) { try $0.describeHandshake(id) }
  }

  public func accept(_ id: Untrusted) async throws(BackendError) -> Reply<Handshake> {
    try await write(.acceptHandshake) { try $0.answer(.accept, id) }
  }

  public func decline(_ id: Untrusted) async throws(BackendError) -> Reply<Handshake> {
    try await write(.declineHandshake) { try $0.answer(.decline, id) }
  }

  public func cancel(_ id: Untrusted) async throws(BackendError) -> Reply<Handshake> {
    try await write(.cancelHandshake) { try $0.answer(.cancel, id) }
  }

  public func invite(_ invitation: Invitation) async throws(BackendError) -> Reply<Handshake> {
    try await write(.inviteAccountToOrganization) { try $0.invite(invitation) }
  }

  public func enableAllFeatures() async throws(BackendError) -> Reply<Handshake> {
    try await write(.enableAllFeatures) { try $0.enableAllFeatures() }
  }
}

extension Query {
  var operation: Operation {
    direction == .received ? .listHandshakesForAccount : .listHandshakesForOrganization
  }
}

/// What the service does besides handshakes, as far as handshakes need it.
extension LocalBackend {
  /// DescribeOrganization. `AWSOrganizationsNotInUseException` outside one.
  public func describeOrganization() async throws(BackendError) -> Reply<Organization> {
    try await read(.describeOrganization) { transaction in
      try transaction.authorise()
      guard let organization = try transaction.callersOrganization() else { throw Refusal.notInUse }
      return try transaction.describe(organization)
    }
  }

  /// ListAccounts: the members by account id.
  public func accounts(_ page: PageRequest = PageRequest()) async throws(BackendError)
    -> Reply<MemberPage>
  {
    try await read(.listAccounts) { try $0.listAccounts(page) }
  }

  public func members(page: PageToken?) async throws(BackendError) -> Reply<MemberPage> {
    try await accounts(PageRequest(page))
  }

  /// `AlreadyInOrganizationException` in one.
  public func createOrganization(_ features: FeatureSet = .all) async throws(BackendError)
    -> Reply<Organization>
  {
    try await write(.createOrganization) { try $0.createOrganization(features) }
  }

  /// CreateAccount. The reply says that the request is in progress; `accountCreation` then tells how
  /// it went.
  public func createAccount(_ request: AccountRequest) async throws(BackendError)
    -> Reply<AccountCreation>
  {
    try await write(.createAccount) { try $0.createAccount(request) }
  }

  /// DescribeCreateAccountStatus.
  public func accountCreation(_ id: Untrusted) async throws(BackendError)
    -> Reply<AccountCreation>
  {
    try await read(.describeCreateAccountStatus) { try $0.describeCreation(id) }
  }

  public func leaveOrganization() async throws(BackendError) -> Reply<Void> {
    try await write(.leaveOrganization) { try $0.leaveOrganization() }
  }

  /// RemoveAccountFromOrganization.
  public func remove(_ account: Untrusted) async throws(BackendError) -> Reply<Void> {
    try await write(.removeAccountFromOrganization) { try $0.removeAccount(account) }
  }

  /// Answers a request that `operation` could not be asked with: after the caller's permission, as
  /// the service does, and always with an error.
  public func refuse(_ operation: Operation, for fault: InputFault) async throws(BackendError)
    -> Reply<Void>
  {
    try await read(operation) { try $0.refuse(fault) }
  }
}

/// Paying another organization's bill.
extension LocalBackend {
  /// InviteOrganizationToTransferResponsibility.
  public func inviteToTransferBilling(_ request: TransferRequest) async throws(BackendError)
    -> Reply<Handshake>
  {
    try await write(.inviteOrganizationToTransferResponsibility) {
      try $0.inviteToTransfer(request)
    }
  }

  /// ListInboundResponsibilityTransfers and ListOutboundResponsibilityTransfers.
  public func transfers(
    _ query: TransferQuery, _ page: PageRequest = PageRequest()
  ) async throws(BackendError) -> Reply<TransferPage> {
    try await read(query.operation) { try $0.listTransfers(query, page) }
  }

  /// DescribeResponsibilityTransfer.
  public func transfer(_ id: Untrusted) async throws(BackendError)
    -> Reply<ResponsibilityTransfer>
  {
    try await read(.describeResponsibilityTransfer) { try $0.describeTransfer(id) }
  }

  /// UpdateResponsibilityTransfer.
  public func renameTransfer(_ id: Untrusted, to name: Untrusted) async throws(BackendError)
    -> Reply<ResponsibilityTransfer>
  {
    try await write(.updateResponsibilityTransfer) { try $0.updateTransfer(id, name: name) }
  }

  /// TerminateResponsibilityTransfer: it ends with this month or the next, with this one when nil.
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
