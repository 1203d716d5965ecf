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
