import Glibc
import TestSupport
import Testing

@testable import AWSBackend

@Suite("Files are read completely and replaced atomically")
struct SystemFilesTests {
  private let directory: TemporaryDirectory
  private let files = SystemFiles()

  init() throws { directory = try TemporaryDirectory() }

  private func mode(_ path: String) -> mode_t? {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode & 0o7777 : nil
  }

  private func isDoubtful(_ path: String) -> Bool { files.judge(path) != nil }

  private func names(_ path: String) -> Set<String> {
    var names: Set<String> = []
    guard let listing = opendir(path) else { return names }
    defer { closedir(listing) }
    while let entry = readdir(listing) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.insert(name) }
    }
    return names
  }

  @Test("a written file is private, in private directories, with nothing beside it")
  func replaced() throws {
    let folder = directory.path + "/.aws/sso/cache"
    let path = folder + "/token.json"
    #expect(try files.read(path) == nil)
    for bytes in [Array("one".utf8), [], [UInt8](repeating: 7, count: 1 << 20)] {
      try files.replace(path, with: bytes)
      #expect(try files.read(path) == bytes)
      #expect(mode(path) == 0o600)
      #expect(names(folder) == ["token.json"])
    }
    for made in [folder, directory.path + "/.aws/sso", directory.path + "/.aws"] {
      #expect(mode(made) == 0o700)
    }
  }

  @Test("an open mode does not survive a replacement, and a link's target is replaced")
  func linked() throws {
    let target = directory.path + "/real"
    let link = directory.path + "/link"
    try files.replace(target, with: [1])
    chmod(target, 0o666)
    #expect(isDoubtful(target))
    #expect(symlink(target, link) == 0)
    try files.replace(link, with: [2])
    #expect(try files.read(target) == [2])
    #expect(mode(target) == 0o600)
    #expect(!isDoubtful(target))
    #expect(names(directory.path) == ["real", "link"])
  }

  /// Creates a file in a folder of its own, and returns the paths of both.
  private func fileInFolder() throws -> (path: String, folder: String) {
    let folder = directory.path + "/folder"
    try files.replace(folder + "/config", with: [])
    return (folder + "/config", folder)
  }

  /// Returns whether others may change `path` while `target`, the file or its folder, has a mode.
  private func isOpen(_ mode: mode_t, of target: String, for path: String) -> Bool {
    chmod(target, mode)
    defer { chmod(target, target == path ? 0o600 : 0o700) }
    return isDoubtful(path)
  }

  @Test("write permission, and write permission to the folder, each allow a change")
  func changeable() throws {
    let (path, folder) = try fileInFolder()
    #expect(!isDoubtful(path))
    #expect(isOpen(0o602, of: path, for: path))
    #expect(isOpen(0o777, of: folder, for: path))
    #expect(!isOpen(0o1777, of: folder, for: path))
    #expect(!isOpen(0o644, of: path, for: path))
  }

  @Test(
    "another owner, and write permission of another group, each allow a change",
    .enabled(if: geteuid() == 0, "only root can give a file away"))
  func owned() throws {
    let (path, _) = try fileInFolder()
    #expect(chown(path, 0, 12_345) == 0)
    #expect(isOpen(0o664, of: path, for: path))
    #expect(!isOpen(0o644, of: path, for: path))
    #expect(chown(path, 12_345, 0) == 0)
    #expect(isOpen(0o600, of: path, for: path))
  }

  @Test("a directory, a pipe, a device, and more than 16 MiB are faults; a missing file is not")
  func refused() throws {
    let pipe = directory.path + "/pipe"
    #expect(mkfifo(pipe, 0o600) == 0)
    for path in [directory.path, pipe, "/dev/zero"] {
      #expect(throws: AWSFileFault(path: path, detail: "not a regular file", isNoFile: true)) {
        try files.read(path)
      }
    }
    let large = directory.path + "/large"
    try files.replace(large, with: [])
    #expect(truncate(large, off_t(16 << 20)) == 0)
    #expect(try files.read(large)?.count == 16 << 20)
    #expect(truncate(large, off_t(16 << 20 + 1)) == 0)
    #expect(throws: AWSFileFault(path: large, detail: "larger than 16 MiB")) {
      try files.read(large)
    }
    #expect(try files.read(large + "/below") == nil)
    #expect(try files.read(directory.path + "/none") == nil)
  }

  @Test("a replacement that fails leaves the old file and nothing beside it")
  func failed() throws {
    let path = directory.path + "/folder"
    #expect(mkdir(path, 0o700) == 0)
    #expect(throws: AWSFileFault.self) { try files.replace(path, with: [1]) }
    #expect(names(directory.path) == ["folder"])
    #expect(throws: AWSFileFault.self) { try files.replace("relative", with: [1]) }
  }
}

@Suite struct NoFileTests {
  @Test("/dev/null is an empty file, as in pipelines; other devices are refused")
  func devices() throws {
    #expect(try SystemFiles().read("/dev/null") == [])
    #expect(throws: AWSFileFault.self) { try SystemFiles().read("/dev/zero") }
    #expect(throws: AWSFileFault.self) { try SystemFiles().read("/tmp") }
    #expect(try SystemFiles().read("/dev/null/none") == nil)
  }
}
