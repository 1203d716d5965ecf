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
    self.pageLength = pageLength ?? Call.largestPage
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
