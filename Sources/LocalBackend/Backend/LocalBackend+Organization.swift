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

  /// ListAccounts: the members by account id, up to 20 a page.
  public func accounts(page: PageToken?) async throws(BackendError) -> Reply<MemberPage> {
    try await read(.listAccounts) { try $0.listAccounts(page: page) }
  }

  public func createOrganization(_ features: FeatureSet = .all) async throws(BackendError)
    -> Reply<Organization>
  {
    try await write(.createOrganization) { try $0.createOrganization(features) }
  }

  /// CreateAccount, done when it replies.
  public func createAccount(name: Untrusted, email: Untrusted) async throws(BackendError)
    -> Reply<Member>
  {
    try await write(.createAccount) { try $0.createAccount(name: name, email: email) }
  }

  public func leaveOrganization() async throws(BackendError) -> Reply<Void> {
    try await write(.leaveOrganization) { try $0.leaveOrganization() }
  }

  /// RemoveAccountFromOrganization.
  public func remove(_ account: AccountID) async throws(BackendError) -> Reply<Void> {
    try await write(.removeAccountFromOrganization) { try $0.removeAccount(account) }
  }

  /// InviteOrganizationToTransferResponsibility.
  public func inviteToTransferBilling(_ request: TransferRequest) async throws(BackendError)
    -> Reply<Handshake>
  {
    try await write(.inviteOrganizationToTransferResponsibility) {
      try $0.inviteToTransfer(request)
    }
  }
}
