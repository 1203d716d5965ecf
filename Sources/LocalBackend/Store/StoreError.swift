import Model

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
