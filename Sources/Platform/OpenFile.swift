import CLinux
import Glibc
import Model

/// A regular file that was checked after it was opened.
///
/// It is closed with its last reference, and never inherited by a child process.
public final class OpenFile: Sendable {
  /// The open file descriptor, which is closed with this object.
  public let descriptor: Int32
  /// The path with which it was found, for messages.
  public let path: String
  /// The first part of its path, or the file itself, that others than this user and root can
  /// change; nil when nobody else can, or when the path was not examined for it.
  public let doubt: PathDoubt?

  /// Takes ownership of `descriptor`.
  public init(descriptor: Int32, path: String, doubt: PathDoubt? = nil) {
    self.descriptor = descriptor
    self.path = path
    self.doubt = doubt
  }

  /// Opens the file at an absolute path for reading, follows links, and notes what others can
  /// change.
  ///
  /// What is noted in `doubt` holds for the bytes that are read, even if the path changes later.
  ///
  /// - Throws: `PathFailure` with the errno of the step that failed: ENOENT for a missing file and
  ///   for a relative path, EINVAL for a NUL in the path, ELOOP after 40 links, EILSEQ for a link
  ///   that is not UTF-8, and EAGAIN when the file became a link in each of eight attempts.
  public static func find(_ path: String, user: uid_t = geteuid()) throws(PathFailure) -> OpenFile {
    // Non-blocking, because opening a pipe would otherwise wait for a writer.
    try walk(path, user, O_RDONLY | O_NONBLOCK | O_NOCTTY)
  }

  /// Opens the file without the right to read it, so that its status and `doubt` are known.
  ///
  /// - Throws: `PathFailure` as `find(_:user:)`.
  public static func look(at path: String, user: uid_t = geteuid()) throws(PathFailure) -> OpenFile
  {
    try walk(path, user, cl_path_flag())
  }

  private static func walk(
    _ path: String, _ user: uid_t, _ access: Int32
  ) throws(PathFailure) -> OpenFile {
    var attempts = 8
    while true {
      var walk = try PathWalk(to: path, .note, user: user)
      do throws(PathFailure) { return try walk.openFile(access) } catch {
        // The file became a link between two calls, as when a link is renamed over it.
        attempts -= 1
        guard error.number == EAGAIN, attempts > 0 else { throw error }
      }
    }
  }

  deinit { close(descriptor) }

  /// Reads the whole file.
  ///
  /// - Throws: `FileError.Cause.tooLarge` when it has more than `limit` bytes; `.system` when it
  ///   cannot be read.
  public func read(limit: Int) throws(FileError) -> [UInt8] {
    let size = try status().st_size
    guard size <= limit else { throw error(.read, .tooLarge(limit: limit)) }
    return try read(from: 0, limit: limit)
  }

  /// Returns whether the file is empty or begins with the whole of `head`.
  ///
  /// - Throws: `FileError.Cause.system` when it cannot be read.
  public func begins(with head: [UInt8]) throws(FileError) -> Bool {
    var bytes = [UInt8](repeating: 0, count: head.count)
    let count = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
    guard count >= 0 else { throw error(.read) }
    return count == 0 || bytes[..<count] == head[...]
  }

