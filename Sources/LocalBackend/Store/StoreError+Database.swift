import GRDB

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
    case .SQLITE_BUSY, .SQLITE_LOCKED: self = .busy(path: path)
    case .SQLITE_NOTADB: self = .foreign(path: path)
    case .SQLITE_CORRUPT, .SQLITE_MISMATCH, .SQLITE_ERROR, .SQLITE_SCHEMA:
      self = .damaged(path: path, detail: detail)
    default: self = .system(path: path, detail: detail)
    }
  }
}
