import Glibc

/// Who may change what a file says.
enum FileWriters {
  /// Whether somebody else than this user and root may write to a file, or put another in its place.
  ///
  /// - Parameter path: Absolute, without links. A file that is not there can be changed by nobody.
  static func includeOthers(than user: uid_t, of path: String) -> Bool {
    var status = stat()
    guard stat(path, &status) == 0 else { return false }
    if status.isOpen(toOthersThan: user) { return true }
    var folder = path[...]
    while let slash = folder.lastIndex(of: "/") {
      folder = folder[..<slash]
      guard stat(folder.isEmpty ? "/" : String(folder), &status) == 0 else { return true }
      // In a sticky folder nobody may rename what belongs to others.
      if status.st_mode & S_ISVTX == 0, status.isOpen(toOthersThan: user) { return true }
    }
    return false
  }
}

extension stat {
  /// Whether somebody else than this user and root may change it. A group that is the user's own, as
  /// some systems make one for each, is nobody else.
  func isOpen(toOthersThan user: uid_t) -> Bool {
    guard st_uid == user || st_uid == 0, st_mode & S_IWOTH == 0 else { return true }
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
