import Glibc
import TestSupport
import Testing

@testable import HandshakeTUI

@Suite("Files that nobody can swap") struct SafeFileTests {
  private let place: TemporaryDirectory
  private let directory: Directory

  init() throws {
    place = try TemporaryDirectory()
    directory = try Directory.open(place.path + "/ours", creating: true, privacy: .secret)
  }

  private func refusal(_ body: () throws -> Void) throws -> FileError.Cause {
    try #require(throws: FileError.self) { try body() }.cause
  }

  @Test("missing directories are made for their owner alone")
  func makesDirectories() throws {
    let path = place.path + "/a/b/c"
    _ = try Directory.open(path, creating: true, privacy: .secret)
    var status = stat()
    for made in ["/a", "/a/b", "/a/b/c"] {
      #expect(lstat(place.path + made, &status) == 0)
      #expect(status.st_mode & 0o7777 == 0o700)
    }
    #expect(
      try refusal { _ = try Directory.open(place.path + "/no", creating: false, privacy: nil) }
        == .system(ENOENT))
  }

  @Test("a directory that others may enter, or a relative path, is refused")
  func directories() throws {
    chmod(directory.path, 0o755)
    #expect(
      try refusal { _ = try Directory.open(directory.path, creating: false, privacy: .secret) }
        == .openToOthers(0o755))
    #expect(
      try refusal { _ = try Directory.open("here", creating: false, privacy: .secret) } == .relative
    )
  }

  @Test("links, second names, pipes and open modes are refused")
  func files() throws {
    let path = directory.path
    try directory.replace("plain", with: Array("x".utf8))
    symlink("plain", path + "/link")
    link(path + "/plain", path + "/second")
    mkfifo(path + "/pipe", 0o600)
    mkdir(path + "/folder", 0o700)
    try directory.replace("open", with: [])
    chmod(path + "/open", 0o644)
    #expect(try refusal { _ = try directory.openFile("link", .read) } == .notRegular)
    #expect(try refusal { _ = try directory.openFile("second", .read) } == .linkedTwice)
    #expect(try refusal { _ = try directory.openFile("pipe", .read) } == .notRegular)
    #expect(try refusal { _ = try directory.openFile("folder", .read) } == .notRegular)
    #expect(try refusal { _ = try directory.openFile("open", .read) } == .openToOthers(0o644))
    #expect(try directory.openFile("open", .read, privacy: .unforged) != nil)
    #expect(try directory.openFile("missing", .read) == nil)
  }

  @Test("a replaced file has the new bytes, its owner's mode, and leaves nothing behind")
  func replace() throws {
    try directory.replace("file", with: Array("old".utf8))
    try directory.replace("file", with: Array("new".utf8))
    #expect(try directory.contents(of: "file", limit: 10) == Array("new".utf8))
    let status = try #require(try directory.openFile("file", .read)).status()
    #expect(status.st_mode & 0o7777 == 0o600)
    #expect(try directory.createFile("file", .append) == nil)
  }

  @Test("reading stops at the limit")
  func limit() throws {
    try directory.replace("file", with: Array(repeating: 0x61, count: 11))
    #expect(
      try refusal { _ = try directory.contents(of: "file", limit: 10) } == .tooLarge(limit: 10))
  }

  @Test("a lock has one holder, until it is let go")
  func lock() throws {
    let first = try directory.openOrCreate("lock", .readWrite).file
    let second = try directory.openOrCreate("lock", .readWrite).file
    #expect(try first.lock(waiting: false))
    #expect(try !second.lock(waiting: false))
    first.unlock()
    #expect(try second.lock(waiting: false))
  }

  @Test("no descriptor reaches a child")
  func closedOnExec() throws {
    let file = try directory.openOrCreate("file", .append).file
    #expect(fcntl(file.descriptor, F_GETFD) & FD_CLOEXEC != 0)
    #expect(fcntl(directory.descriptor, F_GETFD) & FD_CLOEXEC != 0)
  }
}
