import Model

/// What stands before each attempt of a call: whose keys it is signed with, and whether it is time.
protocol CallGate: Sendable {
  /// Returns when the attempt may be made, with what it is to be signed with.
  func admit(_ operation: Operation) async throws(BackendError) -> Credentials
  /// The service says that these have ended.
  func ended(_ credentials: Credentials) async
  /// The service asks for fewer calls of this operation.
  func throttled(_ operation: Operation, for pause: Span?) async
}
