import CLinux
import Glibc

/// A file that was opened step by step from the root, so that everything on the way to it was seen: each
/// folder, each link with the folder that it lies in, and the file itself.
///
/// What is said of it holds for what is read from `descriptor`, whatever becomes of its path meanwhile.
public final class WalkedFile: Sendable {
  public let descriptor: Int32
  /// The first part of the way, or the file itself, that somebody else than this user and root can
  /// change; nil when there is none.
  public let doubt: PathDoubt?

  init(descriptor: Int32, doubt: PathDoubt?) {
    self.descriptor = descriptor
    self.doubt = doubt
  }

  deinit { close(descriptor) }

  public func status() throws(PathFailure) -> stat {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw PathFailure(errno) }
    return status
  }

  /// Opens the file for reading. Links are followed.
  ///
  /// - Parameter path: Absolute.
  /// - Throws: The system's reason, ENOENT among them.
  public static func read(
    _ path: String, user: uid_t = geteuid()
  ) throws(PathFailure) -> WalkedFile {
    // Not blocking: a pipe in the file's place must not hold the program up.
    try walk(path, user, O_RDONLY | O_NONBLOCK | O_NOCTTY)
  }

  /// Opens the file without the right to read it: its status can be asked for.
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
        // The file became a link between two looks, as where a link is renamed over it.
        attempts -= 1
        guard error.number == EAGAIN, attempts > 0 else { throw error }
      }
    }
  }
}

/// An errno.
public struct PathFailure: Error, Hashable, Sendable {
  public var number: Int32

  public init(_ number: Int32) { self.number = number }
}

/// A file, folder or link that somebody else than this user and root can change or replace.
public struct PathDoubt: Hashable, Sendable {
  /// Absolute, as the walk came there.
  public var path: String
  public var kind: Kind

  public init(path: String, _ kind: Kind) {
    self.path = path
    self.kind = kind
  }

  public enum Kind: Hashable, Sendable {
    /// It belongs to this user.
    case owner(UInt32)
    /// Its mode lets others write to it.
    case mode(UInt32)
  }
}

/// Resolves a path as the kernel does, one name at a time and each from the descriptor of the folder
/// before it, and looks at everything on the way.
///
/// A path that is opened as a whole and checked as a whole may lead to two files, when somebody who can
/// change a folder or a link on the way does so in between.
struct PathWalk: ~Copyable {
  /// As the kernel has it (MAXSYMLINKS).
  private static let mostLinks = 40
  private static let path = cl_path_flag()

  private let user: uid_t
  private var folder: Int32
  /// Where `folder` is, for people; the root is empty.
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

  /// Begins at the root of an absolute path.
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

  /// Goes to the end of the path and opens what is there.
  mutating func open(_ access: Int32) throws(PathFailure) -> WalkedFile {
    while true {
      // Each folder is looked at before a name is looked up in it.
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

  /// Opens the last name, which was that file a moment ago.
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

  /// The path ends at a folder, which was judged already.
  private func here(_ access: Int32) throws(PathFailure) -> WalkedFile {
    let descriptor = openat(folder, ".", access | O_CLOEXEC)
    guard descriptor >= 0 else { throw PathFailure(errno) }
    return WalkedFile(descriptor: descriptor, doubt: doubt)
  }

  /// Follows a link of /proc, which leads to what a process holds open and says no path. Goes on from a
  /// folder (nil), and opens anything else.
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

  /// Puts what a link says before the rest of the way.
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
    // In a sticky folder nobody may rename what belongs to others; its owner may.
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

  /// The names of a path, the first one last. A slash at the end means a folder.
  private static func names(of path: String) -> [String] {
    // Bytes, as the kernel splits: a slash and a combining mark are one Character.
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
  /// Whether the mode lets somebody else than this user and root write. A group that is the user's own,
  /// as some systems make one for each, is nobody else.
  public func isWritable(toOthersThan user: uid_t) -> Bool {
    guard st_mode & S_IWOTH == 0 else { return true }
    return st_mode & S_IWGRP != 0 && st_gid != 0 && !Self.isOwnGroup(st_gid, of: user)
  }

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
