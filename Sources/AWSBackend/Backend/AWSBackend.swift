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