  /// Reads from `offset` to the end.
  ///
  /// - Throws: `FileError.Cause.tooLarge` when that is more than `limit` bytes; `.system` when it
  ///   cannot be read.
  public func read(from offset: Int, limit: Int) throws(FileError) -> [UInt8] {
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

  /// Writes `bytes` to the end of a file that was opened with `Access.append`.
  ///
  /// The system usually takes them in one `write`, so that no other writer's bytes come between.
  /// When it takes only a part (the disk fills up), the rest is written again until the system
  /// reports an error.
  ///
  /// - Throws: `FileError.Cause.system`; a part may have been written.
  public func append(_ bytes: [UInt8]) throws(FileError) {
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

  /// Waits until the file's bytes are on the disk.
  ///
  /// After an error they may be lost although a second call would succeed (the pages are marked
  /// clean): never call it again.
  ///
  /// - Throws: `FileError.Cause.system` with `fdatasync`'s error.
  public func synchronise() throws(FileError) {
    guard fdatasync(descriptor) == 0 else { throw error(.synchronise) }
  }

  /// Cuts the file to `size` bytes.
  ///
  /// - Throws: `FileError.Cause.system` with `ftruncate`'s error.
  public func truncate(to size: Int) throws(FileError) {
    guard ftruncate(descriptor, off_t(size)) == 0 else { throw error(.write) }
  }

  /// Returns what `fstat` reports about the open file.
  ///
  /// - Throws: `FileError.Cause.system` with `fstat`'s error.
  public func status() throws(FileError) -> stat {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw error(.open) }
    return status
  }

  /// Takes the lock, which ends with this object or this process, whichever is first.
  ///
  /// Returns false when another open file holds it and `waiting` is false.
  ///
  /// - Throws: `FileError.Cause.system` with `flock`'s error.
  public func lock(exclusive: Bool = true, waiting: Bool) throws(FileError) -> Bool {
    let kind = (exclusive ? LOCK_EX : LOCK_SH) | (waiting ? 0 : LOCK_NB)
    while flock(descriptor, kind) != 0 {
      if errno == EINTR { continue }
      if errno == EWOULDBLOCK { return false }
      throw error(.lock)
    }
    return true
  }

  /// Releases the lock.
  public func unlock() {
    _ = flock(descriptor, LOCK_UN)
  }

  private func error(_ act: FileError.Act, _ cause: FileError.Cause? = nil) -> FileError {
    FileError(path: path, doing: act, cause: cause ?? .system(errno))
  }
}

/// The protection against other users that a file or directory must have.
public enum Privacy {
  /// Ours alone, mode x00: journal, drafts, logs, stores.
  case secret
  /// Owned by us or root, and not writable by others: the operator's files that this program trusts
  /// (configuration, trust list). Others may read it.
  case unforged

  private var forbidden: mode_t {
    switch self {
    case .secret: 0o077
    case .unforged: 0o022
    }
  }

  /// Returns the reason to refuse this file or directory; nil when it is accepted.
  public func preflightFailure(to status: stat, user: uid_t = geteuid()) -> FileError.Cause? {
    let isRoots = self == .unforged && status.st_uid == 0
    guard status.st_uid == user || isRoots else { return .ofAnother(status.st_uid) }
    // A sticky directory lets others add names, but not change ours.
    if self == .unforged, status.isKind(S_IFDIR), status.st_mode & S_ISVTX != 0 { return nil }
    guard status.st_mode & forbidden == 0 else { return .openToOthers(status.st_mode & 0o7777) }
    return nil
  }
}

/// An error about a file or directory, as data only; `CommandFailure` has the words.
public struct FileError: Error, Hashable, Sendable {
  /// The path as it was requested.
  ///
  /// It comes from the environment or a flag and is made printable before it is shown.
  public var path: String
  /// The action that failed.
  public var doing: Act
  /// The reason.
  public var cause: Cause

  /// Combines a path with what failed there.
  public init(path: String, doing: Act, cause: Cause) {
    self.path = path
    self.doing = doing
    self.cause = cause
  }

  /// The actions on a file or directory.
  public enum Act: String, Hashable, Sendable {
    case open
    case create
    case read
    case write
    case synchronise
    case lock
    case replace
    case remove
  }

  /// The reasons why a file or directory cannot be used.
  public enum Cause: Hashable, Sendable {
    /// The system's error number.
    case system(Int32)
    /// A directory, a device, a pipe or a symbolic link.
    case notRegular
    case notDirectory
    /// It has a second hard link, through which others may change it.
    case linkedTwice
    /// It belongs to this other user.
    case ofAnother(UInt32)
    /// Its mode lets others read or write it.
    case openToOthers(UInt32)
    /// Others may write to a folder on its path that has no sticky bit.
    case folderOpenToOthers(String, mode: UInt32)
    /// The owner of a folder on its path is neither root nor us.
    case folderOfAnother(String, owner: UInt32)
    /// The owner of a symbolic link on its path is neither root nor us.
    case linkOfAnother(String, owner: UInt32)
    /// A symbolic link on its path points to this path, which does not exist.
    case linkToNothing(String)
    case tooLarge(limit: Int)
    /// A log's path is among the journal, the trust lists or the organization's store.
    case besideTheJournal
    /// A log's file contains something else.
    case notALog
    /// The path is relative where an absolute one is required.
    case relative
  }

