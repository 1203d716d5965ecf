import CLinux
import Glibc
import Machine

/// A directory held open: files in it are reached through this descriptor, so that nobody can swap
/// the path underneath.
final class Directory: Sendable {
  let path: String
  let descriptor: Int32

  private init(path: String, descriptor: Int32) {
    self.path = path
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// Opens `path`, which must be absolute. What is missing of it is made with mode 0700 when
  /// `creating`.
  ///
  /// The directory itself must satisfy `privacy`, and every folder on the way to it, links included,
  /// must be root's or ours and not open to others (`FolderWalk`). Nil asks nothing of either: a place
  /// that the operator named for what is not trusted later.
  static func open(_ path: String, creating: Bool, privacy: Privacy?) throws(FileError) -> Directory
  {
    var walk = try FolderWalk(to: path, isChecked: privacy != nil)
    let directory = Directory(path: path, descriptor: try walk.finish(creating: creating))
    if let privacy, let objection = privacy.objection(to: try directory.status()) {
      throw FileError(path: path, doing: .open, cause: objection)
    }
    return directory
  }

  /// New names and renames in it are on the disk when this returns.
  func synchronise() throws(FileError) {
    guard fsync(descriptor) == 0 else {
      throw FileError(path: path, doing: .synchronise, cause: .system(errno))
    }
  }

  /// The same, and its own name and those of the directories above it are on the disk too: one that
  /// was made lately is gone after a power cut, with all that is in it, unless its parent was synced.
  func synchroniseWithParents() throws(FileError) {
    try synchronise()
    var here = self
    while true {
      let descriptor = openat(here.descriptor, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
      // One that cannot be read is none that we made something in.
      guard descriptor >= 0 else { return }
      let above = Directory(path: here.path + "/..", descriptor: descriptor)
      let (lower, upper) = (try here.status(), try above.status())
      // The root is above itself.
      if lower.st_ino == upper.st_ino, lower.st_dev == upper.st_dev { return }
      // Some kinds of file system know no sync of a directory: there is no more to be done.
      if fsync(descriptor) != 0, ![EINVAL, ENOTSUP, EROFS].contains(errno) {
        throw FileError(path: above.path, doing: .synchronise, cause: .system(errno))
      }
      here = above
    }
  }

  func status() throws(FileError) -> stat {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw FileError(path: path, doing: .open, cause: .system(errno))
    }
    return status
  }
}

// Names here are ours (or validated ids), never data: no slashes in them.

extension Directory {
  enum Access {
    case read
    case readWrite
    /// Every write goes to the end.
    case append

    fileprivate var flags: Int32 {
      switch self {
      case .read: O_RDONLY
      case .readWrite: O_RDWR
      case .append: O_RDWR | O_APPEND
      }
    }
  }

  /// Opens a file that is there; nil when none is. It must be regular, with one name, and satisfy
  /// `privacy`.
  func openFile(
    _ name: String, _ access: Access, privacy: Privacy = .secret
  ) throws(FileError) -> OpenFile? {
    // O_NONBLOCK: a pipe that somebody put there must not hold us up; regular files ignore it.
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

  /// Makes a file with mode 0600; nil when there is one already.
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

  /// Opens the file, or makes it. `isNew` asks for `synchronise()` of the directory.
  func openOrCreate(
    _ name: String, _ access: Access
  ) throws(FileError) -> (file: OpenFile, isNew: Bool) {
    // Twice: another process may make or remove it in between.
    for _ in 0..<2 {
      if let file = try openFile(name, access) { return (file, false) }
      if let file = try createFile(name, access) { return (file, true) }
    }
    throw FileError(path: path(of: name), doing: .open, cause: .system(EAGAIN))
  }

  /// The whole file; nil when none is there.
  func contents(
    of name: String, limit: Int, privacy: Privacy = .secret
  ) throws(FileError) -> [UInt8]? {
    try openFile(name, .read, privacy: privacy)?.read(limit: limit)
  }

  /// Readers see the old bytes or the new ones, also after a power cut; never half of each.
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

  func rename(_ old: String, to new: String) throws(FileError) {
    guard renameat(descriptor, old, descriptor, new) == 0 else {
      throw FileError(path: path(of: old), doing: .replace, cause: .system(errno))
    }
  }

  /// Removes a file. One that is not there is as good.
  func remove(_ name: String) throws(FileError) {
    guard unlinkat(descriptor, name, 0) == 0 || errno == ENOENT else {
      throw FileError(path: path(of: name), doing: .remove, cause: .system(errno))
    }
  }

  func path(of name: String) -> String { path + "/" + name }

  private static func check(_ file: OpenFile, _ privacy: Privacy) throws(FileError) {
    let status = try file.status()
    let objection: FileError.Cause?
    if !status.isKind(S_IFREG) {
      objection = .notRegular
    } else if status.st_nlink != 1 {
      objection = .linkedTwice
    } else {
      objection = privacy.objection(to: status)
    }
    if let objection { throw FileError(path: file.path, doing: .open, cause: objection) }
  }
}

/// The way from the root to a folder, taken name by name, each folder looked at through its own
/// descriptor.
///
/// No path is given to the system a second time, so that nothing can be put in its place between the
/// look and the use. Symbolic links are followed here: the folder that a link lies in and every folder on
/// the way to its target are looked at too (SEC-4.1.3).
struct FolderWalk {
  /// As it was asked for.
  let asked: String
  /// Whether folders on the way must be ones that nobody else can rename things in.
  let isChecked: Bool

