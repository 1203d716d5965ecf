import CLinux
import Glibc
import Machine

/// A directory held open, so that its files are reached through a descriptor.
///
/// Nobody can exchange the path in the meantime.
final class Directory: Sendable {
  let path: String
  let descriptor: Int32

  private init(path: String, descriptor: Int32) {
    self.path = path
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// Opens the directory at `path`, which must be absolute.
  ///
  /// With `creating`, missing folders are created with mode 0700. The directory itself must satisfy
  /// `privacy`, and every folder on its path, links included, must belong to root or us and not be
  /// writable by others (`FolderWalk`). With a nil `privacy` neither is checked: for places that
  /// the operator named for files that are not trusted later.
  ///
  /// - Throws: `FileError` when the path is relative, a folder is missing or cannot be created or
  ///   opened, or a check fails.
  static func open(_ path: String, creating: Bool, privacy: Privacy?) throws(FileError) -> Directory
  {
    var walk = try FolderWalk(to: path, isChecked: privacy != nil)
    let directory = Directory(path: path, descriptor: try walk.finish(creating: creating))
    if let privacy, let preflightFailure = privacy.preflightFailure(to: try directory.status()) {
      throw FileError(path: path, doing: .open, cause: preflightFailure)
    }
    return directory
  }

  /// Waits until new names and renames in this directory are on the disk.
  ///
  /// - Throws: `FileError.Cause.system` with `fsync`'s error.
  func synchronise() throws(FileError) {
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
  func synchroniseWithParents() throws(FileError) {
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
  func status() throws(FileError) -> stat {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw FileError(path: path, doing: .open, cause: .system(errno))
    }
    return status
  }
}

// The names here are ours (or validated ids), never data: they contain no slashes.

extension Directory {
  enum Access {
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
  func openFile(
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
  /// - Throws: `FileError` when it cannot be created, or is not ours alone afterwards.
  func createFile(_ name: String, _ access: Access) throws(FileError) -> OpenFile? {
    let flags = access.flags | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
    let descriptor = openat(self.descriptor, name, flags, 0o600)
    guard descriptor >= 0 else {
      if errno == EEXIST { return nil }
      throw FileError(path: path(of: name), doing: .create, cause: .system(errno))
    }
    let file = OpenFile(descriptor: descriptor, path: path(of: name))
    try Self.check(file, .secret)
    return file
  }

  /// Opens the file, or creates it; after `isNew` the directory has yet to be synced.
  ///
  /// - Throws: `FileError` as `openFile` and `createFile`, or `EAGAIN` when other processes keep
  ///   creating and removing it.
  func openOrCreate(
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
  func contents(
    of name: String, limit: Int, privacy: Privacy = .secret
  ) throws(FileError) -> [UInt8]? {
    try openFile(name, .read, privacy: privacy)?.read(limit: limit)
  }

  /// Replaces a file by a rename, so that readers see the old bytes or the new ones, never a
  /// mixture.
  ///
  /// That holds after a power cut too: the new bytes are synced before the rename, the directory
  /// after it.
  ///
  /// - Throws: `FileError` when the temporary file cannot be removed, created, written or synced,
  ///   or the rename or the directory's sync fails. After a failed sync of the directory the name
  ///   is replaced.
  func replace(_ name: String, with bytes: [UInt8]) throws(FileError) {
    let temporary = ".\(name).\(getpid())"
    if unlinkat(descriptor, temporary, 0) != 0, errno != ENOENT {
      throw FileError(path: path(of: temporary), doing: .replace, cause: .system(errno))
    }
    guard let file = try createFile(temporary, .readWrite) else {
      throw FileError(path: path(of: temporary), doing: .create, cause: .system(EEXIST))
    }
    do throws(FileError) {
      try file.append(bytes)
      try file.synchronise()
      guard renameat(descriptor, temporary, descriptor, name) == 0 else {
        throw FileError(path: path(of: name), doing: .replace, cause: .system(errno))
      }
    } catch {
      unlinkat(descriptor, temporary, 0)
      throw error
    }
    try synchronise()
  }

  /// Renames a file in this directory, replacing `new`.
  ///
  /// - Throws: `FileError.Cause.system` with `renameat`'s error.
  func rename(_ old: String, to new: String) throws(FileError) {
    guard renameat(descriptor, old, descriptor, new) == 0 else {
      throw FileError(path: path(of: old), doing: .replace, cause: .system(errno))
    }
  }

  /// Removes a file; a missing file is no error.
  ///
  /// - Throws: `FileError.Cause.system` with `unlinkat`'s error.
  func remove(_ name: String) throws(FileError) {
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

/// The walk from the root to a folder, name by name, each folder checked through its own
/// descriptor.
///
/// No path is given to the system a second time, so nothing can be exchanged between the check and
/// the use. Symbolic links are followed here: the folder that contains a link and every folder on
/// the way to its target are checked too (SEC-4.1.3).
struct FolderWalk {
  /// The path as it was requested.
  let asked: String
  /// Whether a folder on the path is refused when others can rename things in it.
  let isChecked: Bool

  private var here: Step
  /// The names still to be walked, the next one last.
  private var ahead: [Name]
  private var links = 0

  /// The most symbolic links in one walk, the same number as in the kernel.
  private static let mostLinks = 40

  private struct Step {
    var descriptor: OwnedDescriptor
    var path: String
  }

  private struct Name {
    var text: Substring
    /// Whether the name is from a link's target, where missing folders are not created.
    var isFromLink: Bool
  }

  /// Starts at the root, for an absolute `path`.
  ///
  /// - Throws: `FileError` when `path` is relative or contains a NUL, or the root cannot be opened
  ///   or fails the check.
  init(to path: String, isChecked: Bool) throws(FileError) {
    guard path.utf8.first == UInt8(ascii: "/") else {
      throw FileError(path: path, doing: .open, cause: .relative)
    }
    guard !path.utf8.contains(0) else {
      throw FileError(path: path, doing: .open, cause: .system(EINVAL))
    }
    asked = path
    self.isChecked = isChecked
    here = try Self.root(asked: path)
    ahead = Self.names(path[...], isFromLink: false)
    try check()
  }

  /// Walks to the end and returns a descriptor of the folder that can be read and synced.
  ///
  /// With `creating`, missing folders are created with mode 0700. The caller closes the descriptor.
  ///
  /// - Throws: `FileError` when a folder is missing, cannot be opened or created, or fails the
  ///   check; or when a link points nowhere, belongs to another user, or is the 41st.
  mutating func finish(creating: Bool) throws(FileError) -> Int32 {
    while let name = ahead.popLast() { try take(name, creating: creating) }
    let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC
    let descriptor = openat(here.descriptor.number, ".", flags)
    guard descriptor >= 0 else { throw failure(.system(errno)) }
    return descriptor
  }

  private mutating func take(_ name: Name, creating: Bool) throws(FileError) {
    var next = open(name)
    if next < 0, errno == ENOENT {
      if name.isFromLink { throw failure(.linkToNothing(path(of: name))) }
      guard creating, name.text != ".." else { throw failure(.system(ENOENT)) }
      guard mkdirat(here.descriptor.number, String(name.text), 0o700) == 0 || errno == EEXIST else {
        throw FileError(path: asked, doing: .create, cause: .system(errno))
      }
      next = open(name)
    }
    guard next >= 0 else {
      guard [ENOTDIR, ELOOP].contains(errno) else { throw failure(.system(errno)) }
      return try follow(name)
    }
    here = Step(descriptor: OwnedDescriptor(next), path: path(of: name))
    try check()
  }

  /// Opens a folder, with O_DIRECTORY so that the kernel mounts an automounted one.
  private func open(_ name: Name) -> Int32 {
    cl_open_path(here.descriptor.number, String(name.text), O_DIRECTORY)
  }

  /// Puts the names of the link's target before the remaining ones.
  private mutating func follow(_ name: Name) throws(FileError) {
    let found = cl_open_path(here.descriptor.number, String(name.text), 0)
    guard found >= 0 else { throw failure(.system(errno)) }
    let link = OwnedDescriptor(found)
    let status = try status(of: link)
    guard status.isKind(S_IFLNK) else { throw failure(.notDirectory) }
    links += 1
    guard links <= Self.mostLinks else { throw failure(.system(ELOOP)) }
    // In a sticky folder the link's owner could point it elsewhere.
    if isChecked, let owner = status.stranger() {
      throw failure(.linkOfAnother(path(of: name), owner: owner))
    }
    let target = try target(of: link)
    ahead += Self.names(target[...], isFromLink: true)
    if target.utf8.first == UInt8(ascii: "/") {
      here = try Self.root(asked: asked)
      try check()
    }
  }

  private func target(of link: OwnedDescriptor) throws(FileError) -> String {
    var characters = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlinkat(link.number, "", &characters, characters.count)
    guard count >= 0 else { throw failure(.system(errno)) }
    guard count < characters.count else { throw failure(.system(ENAMETOOLONG)) }
    let bytes = characters[..<count].map { UInt8(bitPattern: $0) }
    guard let target = String(validating: bytes, as: UTF8.self) else {
      throw failure(.system(EILSEQ))
    }
    return target
  }

  /// Refuses the current folder unless only root and we can change its names.
  private func check() throws(FileError) {
    guard isChecked else { return }
    let status = try status(of: here.descriptor)
    if let owner = status.stranger() {
      throw failure(.folderOfAnother(here.path, owner: owner))
    }
    // A sticky folder lets others add names, but neither rename nor remove ours.
    let isOpen =
      status.st_mode & S_ISVTX == 0 && status.isWritable(toOthersThan: geteuid())
    // The last folder's mode is checked against the caller's `privacy` instead.
    if isOpen, !ahead.isEmpty {
      throw failure(.folderOpenToOthers(here.path, mode: status.st_mode & 0o7777))
    }
  }

  private func status(of descriptor: OwnedDescriptor) throws(FileError) -> stat {
    var status = stat()
    guard fstat(descriptor.number, &status) == 0 else { throw failure(.system(errno)) }
    return status
  }

  private func path(of name: Name) -> String {
    // The walk's path contains no links, so the written parent is the real one.
    if name.text == ".." { return here.path.splitAtLastSlash.directory }
    return here.path == "/" ? "/" + name.text : here.path + "/" + name.text
  }

  private func failure(_ cause: FileError.Cause) -> FileError {
    FileError(path: asked, doing: .open, cause: cause)
  }

  /// Splits a path into names, the last one first.
  private static func names(_ path: Substring, isFromLink: Bool) -> [Name] {
    // Split by bytes, as the kernel does: a slash with a combining mark is one Character.
    path.utf8.split(separator: UInt8(ascii: "/")).reversed().map { Substring($0) }
      .filter { $0 != "." }.map { Name(text: $0, isFromLink: isFromLink) }
  }

  private static func root(asked: String) throws(FileError) -> Step {
    let root = cl_open_path(AT_FDCWD, "/", O_DIRECTORY)
    guard root >= 0 else { throw FileError(path: asked, doing: .open, cause: .system(errno)) }
    return Step(descriptor: OwnedDescriptor(root), path: "/")
  }
}

/// A descriptor that is closed with its last reference.
private final class OwnedDescriptor {
  let number: Int32
  init(_ number: Int32) { self.number = number }
  deinit { close(number) }
}

extension stat {
  /// Returns the owner if it is neither root nor `user`: a folder's owner can rename what is in it.
  func stranger(to user: uid_t = geteuid()) -> uid_t? {
    st_uid == 0 || st_uid == user ? nil : st_uid
  }
}
