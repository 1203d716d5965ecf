import CLinux
import Glibc

/// A system call or a check that failed on the way to a file.
public struct PathFailure: Error, Hashable, Sendable {
  /// The reason for the failure.
  public var cause: Cause

  /// The reasons why a path cannot be walked to its end.
  public enum Cause: Hashable, Sendable {
    /// A call failed with this errno.
    case system(Int32)
    /// A missing folder could not be created; the errno of mkdirat.
    case creation(Int32)
    /// The path is not absolute.
    case relative
    /// A part of the path that has to be a folder is something else.
    case notDirectory
    /// A link on the way leads to this path, where nothing is.
    case danglingLink(String)
    /// Others can change this part of the path, which is a link if `isLink` is true.
    case doubt(PathDoubt, isLink: Bool)
  }

  /// Wraps a cause.
  public init(_ cause: Cause) { self.cause = cause }

  /// Wraps an errno.
  public init(_ number: Int32) { cause = .system(number) }

  /// The errno that describes the failure best.
  public var number: Int32 {
    switch cause {
    case .system(let number), .creation(let number): number
    case .relative, .danglingLink: ENOENT
    case .notDirectory: ENOTDIR
    case .doubt: EACCES
    }
  }
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
/// Each name is opened from the descriptor of the folder before it, and no path is given to the
/// system a second time: a path that is opened as a whole and checked as a whole may lead to two
/// different files, when somebody changes a folder or a link on the way in between. Links are
/// followed here, so the folder that contains a link and every folder on the way to its target are
/// examined too (SEC-4.1.3).
struct PathWalk: ~Copyable {
  /// The treatment of a folder or link that others than this user and root can change.
  enum Policy {
    /// The walk fails.
    case refuse
    /// The first one is kept in `doubt`.
    case note
    case ignore
  }

  /// The kernel's limit of links in one path (MAXSYMLINKS).
  private static let mostLinks = 40

  private let policy: Policy
  private let user: uid_t
  private var folder: Int32
  /// The path of `folder`, for messages; empty for the root.
  private var place = ""
  /// The names still to be resolved, the next one last.
  private var names: [Name]
  private var links = 0
  private var doubt: PathDoubt?

  private struct Name {
    var text: String
    /// Whether the name is from a link's target, where missing folders are not created.
    var isFromLink: Bool
  }

  /// Begins a walk at the root.
  ///
  /// - Parameters:
  ///   - path: The absolute path to resolve.
  ///   - policy: The treatment of what others can change.
  ///   - user: The user whose files are trusted besides root's.
  /// - Throws: `relative` for a relative path, EINVAL for a NUL in it, or the errno of opening the
  ///   root.
  init(to path: String, _ policy: Policy, user: uid_t = geteuid()) throws(PathFailure) {
    guard path.utf8.first == UInt8(ascii: "/") else { throw PathFailure(.relative) }
    guard !path.utf8.contains(0) else { throw PathFailure(EINVAL) }
    let root = try Self.root()
    self.policy = policy
    self.user = user
    folder = root
    names = Self.names(of: path, isFromLink: false, policy)
  }

  deinit { close(folder) }

  /// Walks to the end of the path, which must be a folder, and opens it for reading.
  ///
  /// With `creating`, missing folders are created with mode 0700, except behind links. The mode of
  /// the last folder is not judged, only its owner. The caller closes the descriptor.
  ///
  /// - Throws: The cause that ends the walk.
  mutating func openFolder(creating: Bool) throws(PathFailure) -> Int32 {
    while true {
      try judgeFolder()
      guard let name = names.popLast() else { return try openHere() }
      guard case .folder = try enter(name, creating: creating) else {
        throw PathFailure(.notDirectory)
      }
    }
  }

  /// Walks to the end of the path and opens what is there with the flags in `access`.
  ///
  /// - Throws: The cause that ends the walk; EAGAIN when the file became a link before it was
  ///   opened.
  mutating func openFile(_ access: Int32) throws(PathFailure) -> OpenFile {
    while true {
      // Each folder is examined before a name is looked up in it.
      try judgeFolder()
      guard let name = names.popLast() else {
        return OpenFile(descriptor: try open(".", access), path: place, doubt: doubt)
      }
      let step = try enter(name, creating: false)
      if case .folder = step { continue }
      guard names.isEmpty else { throw PathFailure(.notDirectory) }
      return try file(name.text, access, isMagic: step == .magicFile)
    }
  }

