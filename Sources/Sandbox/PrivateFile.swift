import Glibc
import Text

/// Access to files that only their owner may read.
///
/// Paths come from the operator's own command line.
enum PrivateFile {
  /// The reason why a file cannot be used.
  struct Failure: Error, Hashable {
    var path: String
    var detail: String
  }

  /// Returns the file's bytes; nil if it does not exist.
  ///
  /// - Throws: `Failure` if the file is a link or not a regular file, belongs to another user, can
  ///   be read by others, is longer than `limit` bytes, or cannot be opened or read.
  static func read(_ path: String, limit: Int) throws(Failure) -> [UInt8]? {
    // O_NONBLOCK: opening a FIFO that somebody put there must not block.
    let file = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else {
      if errno == ENOENT { return nil }
      throw failure(path)
    }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else { throw failure(path) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw Failure(path: path, detail: "it is not a regular file")
    }
    guard status.st_uid == geteuid() else {
      throw Failure(path: path, detail: "it belongs to another user")
    }
    guard status.st_mode & 0o077 == 0 else {
      throw Failure(path: path, detail: "other users can read it: run chmod 600")
    }
    guard status.st_size <= limit else { throw Failure(path: path, detail: "it is too long") }
    var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
    let count = bytes.withUnsafeMutableBytes { pread(file, $0.baseAddress, $0.count, 0) }
    guard count >= 0 else { throw failure(path) }
    return Array(bytes[..<count])
  }

  /// Writes a file atomically, with mode 0600, and returns whether it was written.
  ///
  /// The bytes are written under another name, synchronised and then moved. Without `replacing`, an
  /// existing file is kept and the result is false.
  ///
  /// - Throws: `Failure` with the system's message if the file cannot be created, written,
  ///   synchronised or moved.
  @discardableResult
  static func write(
    _ bytes: [UInt8], to path: String, replacing: Bool
  ) throws(Failure) -> Bool {
    let draft = "\(path).new-\(getpid())-\(UInt32.random(in: 0 ... .max))"
    let file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw failure(path) }
    defer { unlink(draft) }
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
      guard count > 0 || errno == EINTR else {
        defer { close(file) }
        throw failure(path)
      }
      written += max(count, 0)
    }
    guard fsync(file) == 0 else {
      defer { close(file) }
      throw failure(path)
    }
    guard close(file) == 0 else { throw failure(path) }
    if replacing {
      guard rename(draft, path) == 0 else { throw failure(path) }
      return true
    }
    guard link(draft, path) == 0 else {
      if errno == EEXIST { return false }
      throw failure(path)
    }
    return true
  }

  private static func failure(_ path: String) -> Failure {
    Failure(path: path, detail: strerror(errno).map { String(cString: $0) } ?? "error \(errno)")
  }
}
