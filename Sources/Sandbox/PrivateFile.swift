import Glibc
import Platform

/// Access to files that only their owner may read, at paths from the operator's own command line.
enum PrivateFile {
  /// The reason why a file cannot be used.
  struct Failure: Error, Hashable {
    var path: String
    var detail: String
  }

  /// Returns the file's bytes; nil if it does not exist.
  ///
  /// - Throws: `Failure` if the file is a link or not a regular file, belongs to another user, can
  ///   be read by others, is longer than `limit` bytes, or cannot be opened or read.
  static func read(_ path: String, limit: Int) throws(Failure) -> [UInt8]? {
    try use(path) { (directory, name) throws(FileError) in
      try directory.contents(of: name, limit: limit)
    }
  }

  /// Writes a file atomically, with mode 0600, and returns whether it was written.
  ///
  /// Without `replacing`, an existing file is kept and the result is false.
  ///
  /// - Throws: `Failure` if the file cannot be created, written, synchronised or moved.
  @discardableResult
  static func write(
    _ bytes: [UInt8], to path: String, replacing: Bool
  ) throws(Failure) -> Bool {
    try use(path) { (directory, name) throws(FileError) in
      guard replacing else { return try directory.create(name, with: bytes) }
      try directory.replace(name, with: bytes)
      return true
    }
  }

  private static func use<Value>(
    _ path: String, _ body: (Directory, String) throws(FileError) -> Value
  ) throws(Failure) -> Value {
    guard let absolute = WorkingDirectory.absolute(path) else {
      throw Failure(path: path, detail: "the current directory cannot be determined")
    }
    let (folder, name) = absolute.splitAtLastSlash
    do throws(FileError) {
      return try body(try Directory.open(folder, creating: false, privacy: nil), name)
    } catch {
      let remedy = error.remedy { $0 }.map { ": \($0)" } ?? ""
      throw Failure(path: path, detail: error.why { $0 } + remedy)
    }
  }
}
