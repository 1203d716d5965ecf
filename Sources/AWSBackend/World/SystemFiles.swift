import Glibc
import Platform
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
    let file: OpenFile
    do throws(PathFailure) { file = try OpenFile.find(Self.absolute(path)) } catch {
      if error.number == ENOENT || error.number == ENOTDIR { return nil }
      // A socket, or a device without a driver.
      if error.number == ENXIO || error.number == ENODEV { throw .noFile(path) }
      throw .system(path, error.number)
    }
    do throws(FileError) {
      let status = try file.status()
      // Pipelines name /dev/null (device 1:3) where they want no file.
      if status.isKind(S_IFCHR), status.st_rdev == 0x103 {
        return JudgedFile(bytes: [], doubt: nil)
      }
      guard status.isKind(S_IFREG) else {
        throw FileError(path: path, doing: .read, cause: .notRegular)
      }
      return JudgedFile(bytes: try file.read(limit: Self.readCap), doubt: file.doubt)
    } catch { throw AWSFileFault(path: path, error) }
  }

  /// Returns the doubt about a file; nil if nobody else can change it, or it cannot be examined.
  public func judge(_ path: String) -> PathDoubt? {
    // SAFETY: a file that cannot be examined cannot be read either; reading it reports the error.
    (try? OpenFile.look(at: Self.absolute(path)))?.doubt
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
    do throws(FileError) {
      let directory = try Directory.open(folder, creating: true, privacy: nil)
      try directory.replace(
        name, with: bytes, privacy: nil, owner: isForeign ? (before.st_uid, before.st_gid) : nil)
    } catch { throw AWSFileFault(path: path, error) }
  }

  private static func resolved(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }
}

extension AWSFileFault {
  /// Converts an error of the platform's files.
  fileprivate init(path: String, _ error: FileError) {
    let detail =
      switch error.cause {
      case .system(let number): String(cString: strerror(number))
      case .notRegular: "not a regular file"
      case .tooLarge(let limit): "larger than \(limit >> 20) MiB"
      default: error.why { $0 }
      }
    self.init(path: path, detail: detail, isNoFile: error.cause == .notRegular)
  }

  fileprivate static func noFile(_ path: String) -> AWSFileFault {
    AWSFileFault(path: path, detail: "not a regular file", isNoFile: true)
  }

  /// Returns an error with the system's message for `errno`.
  fileprivate static func system(_ path: String, _ number: Int32 = errno) -> AWSFileFault {
    AWSFileFault(path: path, detail: String(cString: strerror(number)))
  }
}
