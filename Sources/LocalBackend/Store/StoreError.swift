import GRDB
import Model
import Synchronization
import Text

/// Why a store cannot be used. A file that was refused is byte for byte what it was.
public enum StoreError: Error, Hashable, Sendable {
  /// There is no file at this place.
  case missing(path: String)
  /// There is one already; creating never replaces.
  case exists(path: String)
  /// Not a regular file: a directory, a device, a symbolic link.
  case notAFile(path: String)
  /// The store, or a file that SQLite keeps beside it, is not as safe as it must be.
  case unsafe(path: String, Unsafe)
  /// A file that SQLite kept beside a store that is gone; a new store would take it in.
  case leftOver(path: String)
  /// Not a store of this program: no SQLite database, or somebody else's.
  case foreign(path: String)
  /// Made by a newer version of this program.
  case newer(path: String, version: Int, supported: Int)
  /// A store of ours that can no longer be read.
  case damaged(path: String, detail: String)
  /// Another process is writing to it and did not finish in time.
  case busy(path: String)
  /// The system refused: no permission, no room, no locks, an input or output error.
  case system(path: String, SystemError)
  /// SQLite failed for a reason that the system does not tell.
  case database(path: String, detail: String)

  /// Why a file is not safe to use.
  public enum Unsafe: Hashable, Sendable {
    /// Its owner is neither root nor this user.
    case ofAnother(uid: UInt32)
    case writableByOthers(mode: UInt32)
    /// It has a second name, through which somebody else may change it.
    case linkedTwice

    public var words: String {
      switch self {
      case .ofAnother(let uid): "it belongs to uid \(uid), neither root nor you"
      case .writableByOthers(let mode):
        "other users can write to it (mode \(String(mode, radix: 8)))"
      case .linkedTwice: "it has a second hard link, through which others may change it"
      }
    }
  }
}

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

/// Whether a commit of this process ended without an answer.
///
/// Its frames may stand in the log whole, where the next process that opens the file finds them, while
/// this one's connections have forgotten them: what it would read is no truth any more.
final class Doubt: Sendable {
  private let isRaised = Atomic(false)

  func raise() { isRaised.store(true, ordering: .releasing) }

  /// - Throws: `BackendError.Failure.store`, for ever after: the file has to be opened anew.
  func check(_ operation: Operation) throws(BackendError) {
    guard isRaised.load(ordering: .acquiring) else { return }
    throw BackendError(
      .store(
        Untrusted(
          "a change could not be written to the disk; restart to see whether it was applied")),
      in: operation, applied: .refused)
  }
}
