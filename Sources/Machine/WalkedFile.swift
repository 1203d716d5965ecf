import CLinux
import Glibc

/// An open file whose path was walked from the root, with everything on the way examined.
///
/// The walk examines each folder, each link with the folder that contains it, and the file itself.
/// The findings hold for what is read from `descriptor`, even if the path changes later.
public final class WalkedFile: Sendable {
  /// The open file descriptor, which is closed with this object.
  public let descriptor: Int32
  /// The first part of the path, or the file itself, that others than this user and root can
  /// change.
  ///
  /// It is nil when nobody else can change any of them.
  public let doubt: PathDoubt?

  init(descriptor: Int32, doubt: PathDoubt?) {
    self.descriptor = descriptor
    self.doubt = doubt
  }

  deinit { close(descriptor) }

  /// Returns the status of the open file.
  ///
  /// - Throws: The errno of fstat.
  public func status() throws(PathFailure) -> stat {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw PathFailure(errno) }
    return status
  }

  /// Opens the file for reading and follows links.
  ///
  /// - Parameters:
  ///   - path: The absolute path.
  ///   - user: The user whose files are trusted besides root's.
  /// - Returns: The open file.
  /// - Throws: The errno of the step that failed: ENOENT for a missing file and for a relative
  ///   path, EINVAL for a NUL in the path, ELOOP after 40 links, EILSEQ for a link that is not
  ///   UTF-8, and EAGAIN when the file became a link in each of eight attempts.
  public static func read(
    _ path: String, user: uid_t = geteuid()
  ) throws(PathFailure) -> WalkedFile {
    // Non-blocking, because opening a pipe would otherwise wait for a writer.
    try walk(path, user, O_RDONLY | O_NONBLOCK | O_NOCTTY)
  }

  /// Opens the file without the right to read it, so that its status can be read.
  ///
  /// - Parameters:
  ///   - path: The absolute path.
  ///   - user: The user whose files are trusted besides root's.
  /// - Returns: The open file.
  /// - Throws: The errno of the step that failed, as for `read`.
  public static func look(
    at path: String, user: uid_t = geteuid()
  ) throws(PathFailure) -> WalkedFile {
    try walk(path, user, cl_path_flag())
  }

  private static func walk(
    _ path: String, _ user: uid_t, _ access: Int32
  ) throws(PathFailure) -> WalkedFile {
    var attempts = 8
    while true {
      var walk = try PathWalk.begin(path, user: user)
      do throws(PathFailure) { return try walk.open(access) } catch {
        // The file became a link between two calls, as when a link is renamed over it.
        attempts -= 1
        guard error.number == EAGAIN, attempts > 0 else { throw error }
      }
    }
  }
}

/// A system call that failed on the way to a file.
public struct PathFailure: Error, Hashable, Sendable {
  /// The errno of the call.
  public var number: Int32

  /// Wraps an errno.
  public init(_ number: Int32) { self.number = number }
}

/// A file, folder or link that others than this user and root can change or replace.
public struct PathDoubt: Hashable, Sendable {
  /// The absolute path of it, as the walk reached it.
  public var path: String
  /// The reason why others can change it.
  public var kind: Kind

  /// Combines a path with the reason.
  public init(path: String, _ kind: Kind) {
    self.path = path
    self.kind = kind
  }

  /// The reasons why others can change a file.
  public enum Kind: Hashable, Sendable {
    /// It belongs to the user with this id, who is neither the trusted user nor root.
    case owner(UInt32)
    /// Its mode, the lower 12 bits of `st_mode`, lets others write to it.
    case mode(UInt32)
  }
}

/// Resolves a path as the kernel does, one name at a time, and examines everything on the way.
///
/// Each name is opened from the descriptor of the folder before it. A path that is opened as a
/// whole and checked as a whole may lead to two different files, when somebody changes a folder or
/// a link on the way in between.
struct PathWalk: ~Copyable {
  /// The kernel's limit of links in one path (MAXSYMLINKS).
  private static let mostLinks = 40
  private static let path = cl_path_flag()

  private let user: uid_t
  private var folder: Int32
  /// The path of `folder`, for messages; empty for the root.
  private var place = ""
  /// The names still to be resolved, the next one last.
  private var names: [String]
  private var links = 0
  private var doubt: PathDoubt?

