import Glibc
import Model

/// The checks of a store's file and the files beside it, before SQLite opens them.
///
/// They cover the files' types, owners and modes, and the first bytes of the store.
///
/// SQLite opens `-wal`, `-shm` and `-journal` by their names and trusts their contents, so they
/// must be as safe as the store. Nothing here writes to a file or creates one.
struct StoreFile {
  var path: String

  /// The suffixes of the files that SQLite opens by itself beside a store.
  private static let companions = ["-wal", "-shm", "-journal"]

  /// Checks that the file is a store that this version can read.
  ///
  /// - Throws: `StoreError`: `.missing`, `.notAFile`, `.unsafe` (also for the files beside it),
  ///   `.foreign` without our header, `.newer`, `.damaged` if the version is zero, the page size
  ///   invalid or the file truncated, `.system` if a system call fails.
  func check() throws(StoreError) {
    guard let status = try safeStatus(path) else { throw .missing(path: path) }
    for companion in Self.companions { _ = try safeStatus(path + companion) }
    let header = try firstBytes(100)
    guard header.count == 100, header.starts(with: Array("SQLite format 3".utf8) + [0]),
      number(header, at: 68) == UInt32(bitPattern: Schema.applicationID)
    else { throw .foreign(path: path) }
    let version = number(header, at: 60)
    guard version <= UInt32(Schema.version) else {
      throw .newer(path: path, version: Int(version), supported: Int(Schema.version))
    }
    guard version > 0 else { throw .damaged(path: path, detail: "it has no schema version") }
    try checkLength(header, Int64(status.st_size))
  }

  /// The identity of a file, whatever its name.
  struct Identity: Hashable {
    var device: UInt
    var inode: UInt
  }

  /// Returns the identity of the file at the path, which is not opened.
  ///
  /// - Throws: `StoreError`: `.missing`, `.notAFile` or `.unsafe` (also for the files beside it), or
  ///   `.system` if a system call fails.
  func identity() throws(StoreError) -> Identity {
    guard let status = try safeStatus(path) else { throw .missing(path: path) }
    for companion in Self.companions { _ = try safeStatus(path + companion) }
    return Identity(device: status.st_dev, inode: status.st_ino)
  }

  /// Checks that no file beside the path would become part of a new store.
  ///
  /// - Throws: `StoreError`: `.leftOver` if there is one, or `.notAFile`, `.unsafe` or `.system`.
  func checkNothingIsLeft() throws(StoreError) {
    for companion in Self.companions where try safeStatus(path + companion) != nil {
      throw .leftOver(path: path + companion)
    }
  }

  /// Returns the file's status; nil if it does not exist.
  ///
  /// - Throws: `StoreError`: `.notAFile` if it is not regular, `.unsafe` if it belongs to anyone
  ///   but this user or root, others may write to it, or it has a second name, `.system` if lstat
  ///   fails.
  private func safeStatus(_ path: String) throws(StoreError) -> stat? {
    guard var status = try status(path) else { return nil }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .notAFile(path: path) }
    if status.st_nlink != 1, path == self.path {
      removeDrafts(of: status)
      guard let again = try self.status(path) else { return nil }
      status = again
    }
    guard status.st_uid == geteuid() || status.st_uid == 0 else {
      throw .unsafe(path: path, .ofAnother(uid: status.st_uid))
    }
    guard status.st_mode & 0o022 == 0 else {
      throw .unsafe(path: path, .writableByOthers(mode: status.st_mode & 0o7777))
    }
    guard status.st_nlink == 1 else { throw .unsafe(path: path, .linkedTwice) }
    return status
  }

  /// Returns the file's status, without following a link; nil if it does not exist.
  ///
  /// - Throws: `StoreError.system` if lstat fails.
  private func status(_ path: String) throws(StoreError) -> stat? {
    var status = stat()
    guard lstat(path, &status) == 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw .system(path: path, SystemError(errno))
    }
    return status
  }

  /// Removes the second name that a store has while it is created, if a kill left it behind.
  private func removeDrafts(of store: stat) {
    let slash = path.lastIndex(of: "/")
    let parent = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let prefix = Store.draftPrefix(of: slash.map { String(path[path.index(after: $0)...]) } ?? path)
    guard let folder = opendir(parent) else { return }
    defer { closedir(folder) }
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      var status = stat()
      guard name.utf8.starts(with: prefix.utf8),
        fstatat(dirfd(folder), name, &status, AT_SYMLINK_NOFOLLOW) == 0,
        status.st_ino == store.st_ino, status.st_dev == store.st_dev
      else { continue }
      unlinkat(dirfd(folder), name, 0)
    }
  }

  /// Checks the page size and length in SQLite's header; with a log the file may lag behind them.
  ///
  /// - Throws: `StoreError.damaged` if the page size is invalid or bytes are missing.
  private func checkLength(_ header: [UInt8], _ length: Int64) throws(StoreError) {
    let written = Int64(header[16]) << 8 | Int64(header[17])
    let pageSize = written == 1 ? 65_536 : written
    guard pageSize >= 512, pageSize & (pageSize - 1) == 0 else {
      throw .damaged(path: path, detail: "its page size is \(pageSize)")
    }
    guard !hasLog else { return }
    let pages = Int64(number(header, at: 28))
    guard length >= pages * pageSize else {
      throw .damaged(
        path: path, detail: "it is truncated: \(length) of \(pages * pageSize) bytes remain")
    }
  }

  private var hasLog: Bool { size(path + "-wal") > 0 }

  /// Whether a log or journal beside the file has changes that SQLite brings into it or takes back.
  var isUnfinished: Bool { hasLog || size(path + "-journal") > 0 }

  /// Whether another process has the file open, or its log has changes that the file lacks.
  ///
  /// A failed attempt to create the shared memory leaves a few bytes; in use it has 32 KiB or more.
  var hasCompany: Bool { hasLog || size(path + "-shm") >= 32_768 }

  /// Returns the size of a regular file; 0 for anything else.
  private func size(_ path: String) -> Int {
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return 0 }
    return Int(status.st_size)
  }

  /// Returns the file's first `count` bytes, or fewer if it is shorter.
  ///
  /// - Throws: `StoreError.system` if the file cannot be opened or read.
  private func firstBytes(_ count: Int) throws(StoreError) -> [UInt8] {
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard file >= 0 else { throw .system(path: path, SystemError(errno)) }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: count)
    let got = bytes.withUnsafeMutableBytes { read(file, $0.baseAddress, $0.count) }
    guard got >= 0 else { throw .system(path: path, SystemError(errno)) }
    return Array(bytes.prefix(got))
  }

  /// Returns a big-endian number, as all numbers in SQLite's header are.
  private func number(_ header: [UInt8], at offset: Int) -> UInt32 {
    header[offset..<(offset + 4)].reduce(0) { $0 << 8 | UInt32($1) }
  }
}

/// A search for the error number behind a failure that SQLite reports without one.
///
/// It creates a file without a name in the store's folder, and locks, writes and closes it. It
/// never opens the store: closing any descriptor of a file releases this process's locks on it.
enum DiskProbe {
  /// Returns the first error of creating, locking or writing a file in `folder`; nil if there is
  /// none.
  static func failure(in folder: String) -> SystemError? {
    let file = make(in: folder)
    guard file >= 0 else { return SystemError(errno) }
    defer { close(file) }
    var lock = flock()
    lock.l_type = Int16(F_WRLCK)
    lock.l_whence = Int16(SEEK_SET)
    // SQLite takes such locks; no other process can hold one on this file.
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
