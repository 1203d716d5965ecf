/// Why a store cannot be used. A file that was refused is byte for byte what it was.
public enum StoreError: Error, Hashable, Sendable {
  /// There is no file at this place.
  case missing(path: String)
  /// There is one already; creating never replaces.
  case exists(path: String)
  /// Not a regular file: a directory, a device, a symbolic link.
  case notAFile(path: String)
  /// Not a store of this program: no SQLite database, or somebody else's.
  case foreign(path: String)
  /// Made by a newer version of this program.
  case newer(path: String, version: Int, supported: Int)
  /// A store of ours that can no longer be read.
  case damaged(path: String, detail: String)
  /// Another process is writing to it and did not finish in time.
  case busy(path: String)
  /// The system refused: no permission, no room, an input or output error.
  case system(path: String, detail: String)
}
