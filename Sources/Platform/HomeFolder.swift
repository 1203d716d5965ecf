import Glibc

/// The folder of the operator's own files, and the expansion of paths that begin with `~`.
public struct HomeFolder: Hashable, Sendable {
  /// The absolute path without slashes at its end; empty for the root.
  public var path: String
  /// The origin of `path`.
  public var source: Source
  /// The HOME that root does not use, because its owner could not use files that root makes there.
  public var passedOver: Foreign?

  /// The places where a home folder is looked up.
  public enum Source: String, Hashable, Sendable {
    case variable = "HOME"
    case entry = "passwd"
  }

  /// A folder of another user.
  public struct Foreign: Hashable, Sendable {
    /// The absolute path without slashes at its end.
    public var path: String
    /// The user id of the owner.
    public var owner: UInt32
  }

  /// Finds the home folder: HOME if it is absolute, otherwise the folder of the user's passwd
  /// entry.
  ///
  /// Root uses its own entry when HOME belongs to another user (`sudo -E`, `su -m`). The result is
  /// nil when neither is an absolute path.
  public init?(environment: [String: String], user: uid_t = geteuid()) {
    if let named = Self.absolute(environment["HOME"]) {
      guard user == 0, let owner = Self.owner(of: named), owner != 0 else {
        path = named
        source = .variable
        return
      }
      passedOver = Foreign(path: named, owner: owner)
    }
    guard let entry = Self.absolute(Self.entry { getpwuid_r(user, $0, $1, $2, $3) }) else {
      return nil
    }
    path = entry
    source = .entry
  }

  /// Replaces `~` and `~user` at the beginning of a path as shells do.
  ///
  /// Shells do not replace them in `--store=~/file` and in environment files. A path whose user or
  /// folder is unknown is returned unchanged.
  public static func expand(_ path: String, environment: [String: String]) -> String {
    guard path.utf8.first == UInt8(ascii: "~") else { return path }
    let end = path.utf8.firstIndex(of: UInt8(ascii: "/")) ?? path.endIndex
    let user = path[path.utf8.index(after: path.startIndex)..<end]
    let folder =
      user.isEmpty
      ? absolute(environment["HOME"])
        ?? absolute(entry { getpwuid_r(geteuid(), $0, $1, $2, $3) })
      : absolute(entry { getpwnam_r(String(user), $0, $1, $2, $3) })
    guard let folder else { return path }
    let expanded = folder + path[end...]
    return expanded.isEmpty ? "/" : expanded
  }

  /// Returns the path without slashes at its end, empty for the root; nil unless it is absolute.
  public static func absolute(_ path: String?) -> String? {
    guard var path, path.utf8.first == UInt8(ascii: "/") else { return nil }
    while path.utf8.count > 1, path.utf8.last == UInt8(ascii: "/") { path.removeLast() }
    return path == "/" ? "" : path
  }

  /// Returns the user id of the folder's owner or, where it is missing, of its nearest existing
  /// parent.
  ///
  /// The result is nil when no part of the path can be examined, as for a missing relative path.
  public static func owner(of folder: String) -> uid_t? {
    var folder = folder
    var status = stat()
    while stat(folder.isEmpty ? "/" : folder, &status) != 0 {
      guard let slash = folder.lastIndex(of: "/") else { return nil }
      folder = String(folder[..<slash])
    }
    return status.st_uid
  }

  /// Returns the home folder of the passwd entry that `look` finds; nil when there is none.
  private static func entry(
    _ look: (
      UnsafeMutablePointer<passwd>, UnsafeMutablePointer<CChar>, Int,
      UnsafeMutablePointer<UnsafeMutablePointer<passwd>?>
    ) -> Int32
  ) -> String? {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 65_536) { text in
      guard let start = text.baseAddress else { return nil }
      var entry = passwd()
      var found: UnsafeMutablePointer<passwd>?
      guard look(&entry, start, text.count, &found) == 0, found != nil,
        let folder = entry.pw_dir
      else { return nil }
      return String(cString: folder)
    }
  }
}

/// The directory in which the program was started.
public enum WorkingDirectory {
  /// Returns the path, made absolute from the current directory if it is relative; nil when that
  /// directory is gone.
  public static func absolute(_ path: String) -> String? {
    if path.utf8.first == UInt8(ascii: "/") { return path }
    guard let here = getcwd(nil, 0) else { return nil }
    defer { free(here) }
    return String(cString: here) + "/" + path
  }
}

extension String {
  /// The directory and the name of an absolute path.
  public var splitAtLastSlash: (directory: String, name: String) {
    // Split by bytes, as the kernel does: a slash with a combining mark is one Character.
    guard let slash = utf8.lastIndex(of: UInt8(ascii: "/")) else { return ("/", self) }
    let directory = slash == startIndex ? "/" : String(self[..<slash])
    return (directory, String(self[utf8.index(after: slash)...]))
  }
}
