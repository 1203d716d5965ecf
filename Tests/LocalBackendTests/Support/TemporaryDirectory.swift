import Glibc
import TestSupport

/// A directory that goes with its last user.
final class TemporaryDirectory {
  let path: String

  init() throws {
    var template = Array("/tmp/handshake-test-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else { throw WorldError(text: "mkdtemp") }
    path = String(cString: made)
  }

  deinit {
    remove(path)
  }

  /// Every name below, directories after what is in them.
  private func remove(_ path: String) {
    if let directory = opendir(path) {
      while let entry = readdir(directory) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
          tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        guard name != ".", name != ".." else { continue }
        unlink(path + "/" + name) == 0 ? () : remove(path + "/" + name)
      }
      closedir(directory)
    }
    rmdir(path)
  }

  /// Whatever is in it now, with its bytes.
  func contents() -> [String: [UInt8]] {
    var contents: [String: [UInt8]] = [:]
    guard let directory = opendir(path) else { return contents }
    defer { closedir(directory) }
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
        tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard name != ".", name != ".." else { continue }
      contents[name] = bytes(of: path + "/" + name)
    }
    return contents
  }
}

/// The whole file; empty when there is none.
func bytes(of path: String) -> [UInt8] {
  guard let file = fopen(path, "rb") else { return [] }
  defer { fclose(file) }
  var all: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 65_536)
  while true {
    let got = fread(&chunk, 1, chunk.count, file)
    if got == 0 { return all }
    all += chunk.prefix(got)
  }
}

func write(_ bytes: [UInt8], to path: String) throws {
  guard let file = fopen(path, "wb") else { throw WorldError(text: path) }
  defer { fclose(file) }
  guard fwrite(bytes, 1, bytes.count, file) == bytes.count else { throw WorldError(text: path) }
}

/// The test itself could not be set up.
struct WorldError: Error { let text: String }
