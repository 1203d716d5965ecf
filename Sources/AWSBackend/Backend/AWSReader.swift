import Model
import Text
import Wire

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
