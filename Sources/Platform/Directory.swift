import CLinux
import Glibc

/// A directory held open, so that its files are reached through a descriptor.
///
/// Nobody can exchange the path in the meantime.
public final class Directory: Sendable {
  /// The absolute path with which it was opened.
  public let path: String
  /// The open descriptor, which is closed with this object.
  public let descriptor: Int32

  private init(path: String, descriptor: Int32) {
    self.path = path
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// Opens the directory at `path`, which must be absolute.
  ///
  /// With `creating`, missing folders are created with mode 0700. The directory itself must satisfy
  /// `privacy`, and every folder on its path, links included, must belong to root or us and not be
  /// writable by others (`PathWalk`). With a nil `privacy` neither is checked: for places that
  /// the operator named for files that are not trusted later.
  ///
  /// - Throws: `FileError` when the path is relative, a folder is missing or cannot be created or
  ///   opened, or a check fails.
  public static func open(_ path: String, creating: Bool, privacy: Privacy?) throws(FileError)
    -> Directory
  {
    let descriptor: Int32
    do throws(PathFailure) {
      var walk = try PathWalk(to: path, privacy == nil ? .ignore : .refuse)
      descriptor = try walk.openFolder(creating: creating)
    } catch { throw FileError(path: path, error) }
    let directory = Directory(path: path, descriptor: descriptor)
    if let privacy, let preflightFailure = privacy.preflightFailure(to: try directory.status()) {
      throw FileError(path: path, doing: .open, cause: preflightFailure)
    }
    return directory
  }

  /// Checks that nobody else can exchange a folder or link on the way to the directory at `path`.
  ///
  /// - Throws: `FileError` as `open(_:creating:privacy:)`; the directory's own mode is not checked.
  public static func checkPath(to path: String) throws(FileError) {
    do throws(PathFailure) {
      var walk = try PathWalk(to: path, .refuse)
      close(try walk.openFolder(creating: false))
    } catch { throw FileError(path: path, error) }
  }

  /// Waits until new names and renames in this directory are on the disk.
  ///
  /// - Throws: `FileError.Cause.system` with `fsync`'s error.
  public func synchronise() throws(FileError) {
    guard fsync(descriptor) == 0 else {
      throw FileError(path: path, doing: .synchronise, cause: .system(errno))
    }
  }

  /// Waits until this directory's names, its own name and those of its parents are on the disk.
  ///
  /// A new directory is lost in a power cut, with all its contents, unless its parent was synced.
  /// The walk upwards ends at a parent that cannot be opened, and ignores file systems that cannot
  /// sync a directory.
  ///
  /// - Throws: `FileError.Cause.system` when `fsync` or `fstat` fails.
  public func synchroniseWithParents() throws(FileError) {
    try synchronise()
    var here = self
    while true {
      let descriptor = openat(here.descriptor, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
      // We created nothing in a parent that we cannot read.
      guard descriptor >= 0 else { return }
      let above = Directory(path: here.path + "/..", descriptor: descriptor)
      let (lower, upper) = (try here.status(), try above.status())
      // The root is its own parent.
      if lower.st_ino == upper.st_ino, lower.st_dev == upper.st_dev { return }
      // Some file systems cannot sync a directory; nothing more can be done.
      if fsync(descriptor) != 0, ![EINVAL, ENOTSUP, EROFS].contains(errno) {
        throw FileError(path: above.path, doing: .synchronise, cause: .system(errno))
      }
      here = above
    }
  }

  /// Returns what `fstat` reports about the directory.
  ///
  /// - Throws: `FileError.Cause.system` with `fstat`'s error.
  public func status() throws(FileError) -> stat {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw FileError(path: path, doing: .open, cause: .system(errno))
    }
    return status
  }
}

// The names here are ours (or validated ids), never data: they contain no slashes.

extension Directory {
  /// The ways to use an open file.
  public enum Access {
    case read
    case readWrite
    /// Every write goes to the end of the file.
    case append

