import Model
import Text
import Wire

/// Reads, answers and sends handshakes in AWS as one profile.
///
/// Every answer is one request. A reply without the handshake that it must be about leaves the
/// outcome unknown, whatever its status.
public struct AWSBackend: HandshakeBackend {
  let reader: AWSReader

  private var session: AWSSession { reader.session }

  public func identity() async throws(BackendError) -> Reply<Identity> {
    try await reader.identity()
  }

  public func identityNow() async throws(BackendError) -> Reply<Identity> {
    try await reader.identityNow()
  }

  public func handshakes(
    _ query: Query, page: PageToken?
  ) async throws(BackendError) -> Reply<Page> {
    try await reader.handshakes(query, page: page)
  }

  public func members(page: PageToken?) async throws(BackendError) -> Reply<MemberPage> {
    try await reader.members(page: page)
  }

  public func handshake(_ id: HandshakeID) async throws(BackendError) -> Reply<Handshake> {
    try await reader.handshake(id)
  }

  public func accept(_ id: Untrusted) async throws(BackendError) -> Reply<Handshake> {
    try await answer(.accept, id)
  }

  public func decline(_ id: Untrusted) async throws(BackendError) -> Reply<Handshake> {
    try await answer(.decline, id)
  }

  public func cancel(_ id: Untrusted) async throws(BackendError) -> Reply<Handshake> {
    try await answer(.cancel, id)
  }

  private func answer(
    _ answer: Answer, _ id: Untrusted
  ) async throws(BackendError) -> Reply<Handshake> {
    try await session.write(
      AWSCall(.answer(answer, id)) { (body) throws(ReplyFault) in
        try reader.handshake(in: body) { Untrusted($0.text) == id }
      })
  }

  public func invite(_ invitation: Invitation) async throws(BackendError) -> Reply<Handshake> {
    try await making(.invite(ServiceRequest.Inviting(invitation)))
  }

  public func enableAllFeatures() async throws(BackendError) -> Reply<Handshake> {
    try await making(.enableAllFeatures)
  }

  /// What makes a new handshake, of which the reply tells the id.
  private func making(_ request: ServiceRequest) async throws(BackendError) -> Reply<Handshake> {
    try await session.write(
      AWSCall(request) { (body) throws(ReplyFault) in
        try reader.handshake(in: body) { _ in true }
      })
  }
}

/// Reads handshakes from AWS as one profile. It can change nothing: it has no call that does.
public struct AWSReader: HandshakeReader {
  let session: AWSSession
  /// The partition that is asked: records of another one are damaged.
  let partition: String

  /// The most that the service gives.
  static let pageSize = 20

  public func identity() async throws(BackendError) -> Reply<Identity> {
    try await session.identity()
  }

  public func identityNow() async throws(BackendError) -> Reply<Identity> {
    try await session.identity(isFresh: true)
  }

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

  public func handshake(_ id: HandshakeID) async throws(BackendError) -> Reply<Handshake> {
    try await session.read(
      AWSCall(.describeHandshake(Untrusted(id.text))) { (body) throws(ReplyFault) in
        try handshake(in: body) { $0 == id }
      })
  }

  /// The handshake of a reply, if it is the one that was meant.
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
