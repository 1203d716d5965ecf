import Model
import Text

/// What the service does besides handshakes, as far as handshakes need it.
extension LocalBackend {
  /// DescribeOrganization. `AWSOrganizationsNotInUseException` outside one.
  public func describeOrganization() async throws(BackendError) -> Reply<Organization> {
    try await read(.describeOrganization) { call in
      try call.authorise()
      guard let organization = try call.callersOrganization() else { throw Refusal.notInUse }
      return try call.describe(organization)
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