  /// Whether the error is that nothing exists at the path.
  public var isMissing: Bool { cause == .system(ENOENT) }
}

extension FileError {
  /// Converts the failure of a walk to `path`.
  init(path: String, _ failure: PathFailure) {
    let cause: Cause =
      switch failure.cause {
      case .system(let number), .creation(let number): .system(number)
      case .relative: .relative
      case .notDirectory: .notDirectory
      case .danglingLink(let target): .linkToNothing(target)
      case .doubt(let doubt, let isLink):
        switch doubt.kind {
        case .owner(let owner) where isLink: .linkOfAnother(doubt.path, owner: owner)
        case .owner(let owner): .folderOfAnother(doubt.path, owner: owner)
        case .mode(let mode): .folderOpenToOthers(doubt.path, mode: mode)
        }
      }
    var act = Act.open
    if case .creation = failure.cause { act = .create }
    self.init(path: path, doing: act, cause: cause)
  }
}

extension FileError {
  /// Returns what cannot be done with which file, with `shown` applied to paths.
  public func what(_ shown: (String) -> String) -> String { "\(shown(path)) \(verb)" }

  private var verb: String {
    switch doing {
    case .open: "cannot be used"
    case .create: "cannot be created"
    case .read: "cannot be read"
    case .write: "cannot be written"
    case .synchronise: "cannot be written to the disk"
    case .lock: "cannot be locked"
    case .replace: "cannot be replaced"
    case .remove: "cannot be removed"
    }
  }

  /// Returns the cause, with `shown` applied to paths.
  public func why(_ shown: (String) -> String) -> String {
    switch cause {
    case .system(let number): SystemError(number).words
    case .notRegular: "it is not a regular file"
    case .notDirectory: "a part of the path is not a directory"
    case .linkedTwice: "it has a second hard link, through which others may change it"
    case .ofAnother(let user): "it belongs to another user (uid \(user))"
    case .openToOthers(let mode): "other users can access it (mode \(String(mode, radix: 8)))"
    case .folderOpenToOthers(let folder, let mode):
      "other users can rename files in \(shown(folder)) (mode \(String(mode, radix: 8)))"
    case .folderOfAnother(let folder, let owner):
      "\(shown(folder)) belongs to uid \(owner), neither root nor you, who can rename files in it"
    case .linkOfAnother(let link, let owner):
      "the link \(shown(link)) belongs to uid \(owner), neither root nor you, who can change it"
    case .linkToNothing(let path):
      "a link in the path points to \(shown(path)), which does not exist"
    case .tooLarge(let limit): "it is larger than \(limit) bytes"
    case .besideTheJournal: "a log must not be in a directory of the program's own files"
    case .notALog: "it contains something that is not a log"
    case .relative: "the path is not absolute"
    }
  }

  /// Returns what the operator can do about it; nil if there is no general answer.
  public func remedy(_ shown: (String) -> String) -> String? {
    switch cause {
    case .system(let number): SystemError(number).remedy
    case .tooLarge: nil
    case .besideTheJournal, .notALog: "Name another file with --log."
    case .notRegular, .notDirectory, .linkedTwice: "Move it away and try again."
    case .ofAnother: "Use a path of your own."
    case .openToOthers: "chmod go= \(shown(path))"
    case .folderOpenToOthers(let folder, _): "chmod go-w \(shown(folder)), or use another path."
    case .folderOfAnother(let folder, _):
      "chown \(shown(folder)) to root or you, or use a path in directories of root or you."
    case .linkOfAnother: "Name the target itself, or recreate the link."
    case .linkToNothing: "Mount or create the link's target, or fix the link."
    case .relative: "Use an absolute path."
    }
  }
}
