import Glibc
import Model

/// Finds the error number behind a failure that SQLite reports without one.
///
/// A file without a name is made in the store's folder, written, locked and closed. It is never the store:
/// closing any descriptor of a file ends this process's locks on it.
enum DiskProbe {
  /// Returns the first error that making, locking or writing a file in `folder` meets; nil for none.
  static func failure(in folder: String) -> SystemError? {
    let file = make(in: folder)
    guard file >= 0 else { return SystemError(errno) }
    defer { close(file) }
    var lock = flock()
    lock.l_type = Int16(F_WRLCK)
    lock.l_whence = Int16(SEEK_SET)
    // SQLite takes such locks; nobody else can hold one here.
    guard fcntl(file, F_SETLK, &lock) == 0 else { return SystemError(errno) }
    let bytes = [UInt8](repeating: 0, count: 4_096)
    guard write(file, bytes, bytes.count) == bytes.count, fsync(file) == 0 else {
      return SystemError(errno)
    }
    return nil
  }

  private static func make(in folder: String) -> Int32 {
    // O_TMPFILE, which Swift does not see: __O_TMPFILE with O_DIRECTORY.
    let nameless = open(folder, O_RDWR | O_CLOEXEC | O_DIRECTORY | 0o20_000_000, 0o600)
    guard nameless < 0, [EOPNOTSUPP, EISDIR, ENOENT].contains(errno) else { return nameless }
    let name = "\(folder)/.handshake-probe-\(getpid())"
    let file = open(name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    if file >= 0 { unlink(name) }
    return file
  }
}
