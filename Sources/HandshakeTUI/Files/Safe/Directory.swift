import Glibc

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
  /// The directory itself must satisfy `privacy`; nil asks nothing of it (a place that the operator
  /// named). No directory above may be one where strangers can rename things.
  static func open(_ path: String, creating: Bool, privacy: Privacy?) throws(FileError) -> Directory
  {
    guard path.utf8.first == UInt8(ascii: "/") else {
      throw FileError(path: path, doing: .open, cause: .relative)
    }
    var here = Directory(path: "/", descriptor: try openRoot())
    let names = try resolved(path).split(separator: "/").map(String.init)
    for name in names {
      if privacy != nil { try here.refuseUnsafeParent(of: path) }
      here = try here.descend(name, creating: creating, asked: path)
    }
    let directory = Directory(path: path, descriptor: dup(cloexec: here.descriptor))
    guard directory.descriptor >= 0 else {
      throw FileError(path: path, doing: .open, cause: .system(errno))
    }
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

  private func refuseUnsafeParent(of asked: String) throws(FileError) {
    guard try status().isUnsafeParent() else { return }
    throw FileError(path: asked, doing: .open, cause: .parentOpenToOthers(path))
  }

  private func descend(_ name: String, creating: Bool, asked: String) throws(FileError) -> Directory
  {
    let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
    var next = openat(descriptor, name, flags)
    if next < 0, errno == ENOENT, creating {
      guard mkdirat(descriptor, name, 0o700) == 0 || errno == EEXIST else {
        throw FileError(path: asked, doing: .create, cause: .system(errno))
      }
      next = openat(descriptor, name, flags)
    }
    guard next >= 0 else {
      let cause: FileError.Cause = errno == ENOTDIR ? .notDirectory : .system(errno)
      throw FileError(path: asked, doing: .open, cause: cause)
    }
    return Directory(path: path == "/" ? "/" + name : path + "/" + name, descriptor: next)
  }

  private static func openRoot() throws(FileError) -> Int32 {
    let root = Glibc.open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard root >= 0 else { throw FileError(path: "/", doing: .open, cause: .system(errno)) }
    return root
  }

  private static func dup(cloexec descriptor: Int32) -> Int32 {
    fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
  }

  /// The path without symbolic links: homes are often links, and what they point to must be as safe.
  /// A part that is not there yet is kept as it is written.
  private static func resolved(_ path: String) throws(FileError) -> String {
    var head = path
    var tail: [Substring] = []
    while true {
      if let real = realpath(head, nil) {
        defer { free(real) }
        return ([String(cString: real)] + tail.reversed().map(String.init)).joined(separator: "/")
      }
      guard errno == ENOENT, let slash = head.lastIndex(of: "/") else {
        let cause: FileError.Cause = errno == ENOTDIR ? .notDirectory : .system(errno)
        throw FileError(path: path, doing: .open, cause: cause)
      }
      let name = head[head.index(after: slash)...]
      guard name != ".." else { throw FileError(path: path, doing: .open, cause: .system(ENOENT)) }
      if !name.isEmpty, name != "." { tail.append(name) }
      head = slash == head.startIndex ? "/" : String(head[..<slash])
    }
  }
}
