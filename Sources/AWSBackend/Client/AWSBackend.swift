import Model
import Text
import Wire

/// The service that reads, answers and sends handshakes in AWS as one profile.
///
/// Every answer is one request. If a reply does not contain the expected handshake, the outcome is
/// unknown, whatever the reply's status.
public struct AWSBackend: HandshakeBackend {
  let reader: AWSReader

  private var session: AWSSession { reader.session }

  /// Returns the caller and its organization, as `AWSReader.identity()` does.
  ///
  /// - Throws: `BackendError` as `AWSReader.identity()` does.
  public func identity() async throws(BackendError) -> Reply<Identity> {
    try await reader.identity()
  }

  /// Returns the caller and its organization, both read from the service now.
  ///
  /// - Throws: `BackendError` as `AWSReader.identity()` does.
  public func identityNow() async throws(BackendError) -> Reply<Identity> {
    try await reader.identityNow()
  }

  /// Returns one page of a listing, at most 20 handshakes.
  ///
  /// - Throws: `BackendError` as `AWSReader.handshakes(_:page:)` does.
  public func handshakes(
    _ query: Query, page: PageToken?
  ) async throws(BackendError) -> Reply<Page> {
    try await reader.handshakes(query, page: page)
  }

  /// Returns one page of the organization's accounts, at most 20.
  ///
  /// - Throws: `BackendError` as `AWSReader.members(page:)` does.
  public func members(page: PageToken?) async throws(BackendError) -> Reply<MemberPage> {
    try await reader.members(page: page)
  }

  /// Returns one handshake to which the caller is a party.
  ///
  /// - Throws: `BackendError` as `AWSReader.handshake(_:)` does.
  public func handshake(_ id: HandshakeID) async throws(BackendError) -> Reply<Handshake> {
    try await reader.handshake(id)
  }

  /// Sends AcceptHandshake once.
  ///
  /// - Throws: `BackendError` if the request was not sent, was refused, or has an unknown outcome;
  ///   `applied` says which (SEC-4.4.2).
  public func accept(_ id: Untrusted) async throws(BackendError) -> Reply<Handshake> {
    try await answer(.accept, id)
  }

  /// Sends DeclineHandshake once.
  ///
  /// - Throws: `BackendError` if the request was not sent, was refused, or has an unknown outcome;
  ///   `applied` says which (SEC-4.4.2).
  public func decline(_ id: Untrusted) async throws(BackendError) -> Reply<Handshake> {
    try await answer(.decline, id)
  }

  /// Sends CancelHandshake once.
  ///
  /// - Throws: `BackendError` if the request was not sent, was refused, or has an unknown outcome;
  ///   `applied` says which (SEC-4.4.2).
  public func cancel(_ id: Untrusted) async throws(BackendError) -> Reply<Handshake> {
    try await answer(.cancel, id)
  }

  /// Sends one answer and requires that the reply contains the handshake with this id.
  private func answer(
    _ answer: Answer, _ id: Untrusted
  ) async throws(BackendError) -> Reply<Handshake> {
    try await session.write(
      AWSCall(.answer(answer, id)) { (body) throws(ReplyFault) in
        try reader.handshake(in: body) { Untrusted($0.text) == id }
      })
  }

  /// Sends InviteAccountToOrganization once.
  ///
  /// - Throws: `BackendError` if the request was not sent, was refused, or has an unknown outcome;
  ///   `applied` says which (SEC-4.4.2).
  public func invite(_ invitation: Invitation) async throws(BackendError) -> Reply<Handshake> {
    try await making(.invite(ServiceRequest.Inviting(invitation)))
  }

  /// Sends EnableAllFeatures once and returns the parent handshake.
  ///
  /// - Throws: `BackendError` if the request was not sent, was refused, or has an unknown outcome;
  ///   `applied` says which (SEC-4.4.2).
  public func enableAllFeatures() async throws(BackendError) -> Reply<Handshake> {
    try await making(.enableAllFeatures)
  }

