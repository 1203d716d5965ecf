import Model
import Synchronization
import Text

/// The reason why a store cannot be used; a file that was refused is unchanged, byte for byte.
public enum StoreError: Error, Hashable, Sendable {
  /// There is no file at the path.
  case missing(path: String)
  /// A file already exists; creating a store never replaces one.
  case exists(path: String)
  /// The path is not a regular file but a directory, a device or a symbolic link.
  case notAFile(path: String)
  /// The store, or a file that SQLite keeps beside it, can be changed by others.
  case unsafe(path: String, Unsafe)
  /// A file that SQLite kept beside a deleted store is still there; a new store would read it.
  case leftOver(path: String)
  /// The file is not an SQLite database, or not one of this program.
  case foreign(path: String)
  /// The file was made by a newer version of this program.
  case newer(path: String, version: Int, supported: Int)
  /// The file is a store of this program but cannot be read.
  case damaged(path: String, detail: String)
  /// Another process is writing to the store and did not finish in time.
  case busy(path: String)
  /// A system call failed: no permission, space or locks, or an I/O error.
  case system(path: String, SystemError)
  /// SQLite failed, and the cause in the system is not known.
  case database(path: String, detail: String)

  /// The reason why a file is not safe to use.
  public enum Unsafe: Hashable, Sendable {
    /// The owner is neither root nor this user.
    case ofAnother(uid: UInt32)
    case writableByOthers(mode: UInt32)
    /// The file has a second hard link, through which others may change it.
    case linkedTwice

    /// The reason in words, to follow the path.
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
  /// Translates an error of SQLite, or of a row that cannot be decoded.
  init(_ error: any Error, path: String) {
    if let known = error as? StoreError {
      self = known
      return
    }
    if error is CancellationError {
      self = .database(path: path, detail: "the read was cancelled")
      return
    }
    guard let failure = error as? DatabaseError else {
      self = .damaged(path: path, detail: String(describing: error))
      return
    }
    let detail = failure.message
    switch failure.code.primary {
    case .busy, .locked:
      // SQLite reports the same if the file system has no locks at all.
      self = Self.probed(path, isExpected: { $0.isOfLocks }) ?? .busy(path: path)
    case .notADatabase: self = .foreign(path: path)
    case .corrupt, .mismatch, .error, .schema:
      self = .damaged(path: path, detail: detail)
    case .full:
      self = Self.probed(path) ?? .system(path: path, .noSpace)
    default: self = Self.probed(path) ?? .database(path: path, detail: detail)
    }
  }

  /// Returns the error that a new file meets in the store's folder, if it is an expected one.
  private static func probed(
    _ path: String, isExpected: (SystemError) -> Bool = { _ in true }
  ) -> StoreError? {
    guard let found = DiskProbe.failure(in: Store.folder(of: path)), isExpected(found) else {
      return nil
    }
    return .system(path: path, found)
  }
}

/// The flag that a commit of this process ended without a known result.
///
/// The commit's frames may be complete in the log, where the next process that opens the file finds
/// them, while this process's connections have dropped them: what this process reads may no longer
/// be correct.
final class Doubt: Sendable {
  private let isRaised = Atomic(false)

  func raise() { isRaised.store(true, ordering: .releasing) }

  /// Refuses every operation after the flag was raised.
  ///
  /// - Throws: `BackendError` with `.store`; the file has to be opened again as a new `Store`.
  func check(_ operation: Operation) throws(BackendError) {
    guard isRaised.load(ordering: .acquiring) else { return }
    throw BackendError(
      .store(
        Untrusted(
          "a change could not be written to the disk; restart to see whether it was applied")),
      in: operation, applied: .refused)
  }
}
