import Glibc
import TestSupport

extension TemporaryDirectory {
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
  guard let file = fopen(path, "wb") else { throw FixtureError(text: path) }
  defer { fclose(file) }
  guard fwrite(bytes, 1, bytes.count, file) == bytes.count else { throw FixtureError(text: path) }
}
