import Glibc
import Model
import Text

/// A regular file that was checked after it was opened. Closed when it is let go; never inherited by
/// a child process.
final class OpenFile: Sendable {
  let descriptor: Int32
  let path: String

  /// Takes over `descriptor`.
  init(descriptor: Int32, path: String) {
    self.descriptor = descriptor
    self.path = path
  }

  deinit { close(descriptor) }

  /// Everything from the start of the file.
  func read(limit: Int) throws(FileError) -> [UInt8] {
    let size = try status().st_size
    guard size <= limit else { throw error(.read, .tooLarge(limit: limit)) }
    return try read(from: 0, limit: limit)
  }

  /// Whether it is empty or begins so.
  func begins(with head: [UInt8]) throws(FileError) -> Bool {
    var bytes = [UInt8](repeating: 0, count: head.count)
    let count = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
    guard count >= 0 else { throw error(.read) }
    return count == 0 || bytes[..<count] == head[...]
  }

  /// From `offset` to the end.
  func read(from offset: Int, limit: Int) throws(FileError) -> [UInt8] {
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

  /// In one `write` where the system takes it whole, so that no other writer's bytes come between;
  /// a rest (a disk that fills up) is tried once more and then told.
  func append(_ bytes: [UInt8]) throws(FileError) {
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

  /// The bytes are on the disk when this returns. After a failure they may be lost although a second
  /// call would succeed (the pages are marked clean): never call it again.
  func synchronise() throws(FileError) {
    guard fdatasync(descriptor) == 0 else { throw error(.synchronise) }
  }

  func truncate(to size: Int) throws(FileError) {
    guard ftruncate(descriptor, off_t(size)) == 0 else { throw error(.write) }
  }

  func status() throws(FileError) -> stat {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw error(.open) }
    return status
  }

  /// Takes the lock that ends with this object or this process, whichever is first. False when
  /// somebody else holds it and `waiting` is off.
  func lock(exclusive: Bool = true, waiting: Bool) throws(FileError) -> Bool {
    let kind = (exclusive ? LOCK_EX : LOCK_SH) | (waiting ? 0 : LOCK_NB)
    while flock(descriptor, kind) != 0 {
      if errno == EINTR { continue }
      if errno == EWOULDBLOCK { return false }
      throw error(.lock)
    }
    return true
  }

  func unlock() {
    _ = flock(descriptor, LOCK_UN)
  }

  private func error(_ act: FileError.Act, _ cause: FileError.Cause? = nil) -> FileError {
    FileError(path: path, doing: act, cause: cause ?? .system(errno))
  }
}

/// Who else may reach a file or directory that this program uses.
enum Privacy {
  /// Ours alone, mode x00: journal, drafts, logs, stores.
  case secret
  /// Ours or root's, and nobody else may write to it: what the operator writes and this program
  /// trusts (configuration, trust list). To read it does no harm.
  case unforged

  private var forbidden: mode_t {
    switch self {
    case .secret: 0o077
    case .unforged: 0o022
    }
  }

  /// Why this file or directory does not do; nil when it does.
  func objection(to status: stat, user: uid_t = geteuid()) -> FileError.Cause? {
    let isRoots = self == .unforged && status.st_uid == 0
    guard status.st_uid == user || isRoots else { return .ofAnother(status.st_uid) }
    // A sticky directory lets others add names, but not change ours.
    if self == .unforged, status.isKind(S_IFDIR), status.st_mode & S_ISVTX != 0 { return nil }
    guard status.st_mode & forbidden == 0 else { return .openToOthers(status.st_mode & 0o7777) }
    return nil
  }
}

extension stat {
  func isKind(_ kind: mode_t) -> Bool { st_mode & S_IFMT == kind }
}

/// A file or directory that cannot be used: data only. `CommandFailure` has the words.
struct FileError: Error, Hashable {
  /// As it was asked for. Comes from the environment or a flag: made printable before it is shown.
  var path: String
  var doing: Act
  var cause: Cause

  enum Act: String, Hashable {
    case open
    case create
    case read
    case write
    case synchronise
    case lock
    case replace
    case remove
  }

  enum Cause: Hashable {
    /// What the system said: an errno.
    case system(Int32)
    /// A directory, a device, a pipe, a symbolic link.
    case notRegular
    case notDirectory
    /// It has a second name: whoever has that one may change it.
    case linkedTwice
    /// Another user's.
    case ofAnother(UInt32)
    /// Its mode lets others read or write it.
    case openToOthers(UInt32)
    /// A folder on the way to it that others may write to, without the sticky bit.
    case folderOpenToOthers(String, mode: UInt32)
    /// A folder on the way to it whose owner is neither root nor us.
    case folderOfAnother(String, owner: UInt32)
    /// A symbolic link on the way to it whose owner is neither root nor us.
    case linkOfAnother(String, owner: UInt32)
    /// A symbolic link on the way to it leads to this, which is not there.
    case linkToNothing(String)
    case tooLarge(limit: Int)
    /// For a log: it lies among the journal, the trust lists or the organization.
    case besideTheJournal
    /// For a log: something else is in it.
    case notALog
    /// A relative path where only an absolute one is sure.
    case relative
  }

  /// Nothing is there, as against something that cannot be used.
  var isMissing: Bool { cause == .system(ENOENT) }
}

extension FileError {
  func failure(_ ink: Ink) -> CommandFailure {
    CommandFailure(.failed, "\(ink.full(path)) \(verb)", why: why(ink), remedy: remedy(ink))
  }

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

  private func why(_ ink: Ink) -> String {
    switch cause {
    case .system(let number): SystemError(number).words
    case .notRegular: "it is not a regular file"
    case .notDirectory: "a part of the path is not a directory"
    case .linkedTwice: "it has a second hard link, through which others may change it"
    case .ofAnother(let user): "it belongs to another user (uid \(user))"
    case .openToOthers(let mode): "other users can access it (mode \(String(mode, radix: 8)))"
    case .folderOpenToOthers(let folder, let mode):
      "other users can rename files in \(ink.full(folder)) (mode \(String(mode, radix: 8)))"
    case .folderOfAnother(let folder, let owner):
      "\(ink.full(folder)) belongs to uid \(owner), neither root nor you, who can rename files in it"
    case .linkOfAnother(let link, let owner):
      "the link \(ink.full(link)) belongs to uid \(owner), neither root nor you, who can change it"
    case .linkToNothing(let path):
      "a link in the path points to \(ink.full(path)), which does not exist"
    case .tooLarge(let limit): "it is larger than \(limit) bytes"
    case .besideTheJournal: "a log must not be in a directory of the program's own files"
    case .notALog: "it contains something that is not a log"
    case .relative: "the path is not absolute"
    }
  }

  private func remedy(_ ink: Ink) -> String? {
    switch cause {
    case .system(let number): SystemError(number).remedy
    case .tooLarge: nil
    case .besideTheJournal, .notALog: "Name another file with --log."
    case .notRegular, .notDirectory, .linkedTwice: "Move it away and try again."
    case .ofAnother: "Use a path of your own."
    case .openToOthers: "chmod go= \(ink.full(path))"
    case .folderOpenToOthers(let folder, _): "chmod go-w \(ink.full(folder)), or use another path."
    case .folderOfAnother(let folder, _):
      "chown \(ink.full(folder)) to root or you, or use a path in directories of root or you."
    case .linkOfAnother: "Name the target itself, or recreate the link."
    case .linkToNothing: "Mount or create the link's target, or fix the link."
    case .relative: "Use an absolute path."
    }
  }
}