    fileprivate var flags: Int32 {
      switch self {
      case .read: O_RDONLY
      case .readWrite: O_RDWR
      case .append: O_RDWR | O_APPEND
      }
    }
  }

  /// Opens a file; nil when it does not exist.
  ///
  /// - Throws: `FileError` when it cannot be opened, is not a regular file, has a second hard link,
  ///   or does not satisfy `privacy`.
  public func openFile(
    _ name: String, _ access: Access, privacy: Privacy = .secret
  ) throws(FileError) -> OpenFile? {
    // O_NONBLOCK: the open must not wait for a pipe that somebody put there; regular files ignore
    // it.
    let flags = access.flags | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK
    let descriptor = openat(self.descriptor, name, flags)
    guard descriptor >= 0 else {
      if errno == ENOENT { return nil }
      let cause: FileError.Cause = errno == ELOOP ? .notRegular : .system(errno)
      throw FileError(path: path(of: name), doing: .open, cause: cause)
    }
    let file = OpenFile(descriptor: descriptor, path: path(of: name))
    try Self.check(file, privacy)
    return file
  }

  /// Creates a file with mode 0600; nil when the name exists.
  ///
  /// With a nil `privacy` the result is not checked: on file systems that force owners and modes, a
  /// file for another program's use is as private as they let it be.
  ///
  /// - Throws: `FileError` when it cannot be created, or does not satisfy `privacy` afterwards; it is
  ///   removed then.
  public func createFile(
    _ name: String, _ access: Access, privacy: Privacy? = .secret
  ) throws(FileError) -> OpenFile? {
    let flags = access.flags | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
    let descriptor = openat(self.descriptor, name, flags, 0o600)
    guard descriptor >= 0 else {
      if errno == EEXIST { return nil }
      throw FileError(path: path(of: name), doing: .create, cause: .system(errno))
    }
    let file = OpenFile(descriptor: descriptor, path: path(of: name))
    do throws(FileError) {
      if let privacy { try Self.check(file, privacy) }
    } catch {
      unlinkat(self.descriptor, name, 0)
      throw error
    }
    return file
  }

  /// Opens the file, or creates it; after `isNew` the directory has yet to be synced.
  ///
  /// - Throws: `FileError` as `openFile` and `createFile`, or `EAGAIN` when other processes keep
  ///   creating and removing it.
  public func openOrCreate(
    _ name: String, _ access: Access
  ) throws(FileError) -> (file: OpenFile, isNew: Bool) {
    // Twice, because another process may create or remove the file between the two calls.
    for _ in 0..<2 {
      if let file = try openFile(name, access) { return (file, false) }
      if let file = try createFile(name, access) { return (file, true) }
    }
    throw FileError(path: path(of: name), doing: .open, cause: .system(EAGAIN))
  }

  /// Reads the whole file; nil when it does not exist.
  ///
  /// - Throws: `FileError` as `openFile`, or `tooLarge` for more than `limit` bytes.
  public func contents(
    of name: String, limit: Int, privacy: Privacy = .secret
  ) throws(FileError) -> [UInt8]? {
    try openFile(name, .read, privacy: privacy)?.read(limit: limit)
  }

  /// Replaces a file by a rename, so that readers see the old bytes or the new ones, never a
  /// mixture.
  ///
  /// That holds after a power cut too: the new bytes are synced before the rename, the directory
  /// after it. The file is ours with mode 0600, or `owner`'s, for root in a folder of that user.
  ///
  /// - Throws: `FileError` when a temporary file cannot be created, written or synced, or the rename
  ///   or the directory's sync fails. After a failed sync of the directory the name is replaced.
  public func replace(
    _ name: String, with bytes: [UInt8], privacy: Privacy? = .secret,
    owner: (user: uid_t, group: gid_t)? = nil
  ) throws(FileError) {
    try write(bytes, as: name, privacy: privacy, owner: owner) {
      renameat(descriptor, $0, descriptor, name)
    }
  }