  // MARK: Steps

  private enum Step {
    /// The walk is in another folder now, or a link's target is to be resolved.
    case folder
    case file
    /// A file that a link of /proc leads to.
    case magicFile
  }

  private mutating func enter(_ name: Name, creating: Bool) throws(PathFailure) -> Step {
    // With O_DIRECTORY the kernel mounts an automounted folder.
    var next = cl_open_path(folder, name.text, O_DIRECTORY)
    if next < 0, errno == ENOENT {
      if name.isFromLink { throw PathFailure(.danglingLink(path(of: name.text))) }
      guard creating, name.text != ".." else { throw PathFailure(ENOENT) }
      guard mkdirat(folder, name.text, 0o700) == 0 || errno == EEXIST else {
        throw PathFailure(.creation(errno))
      }
      next = cl_open_path(folder, name.text, O_DIRECTORY)
    }
    if next >= 0 {
      move(to: next, named: name.text)
      return .folder
    }
    guard [ENOTDIR, ELOOP].contains(errno) else { throw PathFailure(errno) }
    let found = cl_open_path(folder, name.text, 0)
    guard found >= 0 else { throw PathFailure(errno) }
    defer { close(found) }
    let status = try Self.status(of: found)
    guard status.isKind(S_IFLNK) else { return .file }
    // A link of /proc leads to what a process holds open, which may have no path.
    if policy != .refuse, cl_is_in_proc(folder) { return try followMagic(name.text) }
    try follow(found, status, named: name.text)
    return .folder
  }

  private mutating func move(to next: Int32, named name: String) {
    close(folder)
    folder = next
    place = path(of: name)
  }

  private mutating func followMagic(_ name: String) throws(PathFailure) -> Step {
    let target = openat(folder, name, cl_path_flag() | O_CLOEXEC)
    guard target >= 0 else { throw PathFailure(errno) }
    do throws(PathFailure) {
      guard try Self.status(of: target).isKind(S_IFDIR) else {
        close(target)
        return .magicFile
      }
    } catch {
      close(target)
      throw error
    }
    move(to: target, named: name)
    return .folder
  }

  /// Puts the target of a link before the names that are still to be resolved.
  private mutating func follow(
    _ link: Int32, _ status: stat, named name: String
  ) throws(PathFailure) {
    links += 1
    guard links <= Self.mostLinks else { throw PathFailure(ELOOP) }
    // In a sticky folder the link's owner could point it elsewhere.
    if let owner = status.stranger(to: user) {
      try note(PathDoubt(path: path(of: name), .owner(owner)), isLink: true)
    }
    var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
    let length = readlinkat(link, "", &bytes, bytes.count)
    guard length > 0 else { throw PathFailure(length < 0 ? errno : ENOENT) }
    guard length < bytes.count else { throw PathFailure(ENAMETOOLONG) }
    let target = bytes[..<length].map { UInt8(bitPattern: $0) }
    guard let text = String(validating: target, as: UTF8.self) else { throw PathFailure(EILSEQ) }
    names += Self.names(of: text, isFromLink: true, policy)
    guard text.utf8.first == UInt8(ascii: "/") else { return }
    let root = try Self.root()
    close(folder)
    folder = root
    place = ""
  }

  /// Opens the last name, which was a file when it was examined.
  private mutating func file(
    _ name: String, _ access: Int32, isMagic: Bool
  ) throws(PathFailure) -> OpenFile {
    let descriptor = openat(folder, name, access | (isMagic ? 0 : O_NOFOLLOW) | O_CLOEXEC)
    guard descriptor >= 0 else { throw PathFailure(errno == ELOOP ? EAGAIN : errno) }
    do throws(PathFailure) {
      let status = try Self.status(of: descriptor)
      guard !status.isKind(S_IFLNK) else { throw PathFailure(EAGAIN) }
      try judge(status, at: path(of: name), isModeJudged: true)
    } catch {
      close(descriptor)
      throw error
    }
    return OpenFile(descriptor: descriptor, path: path(of: name), doubt: doubt)
  }

