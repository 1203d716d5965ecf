import Text

/// Reads handshakes as one account. All that read-only mode holds.
///
/// The contract, which one suite checks on every backend:
/// - Every reply and every error that the service itself gave carries the service's time.
/// - A listing is read by passing each page's `next` until it is nil. Pages hold at most 20 and may
///   be empty and still have a `next`. The order is the service's own.
/// - Pending handshakes past their expiry read as EXPIRED; those more than 30 days in a terminal
///   state are gone (`HandshakeNotFoundException`).
/// - What could not be read of a record is in its `damage`; it never costs its neighbours.
public protocol HandshakeReader: Sendable {
  /// Who is calling, and the organization it is in.
  func identity() async throws(BackendError) -> Reply<Identity>

  /// The same, asked of the service at this moment: what a write rests on must not come from memory.
  func identityNow() async throws(BackendError) -> Reply<Identity>

  /// One page. Errors: `AWSOrganizationsNotInUseException` for `.sent` outside an organization,
  /// `AccessDeniedException` for `.sent` unless the caller manages the organization or is its
  /// delegated administrator, `InvalidInputException` (`INVALID_NEXT_TOKEN`) for a token of another
  /// listing.
  func handshakes(_ query: Query, page: PageToken?) async throws(BackendError) -> Reply<Page>

  /// One page of the members of the caller's organization. Errors: `AWSOrganizationsNotInUseException`
  /// outside one, `AccessDeniedException` unless the caller manages it or is its delegated
  /// administrator.
  func members(page: PageToken?) async throws(BackendError) -> Reply<MemberPage>

  /// One handshake, if the caller is a party to it.
  func handshake(_ id: HandshakeID) async throws(BackendError) -> Reply<Handshake>
}

extension HandshakeReader {
  /// For those that keep nothing between two calls.
  public func identityNow() async throws(BackendError) -> Reply<Identity> {
    try await identity()
  }

  /// For those that know no members, such as a saved document.
  public func members(page: PageToken?) async throws(BackendError) -> Reply<MemberPage> {
    throw BackendError(
      .unreadable(Untrusted("the members cannot be listed here")), in: .listAccounts,
      applied: .refused)
  }
}

/// Answers and sends handshakes as one account.
///
/// Each call sends one request, never a second one for the same call; `BackendError.applied` says
/// whether a failed one can have had an effect (SEC-4.4.2).
public protocol HandshakeBackend: HandshakeReader {
  /// `id` is text because the service checks it too: a malformed one is `InvalidInputException`.
  func accept(_ id: Untrusted) async throws(BackendError) -> Reply<Handshake>
  func decline(_ id: Untrusted) async throws(BackendError) -> Reply<Handshake>
  func cancel(_ id: Untrusted) async throws(BackendError) -> Reply<Handshake>

  /// Invites an account or an address into the caller's organization.
  func invite(_ invitation: Invitation) async throws(BackendError) -> Reply<Handshake>

  /// Asks every invited member to consent to all features; the reply is the parent handshake.
  func enableAllFeatures() async throws(BackendError) -> Reply<Handshake>
}

/// InviteAccountToOrganization's input.
public struct Invitation: Hashable, Sendable {
  public var target: Target
  /// At most 1,024 characters.
  public var notes: Untrusted?
  /// In the order given. Keys 1…128 characters, values 0…256.
  public var tags: [Tag]

  public init(to target: Target, notes: Untrusted? = nil, tags: [Tag] = []) {
    self.target = target
    self.notes = notes
    self.tags = tags
  }

  public enum Target: Hashable, Sendable {
    case account(Untrusted)
    case email(Untrusted)
  }

  public struct Tag: Hashable, Sendable {
    public var key: Untrusted
    public var value: Untrusted

    public init(key: Untrusted, value: Untrusted) {
      self.key = key
      self.value = value
    }
  }
}

extension HandshakeBackend {
  /// Sends `answer`.
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

/// What a backend answered, with the service's own time: the `Date` header, or the store's clock.
public struct Reply<Value: Sendable>: Sendable {
  public var value: Value
  public var time: Timestamp
  /// What to quote to AWS Support.
  public var requestID: Untrusted?

  public init(_ value: Value, at time: Timestamp, requestID: Untrusted? = nil) {
    self.value = value
    self.time = time
    self.requestID = requestID
  }
}

extension Reply: Equatable where Value: Equatable {}
