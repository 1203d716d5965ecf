import GRDB
import Model

extension StoreError {
  /// What SQLite or a row that cannot be read means for the store.
  init(_ error: any Error, path: String) {
    if let known = error as? StoreError {
      self = known
      return
    }
    guard let failure = error as? DatabaseError else {
      self = .damaged(path: path, detail: String(describing: error))
      return
    }
    let detail = failure.message ?? failure.resultCode.description
    switch failure.resultCode.primaryResultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      // SQLite says the same where the file system has no locks at all.
      self = Self.probed(path, isExpected: { $0.isOfLocks }) ?? .busy(path: path)
    case .SQLITE_NOTADB: self = .foreign(path: path)
    case .SQLITE_CORRUPT, .SQLITE_MISMATCH, .SQLITE_ERROR, .SQLITE_SCHEMA:
      self = .damaged(path: path, detail: detail)
    case .SQLITE_FULL:
      self = Self.probed(path) ?? .system(path: path, .noSpace)
    default: self = Self.probed(path) ?? .database(path: path, detail: detail)
    }
  }

  /// The error that a file of our own meets in the store's folder.
  private static func probed(
    _ path: String, isExpected: (SystemError) -> Bool = { _ in true }
  ) -> StoreError? {
    guard let found = DiskProbe.failure(in: Store.folder(of: path)), isExpected(found) else {
      return nil
    }
    return .system(path: path, found)
  }
}