  // MARK: Checks

  private mutating func judgeFolder() throws(PathFailure) {
    guard policy != .ignore else { return }
    let status = try Self.status(of: folder)
    // In a sticky folder only the folder's owner may rename the files of others. The mode of a
    // folder that is opened itself is checked by `Privacy` instead.
    let isLastRefused = policy == .refuse && names.isEmpty
    try judge(
      status, at: place.isEmpty ? "/" : place,
      isModeJudged: !isLastRefused && status.st_mode & S_ISVTX == 0)
  }

  private mutating func judge(
    _ status: stat, at path: String, isModeJudged: Bool
  ) throws(PathFailure) {
    if let owner = status.stranger(to: user) {
      try note(PathDoubt(path: path, .owner(owner)), isLink: false)
    } else if isModeJudged, status.isWritable(toOthersThan: user) {
      try note(PathDoubt(path: path, .mode(status.st_mode & 0o7777)), isLink: false)
    }
  }

  private mutating func note(_ found: PathDoubt, isLink: Bool) throws(PathFailure) {
    switch policy {
    case .refuse: throw PathFailure(.doubt(found, isLink: isLink))
    case .note: doubt = doubt ?? found
    case .ignore: break
    }
  }

  // MARK: Names and descriptors

  /// Returns the names of a path, the first one last.
  ///
  /// Where what others can change is noted, the path may end at a file: a slash at its end becomes a
  /// last name `.`, so that a file there is an error.
  private static func names(of path: String, isFromLink: Bool, _ policy: Policy) -> [Name] {
    // Split by bytes as the kernel does: a slash and a combining mark are one Character.
    let names = path.utf8.split(separator: UInt8(ascii: "/")).map { String(Substring($0)) }
      .filter { $0 != "." }
    let isFolder = policy == .note && path.utf8.last == UInt8(ascii: "/") && !names.isEmpty
    return ((isFolder ? ["."] : []) + names.reversed())
      .map { Name(text: $0, isFromLink: isFromLink) }
  }

  /// Returns the path of a name in the current folder; the walk's path contains no links.
  private func path(of name: String) -> String {
    switch name {
    case ".": place
    case "..": place.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(place[..<$0]) } ?? ""
    default: place + "/" + name
    }
  }

  /// Opens the current folder, which may be one that we can search but not list.
  private func openHere() throws(PathFailure) -> Int32 {
    do throws(PathFailure) { return try open(".", O_RDONLY | O_DIRECTORY) } catch {
      guard error.number == EACCES else { throw error }
      return try open(".", cl_path_flag() | O_DIRECTORY)
    }
  }

  private func open(_ name: String, _ access: Int32) throws(PathFailure) -> Int32 {
    let descriptor = openat(folder, name, access | O_CLOEXEC)
    guard descriptor >= 0 else { throw PathFailure(errno) }
    return descriptor
  }

  private static func root() throws(PathFailure) -> Int32 {
    let root = cl_open_path(AT_FDCWD, "/", O_DIRECTORY)
    guard root >= 0 else { throw PathFailure(errno) }
    return root
  }

  private static func status(of descriptor: Int32) throws(PathFailure) -> stat {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw PathFailure(errno) }
    return status
  }
}

extension stat {
  /// Returns whether it is of this kind: S_IFREG, S_IFDIR and so on.
  public func isKind(_ kind: mode_t) -> Bool { st_mode & S_IFMT == kind }

  /// Returns the owner if it is neither root nor `user`: a folder's owner can rename what is in it.
  func stranger(to user: uid_t) -> uid_t? {
    st_uid == 0 || st_uid == user ? nil : st_uid
  }

  /// Returns whether the mode lets others than this user and root write.
  ///
  /// The user's own group, which some systems make for each user, does not count as others.
  func isWritable(toOthersThan user: uid_t) -> Bool {
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
