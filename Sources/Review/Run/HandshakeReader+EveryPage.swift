import Model
import Text

extension HandshakeReader {
  /// A listing to its end. One that goes round in a circle ends with an error.
  func everyPage(of query: Query) async -> Result<[Handshake], BackendError> {
    await outcome { () async throws(BackendError) in
      var found: [Handshake] = []
      var trail = PageTrail()
      var token: PageToken?
      repeat {
        let reply = try await handshakes(query, page: token)
        found += reply.value.handshakes
        token = try trail.next(after: reply, of: query.direction.operation)
        if Task.isCancelled {
          throw BackendError(.cancelled, in: query.direction.operation, applied: .refused)
        }
      } while token != nil
      return found
    }
  }
}