  private var here: Step
  /// The names ahead, the next one last.
  private var ahead: [Name]
  private var links = 0

  /// As many as the kernel follows.
  private static let mostLinks = 40

  private struct Step {
    var descriptor: OwnedDescriptor
    var path: String
  }

  private struct Name {
    var text: Substring
    /// Whether the name comes from a link's target. Missing folders there are not created.
    var isFromLink: Bool
  }

  /// Begins at the root.
  ///
  /// - Parameter path: Absolute.
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

  /// Goes the whole way. Returns a descriptor of the folder that can be read and synced.
  ///
  /// - Parameter creating: Whether folders that are missing are made, with mode 0700.
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

  /// Opens a folder. (With O_DIRECTORY, because without it the kernel mounts nothing by itself here.)
  private func open(_ name: Name) -> Int32 {
    cl_open_path(here.descriptor.number, String(name.text), O_DIRECTORY)
  }

  /// Puts the target of the link `name` before what is ahead.
  private mutating func follow(_ name: Name) throws(FileError) {
    let found = cl_open_path(here.descriptor.number, String(name.text), 0)
    guard found >= 0 else { throw failure(.system(errno)) }
    let link = OwnedDescriptor(found)
    let status = try status(of: link)
    guard status.isKind(S_IFLNK) else { throw failure(.notDirectory) }
    links += 1
    guard links <= Self.mostLinks else { throw failure(.system(ELOOP)) }
    // In a sticky folder its owner could make it lead elsewhere.
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

  /// Refuses the folder that the walk is in unless its names are root's or ours to change.
  private func check() throws(FileError) {
    guard isChecked else { return }
    let status = try status(of: here.descriptor)
    if let owner = status.stranger() {
      throw failure(.folderOfAnother(here.path, owner: owner))
    }
    // A sticky folder lets others add names, but neither rename nor remove ours.
    let isOpen =
      status.st_mode & S_ISVTX == 0 && status.isWritable(toOthersThan: geteuid())
    // The folder itself is judged by what is asked of it.
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
    // No link is in the path of where the walk is, so that the folder above is the one written there.
    if name.text == ".." { return here.path.splitAtLastSlash.directory }
    return here.path == "/" ? "/" + name.text : here.path + "/" + name.text
  }

  private func failure(_ cause: FileError.Cause) -> FileError {
    FileError(path: asked, doing: .open, cause: cause)
  }

  /// The names of a path, the last one first.
  private static func names(_ path: Substring, isFromLink: Bool) -> [Name] {
    // Bytes, as the kernel splits: a slash and a combining mark are one Character.
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
  /// The owner, if it is neither root nor `user`: whoever owns a folder can rename what lies in it.
  func stranger(to user: uid_t = geteuid()) -> uid_t? {
    st_uid == 0 || st_uid == user ? nil : st_uid
  }
}
