import Glibc
import HandshakeUI
import Model
import Text

/// A file that the operator asked for by name.
enum ExportFile {
  /// Makes it with mode 0600. A file that is there already stays as it is.
  static func write(_ bytes: [UInt8], to path: String) -> WriteResult {
    guard let absolute = absolute(path), let slash = absolute.lastIndex(of: "/") else {
      return .failed("the current directory cannot be determined")
    }
    let name = String(absolute[absolute.index(after: slash)...])
    guard !name.isEmpty else { return .failed("it is a directory") }
    let parent = slash == absolute.startIndex ? "/" : String(absolute[..<slash])
    do throws(FileError) {
      let directory = try Directory.open(parent, creating: false, privacy: nil)
      guard let file = try directory.createFile(name, .append) else {
        return .failed("the file already exists")
      }
      try file.append(bytes)
      try file.synchronise()
      return .done(Sanitiser.render(Untrusted(absolute), for: .cell, in: .ascii))
    } catch {
      return .failed(error.reason)
    }
  }

  private static func absolute(_ path: String) -> String? {
    if path.utf8.first == UInt8(ascii: "/") { return path }
    guard let here = getcwd(nil, 0) else { return nil }
    defer { free(here) }
    return String(cString: here) + "/" + path
  }
}

extension FileError {
  /// A few words for a line on the screen.
  fileprivate var reason: String {
    switch cause {
    case .system(let number): SystemError(number).words
    case .notDirectory: "part of the path is not a directory"
    default: "the directory is not safe to write to"
    }
  }
}