  private init(from root: Int32, names: [String], user: uid_t) {
    folder = root
    self.names = names
    self.user = user
  }

  /// Begins a walk at the root.
  ///
  /// - Parameters:
  ///   - path: The absolute path to resolve.
  ///   - user: The user whose files are trusted besides root's.
  /// - Returns: The walk before its first step.
  /// - Throws: ENOENT for a relative path, EINVAL for a NUL in it, or the errno of opening the
  ///   root.
  static func begin(_ path: String, user: uid_t) throws(PathFailure) -> PathWalk {
    guard path.utf8.first == UInt8(ascii: "/") else { throw PathFailure(ENOENT) }
    guard !path.utf8.contains(0) else { throw PathFailure(EINVAL) }
    return PathWalk(from: try root(), names: names(of: path), user: user)
  }

  private static func root() throws(PathFailure) -> Int32 {
    let root = Glibc.open("/", Self.path | O_DIRECTORY | O_CLOEXEC)
    guard root >= 0 else { throw PathFailure(errno) }
    return root
  }

  deinit { close(folder) }

  /// Walks to the end of the path and opens what is there with the flags in `access`.
  ///
  /// - Throws: The errno of the call that failed; ENOTDIR when a file is not the last name, ELOOP
  ///   after 40 links, EAGAIN when the file became a link before it was opened.
  mutating func open(_ access: Int32) throws(PathFailure) -> WalkedFile {
    while true {
      // Each folder is examined before a name is looked up in it.
      try judgeFolder()
      guard let name = names.popLast() else { return try here(access) }
      let isLast = names.isEmpty
      let found = openat(folder, name, Self.path | O_NOFOLLOW | O_CLOEXEC)
      guard found >= 0 else { throw PathFailure(errno) }
      var status = stat()
      guard fstat(found, &status) == 0 else { throw Self.closing(found) }
      switch status.st_mode & S_IFMT {
      case S_IFLNK:
        defer { close(found) }
        if cl_is_in_proc(folder) {
          if let file = try follow(name, access) { return file }
        } else {
          try take(link: found, status, named: name)
        }
      case S_IFDIR:
        close(folder)
        folder = found
        place = Self.place(name, in: place)
      default:
        defer { close(found) }
        guard isLast else { throw PathFailure(ENOTDIR) }
        return try file(name, access, like: status)
      }
    }
  }

  // MARK: Ends of the way

