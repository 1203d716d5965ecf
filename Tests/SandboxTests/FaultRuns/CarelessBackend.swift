import Model
import Text

/// What our client must not be: it sends an answer again when it does not know what became of it.
struct CarelessBackend: HandshakeBackend {
  let backend: any HandshakeBackend

  private func insist(
    _ call: () async throws(BackendError) -> Reply<Handshake>
  ) async throws(BackendError) -> Reply<Handshake> {
    do throws(BackendError) { return try await call() } catch {
      guard error.applied == .unknown else { throw error }
      return try await call()
    }
  }

  func identity() async throws(BackendError) -> Reply<Identity> { try await backend.identity() }
  func handshakes(_ query: Query, page: PageToken?) async throws(BackendError) -> Reply<Page> {
    try await backend.handshakes(query, page: page)
  }
  func handshake(_ id: HandshakeID) async throws(BackendError) -> Reply<Handshake> {
    try await backend.handshake(id)
  }
  func accept(_ id: Untrusted) async throws(BackendError) -> Reply<Handshake> {
    try await insist { () async throws(BackendError) in try await backend.accept(id) }
  }
  func decline(_ id: Untrusted) async throws(BackendError) -> Reply<Handshake> {
    try await insist { () async throws(BackendError) in try await backend.decline(id) }
  }
  func cancel(_ id: Untrusted) async throws(BackendError) -> Reply<Handshake> {
    try await insist { () async throws(BackendError) in try await backend.cancel(id) }
  }
  func invite(_ invitation: Invitation) async throws(BackendError) -> Reply<Handshake> {
    try await backend.invite(invitation)
  }
  func enableAllFeatures() async throws(BackendError) -> Reply<Handshake> {
    try await backend.enableAllFeatures()
  }
}
