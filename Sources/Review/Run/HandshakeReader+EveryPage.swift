import Model
import Text

extension HandshakeReader {
  /// A listing to its end. A token that comes back a second time ends it with an error.
  func everyPage(of query: Query) async -> Result<[Handshake], BackendError> {
    var found: [Handshake] = []
    var token: PageToken?
    var seen: Set<PageToken> = []
    var empty = 0
    repeat {
      let asked = token
      switch await outcome({ () async throws(BackendError) in
        try await handshakes(query, page: asked)
      }) {
      case .failure(let error): return .failure(error)
      case .success(let reply):
        found += reply.value.handshakes
        empty = reply.value.handshakes.isEmpty ? empty + 1 : 0
        token = reply.value.next
      }
      if let token, !seen.insert(token).inserted || empty > EndlessListing.emptyPages {
        return .failure(EndlessListing.error(query.direction.operation))
      }
      if Task.isCancelled {
        return .failure(
          BackendError(.cancelled, in: query.direction.operation, applied: .refused))
      }
    } while token != nil
    return .success(found)
  }
}
