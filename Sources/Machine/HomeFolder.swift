import Glibc

/// The folder of the operator's own files, and paths that begin with `~`.
public struct HomeFolder: Hashable, Sendable {
  /// Absolute, without slashes at its end; empty for the root.
  public var path: String
  public var source: Source
  /// The HOME that root does not use, because files that root makes there are lost to its owner.
  public var passedOver: Foreign?

  public enum Source: String, Hashable, Sendable {
    case variable = "HOME"
    case entry = "passwd"
  }

  /// A folder of another user.
  public struct Foreign: Hashable, Sendable {
    public var path: String
    public var owner: UInt32
  }

  /// HOME where it is absolute, else the folder in the user's passwd entry. Root uses its own entry when
  /// HOME belongs to another user (`sudo -E`, `su -m`).
  ///
  /// - Returns: Nil when neither names an absolute path.
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

  /// Replaces `~` and `~user` at the beginning of a path as shells do; they leave it in
  /// `--store=~/file` and in environment files. A name that is no user's stays as it is.
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

  /// Returns the path without slashes at its end; nil unless it is absolute.
  public static func absolute(_ path: String?) -> String? {
    guard var path, path.utf8.first == UInt8(ascii: "/") else { return nil }
    while path.utf8.count > 1, path.utf8.last == UInt8(ascii: "/") { path.removeLast() }
    return path == "/" ? "" : path
  }

  /// The owner of the folder or, where it is missing, of the folder that it would be made in.
  public static func owner(of folder: String) -> uid_t? {
    var folder = folder
    var status = stat()
    while stat(folder.isEmpty ? "/" : folder, &status) != 0 {
      guard let slash = folder.lastIndex(of: "/") else { return nil }
      folder = String(folder[..<slash])
    }
    return status.st_uid
  }

  /// The home folder of a passwd entry.
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
