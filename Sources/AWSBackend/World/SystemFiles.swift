import Glibc
import Machine
import Text

/// The file system.
///
/// Links are followed, as the AWS CLI follows them: operators keep these files elsewhere.
public struct SystemFiles: AWSFiles {
  static let readCap = 16 << 20

  /// Creates access to the file system.
  public init() {}

  /// Reads a whole file, at most 16 MiB, with its doubt; nil if it is missing.
  ///
  /// `/dev/null` is read as an empty file.
  ///
  /// - Throws: `AWSFileFault` if the file cannot be read, is not a regular file, or is larger than
  ///   16 MiB.
  public func readJudged(_ path: String) throws(AWSFileFault) -> JudgedFile? {
    let file: WalkedFile
    let status: stat
    do throws(PathFailure) {
      file = try WalkedFile.read(Self.absolute(path))
      status = try file.status()
    } catch {
      if error.number == ENOENT || error.number == ENOTDIR { return nil }
      // A socket, or a device without a driver.
      if error.number == ENXIO || error.number == ENODEV { throw .noFile(path) }
      throw .system(path, error.number)
    }
    // Pipelines name /dev/null (device 1:3) where they want no file.
    if status.st_mode & S_IFMT == S_IFCHR, status.st_rdev == 0x103 {
      return JudgedFile(bytes: [], doubt: nil)
    }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .noFile(path) }
    return JudgedFile(bytes: try Self.contents(file.descriptor, of: path), doubt: file.doubt)
  }

  /// Returns the doubt about a file; nil if nobody else can change it, or it cannot be examined.
  public func judge(_ path: String) -> PathDoubt? {
    // SAFETY: a file that cannot be examined cannot be read either; reading it reports the error.
    (try? WalkedFile.look(at: Self.absolute(path)))?.doubt
  }

  private static func contents(
    _ descriptor: Int32, of path: String
  ) throws(AWSFileFault) -> [UInt8] {
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = Glibc.read(descriptor, &part, part.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw .system(path) }
      if count == 0 { return bytes }
      bytes += part[..<count]
      guard bytes.count <= readCap else {
        throw AWSFileFault(path: path, detail: "larger than 16 MiB")
      }
    }
  }

  /// Returns an absolute path.
  ///
  /// As in the AWS CLI, a relative path starts at the current directory, and `~name` is that user's
  /// home.
  private static func absolute(_ path: String) -> String {
    if path.utf8.first == UInt8(ascii: "~") {
      let user = path.dropFirst().prefix { $0 != "/" }
      if let entry = getpwnam(String(user)), let home = entry.pointee.pw_dir {
        return String(cString: home) + path.dropFirst(1 + user.count)
      }
    }
    guard path.utf8.first != UInt8(ascii: "/"), !path.isEmpty, let here = getcwd(nil, 0) else {
      return path
    }
    defer { free(here) }
    return String(cString: here) + "/" + path
  }

  /// Replaces a file in one step with mode 0600, and syncs it and its folder.
  ///
  /// Missing folders are created with mode 0700. In another user's folder root creates nothing, and
  /// keeps the owner of a file that it replaces.
  ///
  /// - Throws: `AWSFileFault` if the path is not absolute, root would create the file in another
  ///   user's folder, or the system reports an error.
  public func replace(_ path: String, with bytes: [UInt8]) throws(AWSFileFault) {
    // The target of a link is replaced; otherwise the operator would lose the link.
    let target = Self.resolved(path)
    guard let slash = target.lastIndex(of: "/"), slash != target.startIndex else {
      throw AWSFileFault(path: path, detail: "not an absolute path")
    }
    let folder = String(target[..<slash])
    let name = String(target[target.index(after: slash)...])
    // Root in another user's folder (sudo with HOME kept) creates nothing there, and a replaced
    // file remains that user's.
    var before = stat()
    let isForeign = geteuid() == 0 && (HomeFolder.owner(of: folder) ?? 0) != 0
    if isForeign, lstat(target, &before) != 0 {
      throw AWSFileFault(
        path: path, detail: "its folder is another user's, and root makes nothing there")
    }
    try Self.makeFolders(folder)
    let directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard directory >= 0 else { throw .system(folder) }
    defer { close(directory) }
    let temporary = ".\(name).\(getpid()).\(UInt32.random(in: 0...UInt32.max))"
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
    let descriptor = openat(directory, temporary, flags, 0o600)
    guard descriptor >= 0 else { throw .system(path) }
    let isWritten =
      (!isForeign || fchown(descriptor, before.st_uid, before.st_gid) == 0)
      && Self.write(bytes, to: descriptor) && fsync(descriptor) == 0
    let number = errno
    close(descriptor)
    guard isWritten, renameat(directory, temporary, directory, name) == 0 else {
      let cause = isWritten ? errno : number
      unlinkat(directory, temporary, 0)
      throw AWSFileFault(path: path, detail: String(cString: strerror(cause)))
    }
    guard fsync(directory) == 0 else { throw .system(folder) }
  }

  private static func resolved(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }

  private static func makeFolders(_ folder: String) throws(AWSFileFault) {
    var status = stat()
    if stat(folder, &status) == 0 { return }
    if let slash = folder.lastIndex(of: "/"), slash != folder.startIndex {
      try makeFolders(String(folder[..<slash]))
    }
    guard mkdir(folder, 0o700) == 0 || errno == EEXIST else { throw .system(folder) }
  }

  private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }
}

extension AWSFileFault {
  fileprivate static func noFile(_ path: String) -> AWSFileFault {
    AWSFileFault(path: path, detail: "not a regular file", isNoFile: true)
  }

  /// Returns an error with the system's message for `errno`.
  fileprivate static func system(_ path: String, _ number: Int32 = errno) -> AWSFileFault {
    AWSFileFault(path: path, detail: String(cString: strerror(number)))
  }
}