  /// Opens the last name, which was a file when it was examined.
  private mutating func file(
    _ name: String, _ access: Int32, like seen: stat
  ) throws(PathFailure) -> WalkedFile {
    let descriptor = openat(folder, name, access | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { throw PathFailure(errno == ELOOP ? EAGAIN : errno) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw Self.closing(descriptor) }
    guard status.st_mode & S_IFMT != S_IFLNK else {
      close(descriptor)
      throw PathFailure(EAGAIN)
    }
    judge(status, at: place + "/" + name, isSticky: false)
    return WalkedFile(descriptor: descriptor, doubt: doubt)
  }

  /// Opens the folder that the path ends at; it was examined already.
  private func here(_ access: Int32) throws(PathFailure) -> WalkedFile {
    let descriptor = openat(folder, ".", access | O_CLOEXEC)
    guard descriptor >= 0 else { throw PathFailure(errno) }
    return WalkedFile(descriptor: descriptor, doubt: doubt)
  }

  /// Follows a link of /proc, which leads to what a process holds open and has no path.
  ///
  /// Returns nil for a folder, from which the walk goes on, and the open file for anything else.
  private mutating func follow(_ name: String, _ access: Int32) throws(PathFailure) -> WalkedFile? {
    let target = openat(folder, name, Self.path | O_CLOEXEC)
    guard target >= 0 else { throw PathFailure(errno) }
    var status = stat()
    guard fstat(target, &status) == 0 else { throw Self.closing(target) }
    guard status.st_mode & S_IFMT != S_IFDIR else {
      close(folder)
      folder = target
      place = Self.place(name, in: place)
      return nil
    }
    close(target)
    guard names.isEmpty else { throw PathFailure(ENOTDIR) }
    let descriptor = openat(folder, name, access | O_CLOEXEC)
    guard descriptor >= 0 else { throw PathFailure(errno) }
    guard fstat(descriptor, &status) == 0 else { throw Self.closing(descriptor) }
    judge(status, at: place + "/" + name, isSticky: false)
    return WalkedFile(descriptor: descriptor, doubt: doubt)
  }

  // MARK: Steps

  /// Puts the target of a link before the names that are still to be resolved.
  private mutating func take(
    link: Int32, _ status: stat, named name: String
  ) throws(PathFailure) {
    links += 1
    guard links <= Self.mostLinks else { throw PathFailure(ELOOP) }
    if !isTrusted(status.st_uid) {
      note(PathDoubt(path: place + "/" + name, .owner(status.st_uid)))
    }
    var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
    let length = readlinkat(link, "", &bytes, bytes.count)
    guard length > 0 else { throw PathFailure(length < 0 ? errno : ENOENT) }
    guard length < bytes.count else { throw PathFailure(ENAMETOOLONG) }
    let target = bytes[..<length].map { UInt8(bitPattern: $0) }
    guard let text = String(validating: target, as: UTF8.self) else { throw PathFailure(EILSEQ) }
    names += Self.names(of: text)
    guard text.utf8.first == UInt8(ascii: "/") else { return }
    let root = try Self.root()
    close(folder)
    folder = root
    place = ""
  }

  private mutating func judgeFolder() throws(PathFailure) {
    var status = stat()
    guard fstat(folder, &status) == 0 else { throw PathFailure(errno) }
    // In a sticky folder only the folder's owner may rename the files of others.
    judge(status, at: place.isEmpty ? "/" : place, isSticky: status.st_mode & S_ISVTX != 0)
  }

  private mutating func judge(_ status: stat, at path: String, isSticky: Bool) {
    if !isTrusted(status.st_uid) {
      note(PathDoubt(path: path, .owner(status.st_uid)))
    } else if !isSticky, status.isWritable(toOthersThan: user) {
      note(PathDoubt(path: path, .mode(status.st_mode & 0o7777)))
    }
  }

  private mutating func note(_ found: PathDoubt) { doubt = doubt ?? found }

  private func isTrusted(_ owner: uid_t) -> Bool { owner == user || owner == 0 }

  /// Returns the names of a path, the first one last; a slash at the end becomes a last name `.`.
  private static func names(of path: String) -> [String] {
    // Split by bytes as the kernel does: a slash and a combining mark are one Character.
    let names = path.utf8.split(separator: UInt8(ascii: "/")).map { String(Substring($0)) }
      .filter { $0 != "." }
    let isFolder = path.utf8.last == UInt8(ascii: "/") && !names.isEmpty
    return (isFolder ? ["."] : []) + names.reversed()
  }

  private static func place(_ name: String, in place: String) -> String {
    switch name {
    case ".": place
    case "..": place.lastIndex(of: "/").map { String(place[..<$0]) } ?? ""
    default: place + "/" + name
    }
  }

  private static func closing(_ descriptor: Int32) -> PathFailure {
    let failure = PathFailure(errno)
    close(descriptor)
    return failure
  }
}

extension stat {
  /// Returns whether the mode lets others than this user and root write.
  ///
  /// The user's own group, which some systems make for each user, does not count as others.
  public func isWritable(toOthersThan user: uid_t) -> Bool {
    guard st_mode & S_IWOTH == 0 else { return true }
    return st_mode & S_IWGRP != 0 && st_gid != 0 && !Self.isOwnGroup(st_gid, of: user)
  }

  /// Returns whether the group has the user's name and lists no members.
  private static func isOwnGroup(_ group: gid_t, of user: uid_t) -> Bool {
    var (account, entry) = (passwd(), Glibc.group())
    var foundAccount: UnsafeMutablePointer<passwd>?
    var foundGroup: UnsafeMutablePointer<Glibc.group>?
    var names = [CChar](repeating: 0, count: 64 << 10)
    var members = [CChar](repeating: 0, count: 64 << 10)
    guard getpwuid_r(user, &account, &names, names.count, &foundAccount) == 0,
      getgrgid_r(group, &entry, &members, members.count, &foundGroup) == 0,
      let name = foundAccount?.pointee.pw_name, let other = foundGroup?.pointee.gr_name
    else { return false }
    return strcmp(name, other) == 0 && foundGroup?.pointee.gr_mem?.pointee == nil
  }
}
