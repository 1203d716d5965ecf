import Glibc

/// A regular file that was checked after it was opened. Closed when it is let go; never inherited by
/// a child process.
final class OpenFile: Sendable {
  let descriptor: Int32
  let path: String

  /// Takes over `descriptor`.
  init(descriptor: Int32, path: String) {
    self.descriptor = descriptor
    self.path = path
  }

  deinit { close(descriptor) }

  /// Everything from the start of the file.
  func read(limit: Int) throws(FileError) -> [UInt8] {
    let size = try status().st_size
    guard size <= limit else { throw error(.read, .tooLarge(limit: limit)) }
    return try read(from: 0, limit: limit)
  }

  /// Whether it is empty or begins so.
  func begins(with head: [UInt8]) throws(FileError) -> Bool {
    var bytes = [UInt8](repeating: 0, count: head.count)
    let count = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
    guard count >= 0 else { throw error(.read) }
    return count == 0 || bytes[..<count] == head[...]
  }

  /// From `offset` to the end.
  func read(from offset: Int, limit: Int) throws(FileError) -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = chunk.withUnsafeMutableBytes {
        pread(descriptor, $0.baseAddress, $0.count, off_t(offset + bytes.count))
      }
      if count < 0 {
        if errno == EINTR { continue }
        throw error(.read)
      }
      guard count > 0 else { return bytes }
      bytes += chunk[..<count]
      guard bytes.count <= limit else { throw error(.read, .tooLarge(limit: limit)) }
    }
  }

  /// In one `write` where the system takes it whole, so that no other writer's bytes come between;
  /// a rest (a disk that fills up) is tried once more and then told.
  func append(_ bytes: [UInt8]) throws(FileError) {
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno == EINTR { continue }
        throw error(.write)
      }
      guard count > 0 else { throw error(.write, .system(ENOSPC)) }
      written += count
    }
  }

  /// The bytes are on the disk when this returns. After a failure they may be lost although a second
  /// call would succeed (the pages are marked clean): never call it again.
  func synchronise() throws(FileError) {
    guard fdatasync(descriptor) == 0 else { throw error(.synchronise) }
  }

  func truncate(to size: Int) throws(FileError) {
    guard ftruncate(descriptor, off_t(size)) == 0 else { throw error(.write) }
  }

  func status() throws(FileError) -> stat {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw error(.open) }
    return status
  }

  /// Takes the lock that ends with this object or this process, whichever is first. False when
  /// somebody else holds it and `waiting` is off.
  func lock(exclusive: Bool = true, waiting: Bool) throws(FileError) -> Bool {
    let kind = (exclusive ? LOCK_EX : LOCK_SH) | (waiting ? 0 : LOCK_NB)
    while flock(descriptor, kind) != 0 {
      if errno == EINTR { continue }
      if errno == EWOULDBLOCK { return false }
      throw error(.lock)
    }
    return true
  }

  func unlock() {
    _ = flock(descriptor, LOCK_UN)
  }

  private func error(_ act: FileError.Act, _ cause: FileError.Cause? = nil) -> FileError {
    FileError(path: path, doing: act, cause: cause ?? .system(errno))
  }
}
