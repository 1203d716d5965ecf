import Text

/// A service that is read as one account; read-only mode holds nothing more.
///
/// The contract, which one test suite checks on every backend:
/// - Every reply, and every error that the service itself gave, carries the service's time.
/// - A listing is read by passing each page's `next` until it is nil. Pages hold at most 20 records
///   and may be empty and still have a `next`. The order is the service's own.
/// - A pending handshake past its expiry is read as EXPIRED. One that has been in a terminal state
///   for more than 30 days is gone (`HandshakeNotFoundException`).
/// - A record's unreadable parts are in its `damage` and do not affect the other records.
public protocol HandshakeReader: Sendable {
  /// Returns the caller and its organization, possibly as remembered from an earlier call.
  ///
  /// - Throws: `BackendError` if GetCallerIdentity or DescribeOrganization failed.
  func identity() async throws(BackendError) -> Reply<Identity>

  /// Returns the caller and its organization as the service gives them now.
  ///
  /// The checks before a write use this, never a remembered identity (SEC-4.2.2).
  ///
  /// - Throws: `BackendError` if GetCallerIdentity or DescribeOrganization failed.
  func identityNow() async throws(BackendError) -> Reply<Identity>

  /// Returns one page of a listing; the first if `page` is nil.
  ///
  /// - Throws: `BackendError`. The service's own are `AWSOrganizationsNotInUseException` for
  ///   `.sent` outside an organization; `AccessDeniedException` for `.sent` unless the caller
  ///   manages the organization or is its delegated administrator; and `InvalidInputException`
  ///   (`INVALID_NEXT_TOKEN`) for a token of another listing.
  func handshakes(_ query: Query, page: PageToken?) async throws(BackendError) -> Reply<Page>

  /// Returns one page of the members of the caller's organization; the first if `page` is nil.
  ///
  /// - Throws: `BackendError`. The service's own are `AWSOrganizationsNotInUseException` outside an
  ///   organization, and `AccessDeniedException` unless the caller manages it or is its delegated
  ///   administrator.
  func members(page: PageToken?) async throws(BackendError) -> Reply<MemberPage>

  /// Returns one handshake to which the caller is a party.
  ///
  /// - Throws: `BackendError`: `HandshakeNotFoundException` if there is no such handshake or the
  ///   caller is not a party to it, or any other failure of the call.
  func handshake(_ id: HandshakeID) async throws(BackendError) -> Reply<Handshake>
}

extension HandshakeReader {
  /// Returns `identity()`, for readers that remember nothing between two calls.
  ///
  /// - Throws: The error of `identity()`.
  public func identityNow() async throws(BackendError) -> Reply<Identity> {
    try await identity()
  }

  /// Throws, for readers that have no members to list, such as a saved document.
  ///
  /// - Throws: `BackendError` with `.unreadable`, always.
  public func members(page: PageToken?) async throws(BackendError) -> Reply<MemberPage> {
    throw BackendError(
      .unreadable(Untrusted("the members cannot be listed here")), in: .listAccounts,
      applied: .refused)
  }
}

/// A service that answers and sends handshakes as one account.
///
/// Each call sends one request, never a second for the same call. `BackendError.applied` says
/// whether a failed one may have taken effect (SEC-4.4.2).
///
/// Ids are text because the service validates them too: a malformed one is `InvalidInputException`.
public protocol HandshakeBackend: HandshakeReader {
  /// Accepts the handshake `id`, and returns it as it then is.
  ///
  /// - Throws: `BackendError` if the service refused the request, or it was not sent, or its
  ///   outcome is unknown; `applied` says which.
  func accept(_ id: Untrusted) async throws(BackendError) -> Reply<Handshake>
  /// Declines the handshake `id`, and returns it as it then is.
  ///
  /// - Throws: `BackendError`, as for `accept(_:)`.
  func decline(_ id: Untrusted) async throws(BackendError) -> Reply<Handshake>
  /// Cancels the handshake `id`, and returns it as it then is.
  ///
  /// - Throws: `BackendError`, as for `accept(_:)`.
  func cancel(_ id: Untrusted) async throws(BackendError) -> Reply<Handshake>

  /// Invites an account or an address into the caller's organization, and returns the invitation.
  ///
  /// - Throws: `BackendError`, as for `accept(_:)`.
  func invite(_ invitation: Invitation) async throws(BackendError) -> Reply<Handshake>

  /// Asks every invited member to consent to all features, and returns the parent handshake.
  ///
  /// - Throws: `BackendError`, as for `accept(_:)`.
  func enableAllFeatures() async throws(BackendError) -> Reply<Handshake>
}

/// The input of InviteAccountToOrganization.
///
/// Text is passed on as given; the service validates it.
public struct Invitation: Hashable, Sendable {
  /// The account or address to invite.
  public var target: Target
  /// The message to the recipient, at most 1,024 characters.
  public var notes: Untrusted?
  /// The tags that the account gets when it joins, in the order given.
  public var tags: [Tag]

  /// Creates an invitation to `target`.
  public init(to target: Target, notes: Untrusted? = nil, tags: [Tag] = []) {
    self.target = target
    self.notes = notes
    self.tags = tags
  }

  /// The recipient of an invitation or a transfer.
  public enum Target: Hashable, Sendable {
    case account(Untrusted)
    case email(Untrusted)
  }

  /// A tag of an account.
  public struct Tag: Hashable, Sendable {
    /// The key, 1 to 128 characters.
    public var key: Untrusted
    /// The value, 0 to 256 characters.
    public var value: Untrusted

    /// Creates a tag; the service validates both lengths.
    public init(key: Untrusted, value: Untrusted) {
      self.key = key
      self.value = value
    }
  }
}

extension HandshakeBackend {
  /// Sends one request with `answer` to the handshake `id`, and returns the handshake as it then
  /// is.
  ///
  /// - Throws: `BackendError`, as for `accept(_:)`.
  public func send(_ answer: Answer, _ id: Untrusted) async throws(BackendError)
    -> Reply<Handshake>
  {
    switch answer {
    case .accept: try await accept(id)
    case .decline: try await decline(id)
    case .cancel: try await cancel(id)
    }
  }
}

/// A successful reply of a backend, with the service's own time.
public struct Reply<Value: Sendable>: Sendable {
  /// The content of the reply.
  public var value: Value
  /// The service's time: the `Date` header, or the store's clock.
  public var time: Timestamp
  /// AWS's id of the request, to be quoted to AWS Support.
  public var requestID: Untrusted?

  /// Creates a reply that the service gave at `time` of its own clock.
  public init(_ value: Value, at time: Timestamp, requestID: Untrusted? = nil) {
    self.value = value
    self.time = time
    self.requestID = requestID
  }
}

extension Reply: Equatable where Value: Equatable {}
