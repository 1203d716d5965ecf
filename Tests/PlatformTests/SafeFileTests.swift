import Glibc
import Model
import TestSupport
import Testing
import Text

@testable import Platform

@Suite("Files that nobody can swap (SEC-4.1)") struct SafeFileTests {
  private let place: TemporaryDirectory
  private let directory: Directory

  init() throws {
    place = try TemporaryDirectory()
    directory = try Directory.open(place.path + "/ours", creating: true, privacy: .secret)
  }

  private func refusal(_ body: () throws -> Void) throws -> FileError.Cause {
    try #require(throws: FileError.self) { try body() }.cause
  }

  @Test("missing directories are created for their owner only")
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

  @Test("a replaced file has the new bytes and its owner's mode, and leaves nothing behind")
  func replace() throws {
    try directory.replace("file", with: Array("old".utf8))
    try directory.replace("file", with: Array("new".utf8))
    #expect(try directory.contents(of: "file", limit: 10) == Array("new".utf8))
    let status = try #require(try directory.openFile("file", .read)).status()
    #expect(status.st_mode & 0o7777 == 0o600)
    #expect(try directory.createFile("file", .append) == nil)
  }

  @Test("every folder of the path must be one in which nobody else can rename files")
  func openOnTheWay() throws {
    _ = try Directory.open(place.path + "/a/b", creating: true, privacy: .secret)
    for mode: mode_t in [0o777, 0o757, 0o702] {
      chmod(place.path + "/a", mode)
      for privacy in [Privacy.secret, .unforged] {
        #expect(
          try refusal {
            _ = try Directory.open(place.path + "/a/b", creating: true, privacy: privacy)
          }
            == .folderOpenToOthers(place.path + "/a", mode: UInt32(mode)))
      }
      // A place that the operator named for a file that is checked later.
      _ = try Directory.open(place.path + "/a/b", creating: false, privacy: nil)
    }
    chmod(place.path + "/a", 0o1777)
    _ = try Directory.open(place.path + "/a/b", creating: false, privacy: .secret)
  }

  @Test("a group that is the user's own may write to a folder on the way; another group may not")
  func groupsOnTheWay() throws {
    _ = try Directory.open(place.path + "/a/b", creating: true, privacy: .secret)
    chmod(place.path + "/a", 0o770)
    let own = try #require(getpwuid(geteuid())).pointee.pw_gid
    chown(place.path + "/a", geteuid(), own)
    // Root's group, or a private group without members, is nobody else.
    if geteuid() == 0 {
      _ = try Directory.open(place.path + "/a/b", creating: false, privacy: .secret)
      chown(place.path + "/a", 0, 12_345)
      #expect(
        try refusal {
          _ = try Directory.open(place.path + "/a/b", creating: false, privacy: .secret)
        } == .folderOpenToOthers(place.path + "/a", mode: 0o770))
    }
  }

  @Test("names are split at bytes: a slash and a combining mark are one Character and two names")
  func combiningNames() throws {
    let path = place.path + "/a/\u{301}b"
    _ = try Directory.open(path, creating: true, privacy: .secret)
    #expect(path.splitAtLastSlash.name == "\u{301}b")
    chmod(place.path + "/a", 0o777)
    #expect(
      try refusal { _ = try Directory.open(path, creating: false, privacy: .secret) }
        == .folderOpenToOthers(place.path + "/a", mode: 0o777))
  }

  @Test(
    "a folder of another user in the path is refused, links and their targets too",
    .enabled(if: geteuid() == 0, "only root can give a folder away"))
  func foreignOnTheWay() throws {
    let (foreign, ours) = (place.path + "/foreign", place.path + "/mine")
    for path in [foreign + "/b", ours + "/b"] {
      _ = try Directory.open(path, creating: true, privacy: .secret)
    }
    symlink(ours, foreign + "/to-ours")
    symlink(foreign, ours + "/to-foreign")
    symlink("../foreign/to-ours", ours + "/round")
    chown(foreign, 12_345, 12_345)
    for path in [
      foreign, foreign + "/b", foreign + "/new/b", foreign + "/to-ours/b", ours + "/to-foreign/b",
      ours + "/round/b", ours + "/../foreign/../mine/b",
    ] {
      for privacy in [Privacy.secret, .unforged] {
        #expect(
          try refusal { _ = try Directory.open(path, creating: true, privacy: privacy) }
            == .folderOfAnother(foreign, owner: 12_345))
      }
    }
    // The sticky bit does not protect against the folder's owner.
    chmod(foreign, 0o1777)
    #expect(throws: FileError.self) {
      try Directory.open(foreign + "/b", creating: false, privacy: .secret)
    }
    // Another user's link in a folder where only its owner may change it.
    chown(foreign, 0, 0)
    symlink(ours, foreign + "/theirs")
    lchown(foreign + "/theirs", 12_345, 12_345)
    #expect(
      try refusal {
        _ = try Directory.open(foreign + "/theirs/b", creating: false, privacy: .secret)
      }
        == .linkOfAnother(foreign + "/theirs", owner: 12_345))
  }

  @Test("links are followed, a dangling one is not created, and a loop ends")
  func linksOnTheWay() throws {
    let path = place.path
    _ = try Directory.open(path + "/a/b", creating: true, privacy: .secret)
    symlink(path + "/a/./b/", path + "/absolute")
    symlink("a//b/../b", path + "/relative")
    symlink("absolute", path + "/twice")
    var status = stat()
    for name in ["absolute", "relative", "twice", "a/b/../../relative"] {
      let folder = try Directory.open(path + "/" + name + "/new", creating: true, privacy: .secret)
      try folder.replace("seen", with: [])
      #expect(lstat(path + "/a/b/new/seen", &status) == 0)
      unlink(path + "/a/b/new/seen")
    }
    symlink("gone/away", path + "/dangling")
    for creating in [true, false] {
      let cause = try refusal {
        _ = try Directory.open(path + "/dangling/c", creating: creating, privacy: .secret)
      }
      // As an error, not as a missing file.
      #expect(cause == .linkToNothing(path + "/gone"))
    }
    #expect(lstat(path + "/gone", &status) != 0)
    symlink("circle", path + "/circle")
    #expect(
      try refusal { _ = try Directory.open(path + "/circle", creating: true, privacy: .secret) }
        == .system(ELOOP))
    try directory.replace("file", with: [])
    for name in ["/ours/file", "/ours/file/below"] {
      #expect(
        try refusal { _ = try Directory.open(path + name, creating: true, privacy: .secret) }
          == .notDirectory)
    }
    #expect(
      try refusal { _ = try Directory.open(path + "/a\0b", creating: true, privacy: nil) }
        == .system(EINVAL))
  }

  @Test("a refusal names the folder, its owner and the remedy")
  func words() {
    for (cause, parts) in [
      (FileError.Cause.folderOfAnother("/srv/x", owner: 65_534), ["/srv/x", "65534", "chown"]),
      (.folderOpenToOthers("/srv/x", mode: 0o777), ["/srv/x", "777", "chmod go-w"]),
      (.linkOfAnother("/srv/l", owner: 7), ["/srv/l", "uid 7", "link"]),
      (.linkToNothing("/mnt/y"), ["/mnt/y", "link"]),
    ] {
      let error = FileError(path: "/srv/x/handshake", doing: .open, cause: cause)
      let text = "\(error.what { $0 }): \(error.why { $0 }) \(error.remedy { $0 } ?? "")"
      #expect((["/srv/x/handshake"] + parts).allSatisfy { text.contains($0) }, "\(text)")
    }
  }

  @Test("a file is created with all its bytes or not at all, and never replaced by that")
  func create() throws {
    #expect(try directory.create("file", with: Array("first".utf8)))
    #expect(try !directory.create("file", with: Array("second".utf8)))
    #expect(try directory.contents(of: "file", limit: 10) == Array("first".utf8))
    let left = try #require(opendir(directory.path))
    defer { closedir(left) }
    var count = 0
    while readdir(left) != nil { count += 1 }
    // The file, `.` and `..`: no temporary name is left.
    #expect(count == 3)
  }

  @Test("a folder that can be searched but not listed serves for reading")
  func searchable() throws {
    try directory.replace("file", with: Array("x".utf8))
    chmod(directory.path, 0o311)
    defer { chmod(directory.path, 0o700) }
    let folder = try Directory.open(directory.path, creating: false, privacy: nil)
    #expect(try folder.contents(of: "file", limit: 10) == Array("x".utf8))
  }

  @Test("a temporary file that a killed process left does not stop the next replacement")
  func leftTemporary() throws {
    let left = directory.path + "/.file.\(getpid())"
    close(open(left, O_CREAT | O_WRONLY, 0o600))
    try directory.replace("file", with: Array("new".utf8))
    #expect(try directory.create("other", with: Array("new".utf8)))
    #expect(try directory.contents(of: "file", limit: 10) == Array("new".utf8))
    #expect(try directory.contents(of: "other", limit: 10) == Array("new".utf8))
  }

  @Test("a replacement that fails names the file, and leaves nothing behind")
  func failedReplacement() throws {
    mkdir(directory.path + "/folder", 0o700)
    mkdir(directory.path + "/folder/in", 0o700)
    let error = try #require(throws: FileError.self) { try directory.replace("folder", with: []) }
    #expect(error.path == directory.path + "/folder" && error.doing == .replace)
    var status = stat()
    #expect(lstat(directory.path + "/.folder.\(getpid())", &status) != 0)
  }

  @Test("reading stops at the limit")
  func limit() throws {
    try directory.replace("file", with: Array(repeating: 0x61, count: 11))
    #expect(
      try refusal { _ = try directory.contents(of: "file", limit: 10) } == .tooLarge(limit: 10))
  }

  @Test("a lock has one holder, until it is released")
  func lock() throws {
    let first = try directory.openOrCreate("lock", .readWrite).file
    let second = try directory.openOrCreate("lock", .readWrite).file
    #expect(try first.lock(waiting: false))
    #expect(try !second.lock(waiting: false))
    first.unlock()
    #expect(try second.lock(waiting: false))
  }

  @Test("no descriptor is inherited by a child")
  func closedOnExec() throws {
    let file = try directory.openOrCreate("file", .append).file
    #expect(fcntl(file.descriptor, F_GETFD) & FD_CLOEXEC != 0)
    #expect(fcntl(directory.descriptor, F_GETFD) & FD_CLOEXEC != 0)
  }
}
