import Glibc

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
