import Glibc

/// A directory of one test, mode 0700; removed with its contents when the test ends.
public final class TemporaryDirectory: Sendable {
  /// The absolute path, `/tmp/handshake-test-` and six characters, without a slash at the end.
  public let path: String

  /// Creates the directory.
  ///
  /// - Throws: `Failure` with the errno of mkdtemp.
  public init() throws {
    var template = Array("/tmp/handshake-test-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else { throw Failure(errno: errno) }
    path = String(cString: made)
  }

  /// The error of a directory that could not be created.
  public struct Failure: Error {
    /// The errno of mkdtemp.
    public var errno: Int32
  }

  deinit { Self.remove(path) }

  private static func remove(_ path: String) {
    if let directory = opendir(path) {
      while let entry = readdir(directory) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) {
          $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        guard name != ".", name != ".." else { continue }
        let inside = path + "/" + name
        if entry.pointee.d_type == UInt8(DT_DIR) { remove(inside) } else { unlink(inside) }
      }
      closedir(directory)
    }
    rmdir(path)
  }
}
