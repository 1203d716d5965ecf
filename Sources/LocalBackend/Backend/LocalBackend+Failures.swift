import GRDB
import Model
import Text

// What a failing file means to the caller, in the service's own terms.

extension LocalBackend {
  /// - Another process holds the file beyond our patience: `ConcurrentModificationException`.
  /// - The disk is full or fails: `ServiceException`. Nothing has changed, unless the failure came
  ///   while the commit was being written: then nobody knows until it is read.
  /// - The file is damaged: it is no service any more.
  func failure(
    _ error: any Error, _ operation: Operation, committing: Bool, _ requestID: Untrusted
  ) async -> BackendError {
    guard let database = error as? DatabaseError else {
      return BackendError(
        .store(Untrusted(String(describing: error))), in: operation,
        applied: committing ? .unknown : .refused)
    }
    let detail = Untrusted(database.message ?? database.resultCode.description)
    let code = database.resultCode.primaryResultCode
    let time = try? await store.clock().now
    switch code {
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      return BackendError(
        .service(.concurrentModification, reason: nil, message: detail), in: operation,
        applied: .refused, requestID: requestID, time: time)
    case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_MISMATCH, .SQLITE_ERROR, .SQLITE_SCHEMA:
      return BackendError(
        .store(detail), in: operation, applied: committing ? .unknown : .refused,
        requestID: requestID)
    default:
      // A commit that found no room was never written whole.
      let known = !committing || code == .SQLITE_FULL || code == .SQLITE_CONSTRAINT
      return BackendError(
        .service(.service, reason: nil, message: detail), in: operation,
        applied: known ? .refused : .unknown, requestID: requestID, time: time)
    }
  }
}
