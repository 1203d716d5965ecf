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
