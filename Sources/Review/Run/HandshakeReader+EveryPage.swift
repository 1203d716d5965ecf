import Model
import Text

extension HandshakeReader {
  /// A listing to its end. A token that comes back a second time ends it with an error.
  func everyPage(of query: Query) async -> Result<[Handshake], BackendError> {
    var found: [Handshake] = []
    var token: PageToken?
    var seen: Set<PageToken> = []
    repeat {
      let asked = token
      switch await outcome({ () async throws(BackendError) in
        try await handshakes(query, page: asked)
      }) {
      case .failure(let error): return .failure(error)
      case .success(let reply):
        found += reply.value.handshakes
        token = reply.value.next
      }
      if let token, !seen.insert(token).inserted {
        return .failure(
          BackendError(
            .unreadable(Untrusted("the listing goes round in a circle")),
            in: query.direction.operation, applied: .refused))
      }
    } while token != nil
    return .success(found)
  }
}