  /// Sends a request that creates a handshake; the reply contains its id.
  private func making(_ request: ServiceRequest) async throws(BackendError) -> Reply<Handshake> {
    try await session.write(
      AWSCall(request) { (body) throws(ReplyFault) in
        try reader.handshake(in: body) { _ in true }
      })
  }
}

/// The service that reads handshakes from AWS as one profile.
///
/// It has no call that changes anything.
public struct AWSReader: HandshakeReader {
  let session: AWSSession
  /// The partition of the endpoint; a record of another partition is marked as damaged.
  let partition: String

  /// The largest page that the service returns.
  static let pageSize = 20

  /// Returns the caller, from STS, and its organization, from DescribeOrganization.
  ///
  /// Within two seconds of the last reply of DescribeOrganization, that reply is used again.
  ///
  /// - Throws: `BackendError` if there are no usable credentials, the credentials belong to another
  ///   account than before, or a request fails. `AWSOrganizationsNotInUseException` is not an error
  ///   here: the organization is nil.
  public func identity() async throws(BackendError) -> Reply<Identity> {
    try await session.identity()
  }

  /// Returns the caller and its organization; DescribeOrganization is always sent.
  ///
  /// - Throws: `BackendError` as `identity()` does.
  public func identityNow() async throws(BackendError) -> Reply<Identity> {
    try await session.identity(isFresh: true)
  }

  /// Returns one page of a listing, at most 20 handshakes.
  ///
  /// - Throws: `BackendError` if there are no usable credentials, the service refuses the request,
  ///   or no readable reply arrives within the retry limits.
  public func handshakes(
    _ query: Query, page: PageToken?
  ) async throws(BackendError) -> Reply<Page> {
    var listing = ServiceRequest.Listing(query, page: page)
    listing.limit = Self.pageSize
    return try await session.read(
      AWSCall(.list(listing)) { [partition] (body) throws(ReplyFault) in
        do throws(UnreadableReply) {
          return try ServiceResponse.page(body, partition: partition)
        } catch {
          throw ReplyFault(error)
        }
      })
  }

  /// Returns one page of the organization's accounts, at most 20.
  ///
  /// - Throws: `BackendError` if there are no usable credentials, the service refuses the request,
  ///   or no readable reply arrives within the retry limits.
  public func members(page: PageToken?) async throws(BackendError) -> Reply<MemberPage> {
    try await session.read(
      AWSCall(.listAccounts(PageRequest(page, limit: Self.pageSize))) { (body) throws(ReplyFault) in
        do throws(UnreadableReply) {
          return try ServiceResponse.memberPage(body)
        } catch {
          throw ReplyFault(error)
        }
      })
  }

  /// Returns one handshake to which the caller is a party.
  ///
  /// - Throws: `BackendError` if there are no usable credentials, the service refuses the request,
  ///   or no reply that contains this handshake arrives within the retry limits.
  public func handshake(_ id: HandshakeID) async throws(BackendError) -> Reply<Handshake> {
    try await session.read(
      AWSCall(.describeHandshake(Untrusted(id.text))) { (body) throws(ReplyFault) in
        try handshake(in: body) { $0 == id }
      })
  }

  /// Returns the handshake in a reply, if `isMeant` accepts its id.
  ///
  /// - Throws: `ReplyFault` if the reply is unreadable, its handshake has no valid id, or `isMeant`
  ///   returns false.
  func handshake(
    in body: [UInt8], where isMeant: (HandshakeID) -> Bool
  ) throws(ReplyFault) -> Handshake {
    let handshake: Handshake
    do throws(UnreadableReply) {
      handshake = try ServiceResponse.handshake(body, partition: partition)
    } catch {
      throw ReplyFault(error)
    }
    guard let id = handshake.id, isMeant(id) else {
      throw ReplyFault(Untrusted("the reply names another handshake"))
    }
    return handshake
  }
}