  /// Creates a file of mode 0600 that has all its bytes from the beginning; returns false when the
  /// name exists.
  ///
  /// - Throws: `FileError` as `replace(_:with:privacy:owner:)`.
  public func create(_ name: String, with bytes: [UInt8]) throws(FileError) -> Bool {
    do throws(FileError) {
      try write(bytes, as: name, privacy: .secret, owner: nil) {
        if cl_rename_new(descriptor, $0, name) == 0 { return 0 }
        // A file system without such a rename. Killed in between, the file keeps its second name.
        guard errno == EINVAL || errno == ENOSYS else { return -1 }
        return linkat(descriptor, $0, descriptor, name, 0)
      }
    } catch {
      guard error.cause == .system(EEXIST), error.doing == .replace else { throw error }
      return false
    }
    return true
  }

  /// Writes and syncs a temporary file, gives it its name by `place`, which returns 0 or sets errno,
  /// and syncs the directory.
  private func write(
    _ bytes: [UInt8], as name: String, privacy: Privacy?,
    owner: (user: uid_t, group: gid_t)?, place: (String) -> Int32
  ) throws(FileError) {
    let (temporary, file) = try createTemporary(for: name, privacy)
    // After a rename there is nothing of this name.
    defer { unlinkat(descriptor, temporary, 0) }
    if let owner, fchown(file.descriptor, owner.user, owner.group) != 0 {
      throw FileError(path: file.path, doing: .create, cause: .system(errno))
    }
    try file.append(bytes)
    try file.synchronise()
    guard place(temporary) == 0 else {
      throw FileError(path: path(of: name), doing: .replace, cause: .system(errno))
    }
    // Some file systems cannot sync a directory; nothing more can be done.
    if fsync(descriptor) != 0, ![EINVAL, ENOTSUP, EROFS].contains(errno) {
      throw FileError(path: path, doing: .synchronise, cause: .system(errno))
    }
  }

  /// Creates the file `.NAME.PID`; one of that name was left by a process that was killed, or
  /// belongs to another task of this one.
  private func createTemporary(
    for name: String, _ privacy: Privacy?
  ) throws(FileError) -> (name: String, file: OpenFile) {
    let plain = ".\(name).\(getpid())"
    for temporary in [plain, "\(plain).\(UInt64.random(in: 0 ... .max))"] {
      if let file = try createFile(temporary, .readWrite, privacy: privacy) {
        return (temporary, file)
      }
    }
    throw FileError(path: path(of: plain), doing: .create, cause: .system(EEXIST))
  }

  /// Renames a file in this directory, replacing `new`.
  ///
  /// - Throws: `FileError.Cause.system` with `renameat`'s error.
  public func rename(_ old: String, to new: String) throws(FileError) {
    guard renameat(descriptor, old, descriptor, new) == 0 else {
      throw FileError(path: path(of: old), doing: .replace, cause: .system(errno))
    }
  }

  /// Removes a file; a missing file is no error.
  ///
  /// - Throws: `FileError.Cause.system` with `unlinkat`'s error.
  public func remove(_ name: String) throws(FileError) {
    guard unlinkat(descriptor, name, 0) == 0 || errno == ENOENT else {
      throw FileError(path: path(of: name), doing: .remove, cause: .system(errno))
    }
  }

  func path(of name: String) -> String { path + "/" + name }

  private static func check(_ file: OpenFile, _ privacy: Privacy) throws(FileError) {
    let status = try file.status()
    let preflightFailure: FileError.Cause?
    if !status.isKind(S_IFREG) {
      preflightFailure = .notRegular
    } else if status.st_nlink != 1 {
      preflightFailure = .linkedTwice
    } else {
      preflightFailure = privacy.preflightFailure(to: status)
    }
    if let preflightFailure {
      throw FileError(path: file.path, doing: .open, cause: preflightFailure)
    }
  }
}
